import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
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
import { minify } from 'rolldown/experimental'
import { dropMeanings } from './bundle/drop-meanings.ts'
import { dropRemarks } from './bundle/drop-remarks.ts'
import { importedForEffect } from './bundle/effects.ts'
import { packData } from './bundle/packed-data.ts'
import { slimPackages } from './bundle/slim-packages.ts'

/**
 * Builds the action into a folder, `dist` by default: `index.js` is what a runner starts and `cli.js` what a
 * terminal does; both load `door.js`, in which everything else is. The same sources give the same bytes in any folder.
 */
const root = fileURLToPath(new URL('..', import.meta.url))
const target = resolve(process.argv[2] ?? join(root, 'dist'))
const compiled = join(root, 'build', 'js')

// ncc reads JavaScript: its own TypeScript loader does not know the compiler of today.
rmSync(compiled, { recursive: true, force: true })
program('tsc', '--project', 'tsconfig.build.json')
writeFileSync(
  join(compiled, 'package.json'),
  JSON.stringify({ type: 'module', sideEffects: importedForEffect(compiled) }),
)
await slimPackages(root, compiled)
dropMeanings(join(compiled, 'src/inputs'))
dropRemarks(join(compiled, 'src/adapters/ssh/driver.js'))
packData(join(compiled, 'src'))

// The files are made beside the target and moved over it one by one, so that a bundle that runs meanwhile reads
// old or new files, never half of one.
mkdirSync(target, { recursive: true })
const fresh = mkdtempSync(join(dirname(target), '.bundle-'))
const packed = join(compiled, 'packed')
program(
  'ncc',
  'build',
  join(compiled, 'src/entry/run/bundle.js'),
  '--out',
  packed,
  '--license',
  'licenses.txt',
  '--no-cache',
)
// ncc's own minifier only shortens names: the bundle is a quarter larger by it.
const door = readFileSync(join(packed, 'index.js'), 'utf8')
writeFileSync(join(fresh, 'door.js'), (await minify('door.js', door, { module: true })).code)
for (const [from, to] of [
  ['main', 'index'],
  ['cli', 'cli'],
] as const)
  writeFileSync(join(fresh, `${to}.js`), entry(readFileSync(join(compiled, `src/entry/${from}.js`), 'utf8')))
writeFileSync(join(fresh, 'package.json'), '{ "type": "module" }\n')
copyFileSync(join(packed, 'licenses.txt'), join(fresh, 'licenses.txt'))

const files = readdirSync(fresh)
for (const stale of readdirSync(target))
  if (!files.includes(stale)) rmSync(join(target, stale), { recursive: true })
for (const file of files) renameSync(join(fresh, file), join(target, file))
rmSync(fresh, { recursive: true })
rmSync(compiled, { recursive: true })

/** Runs a program of this checkout: another version of it would give other bytes. Throws with its words if it fails. */
function program(name: string, ...words: readonly string[]): void {
  const path = join(root, 'node_modules/.bin', name)
  const { status, stdout, stderr } = spawnSync(path, words, { cwd: root, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${name} ended with ${status}:\n${stdout}${stderr}`)
}

/** Returns the first file that runs, which finds the bundle beside itself. */
function entry(text: string): string {
  const [before, after, ...more] = text.split("'./run/bundle.js'")
  if (before === undefined || after === undefined || more.length > 0)
    throw new Error('A first file is to load src/entry/run/bundle.ts at one place')
  return `${before}'./door.js'${after}`
}
