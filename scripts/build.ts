import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

/**
 * Bundles the action into a folder, `dist` by default: `index.js` says the first line, then loads `door.js`. The
 * same sources give the same bytes in any folder.
 */
const root = fileURLToPath(new URL('..', import.meta.url))
const target = resolve(process.argv[2] ?? join(root, 'dist'))

// The files are made beside the target and moved over it one by one, so that a bundle that runs meanwhile reads
// old or new files, never half of one.
mkdirSync(target, { recursive: true })
const fresh = mkdtempSync(join(dirname(target), '.bundle-'))
const bundle = await rolldown({ cwd: root, input: 'src/entry/main.ts', platform: 'node' })
const { output } = await bundle.write({
  dir: fresh,
  format: 'esm',
  minify: true,
  entryFileNames: 'index.js',
  chunkFileNames: '[name].js',
})
writeFileSync(join(fresh, 'package.json'), '{ "type": "module" }\n')
writeFileSync(
  join(fresh, 'licenses.txt'),
  licenses(output.flatMap((file) => ('moduleIds' in file ? file.moduleIds : []))),
)

const files = readdirSync(fresh)
for (const stale of readdirSync(target))
  if (!files.includes(stale)) rmSync(join(target, stale), { recursive: true })
for (const file of files) renameSync(join(fresh, file), join(target, file))
rmSync(fresh, { recursive: true })

/** The licence of every package in the bundle: code that ships without its source ships with its terms. */
function licenses(modules: readonly string[]): string {
  const packages = new Map<string, string>()
  for (const module of modules) {
    const folder = packageOf(module)
    if (folder !== null) packages.set(folder.slice(folder.lastIndexOf('node_modules/') + 13), folder)
  }
  return [...packages]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, folder]) => `${name}\n${'-'.repeat(name.length)}\n${licenseIn(folder)}\n`)
    .join('\n')
}

function packageOf(module: string): string | null {
  if (!module.includes('node_modules/')) return null
  for (let folder = dirname(module); folder.includes('node_modules/'); folder = dirname(folder))
    if (existsSync(join(folder, 'package.json')) && 'name' in manifestOf(folder)) return folder
  return null
}

function manifestOf(folder: string): { license?: string; name?: string } {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
}

function licenseIn(folder: string): string {
  const file = ['LICENSE', 'LICENSE.md', 'license', 'LICENSE.txt', 'license.md'].find((name) =>
    existsSync(join(folder, name)),
  )
  return file === undefined
    ? `${manifestOf(folder).license ?? 'no licence named'}\n`
    : readFileSync(join(folder, file), 'utf8').trim()
}
