import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

/**
 * Returns the compiled files that another one imports for their effect and not for a name, as `sideEffects` of a package lists
 * them. A bundler leaves out every other file that no name is used of.
 */
export function importedForEffect(folder: string): readonly string[] {
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.js'))
    .flatMap((file) =>
      [...readFileSync(join(folder, file), 'utf8').matchAll(/^import '(\.[^']*)'/gm)].map(
        ([, named = '']) => `./${relative(folder, join(folder, dirname(file), named))}`,
      ),
    )
  return [...new Set(found)].toSorted()
}
