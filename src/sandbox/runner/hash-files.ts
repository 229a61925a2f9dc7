import { createHash } from 'node:crypto'
import { globSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** The digest over the digests of the matching files of a folder; empty if no file matches. */
export function hashFiles(folder: string, patterns: readonly string[]): string {
  const exclude = patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1))
  const found = globSync(
    patterns.filter((pattern) => !pattern.startsWith('!')),
    { cwd: folder, exclude },
  )
  const files = found.filter((file) => statSync(join(folder, file)).isFile()).toSorted()
  if (files.length === 0) return ''
  const whole = createHash('sha256')
  for (const file of files)
    whole.update(
      createHash('sha256')
        .update(readFileSync(join(folder, file)))
        .digest(),
    )
  return whole.digest('hex')
}
