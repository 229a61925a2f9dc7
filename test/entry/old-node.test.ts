import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { scratch } from '../adapters/real-shell.ts'

/** Runs a file on a Node.js that says that it is 20. */
function onOldNode(...words: readonly string[]) {
  const pretend =
    "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } })"
  const old = ['--import', `data:text/javascript,${encodeURIComponent(pretend)}`]
  const { INPUT_COMMAND: _none, ...env } = process.env
  return spawnSync(process.execPath, [...old, ...words], { encoding: 'utf8', env })
}

test('the bundle on an old Node.js says what it needs, and loads nothing else F39', () => {
  const { status, stdout, stderr } = onOldNode('src/entry/main.ts')
  expect({ status, stderr }).toEqual({ status: 1, stderr: '' })
  expect(stdout.trimEnd().split('\n')).toEqual([
    'Rollgate: deploy',
    '::error title=Node.js 24 is needed::Rollgate runs on Node.js 24, and this is 20.20.2: use a runner of version 2.327.1 or newer, or start it with Node.js 24.',
  ])
})

/** Takes away the built-ins that came after Node.js 20, which the command line must run without. */
const asNode20 = `
for (const [owner, ...names] of [
  [Map, 'groupBy'], [Object, 'groupBy'], [Promise, 'withResolvers', 'try'], [Array, 'fromAsync'], [RegExp, 'escape'],
  [Set.prototype, 'union', 'intersection', 'difference', 'symmetricDifference', 'isSubsetOf', 'isSupersetOf', 'isDisjointFrom'],
  [Iterator.prototype, 'map', 'filter', 'take', 'drop', 'flatMap', 'reduce', 'toArray', 'forEach', 'some', 'every', 'find'],
]) for (const name of names) delete owner[name]`

test.each(['src/entry/cli.ts', 'dist/cli.js'])('%s needs no built-in that came after Node.js 20', (file) => {
  const folder = scratch()
  spawnSync('git', ['init', '--quiet'], { cwd: folder })
  writeFileSync(
    join(folder, 'rollgate.yml'),
    'version: 1\nenvironments: { production: { class: prod, clas: 1 } }\n',
  )
  const cli = fileURLToPath(new URL(`../../${file}`, import.meta.url))
  const preload = `data:text/javascript,${encodeURIComponent(asNode20)}`
  const words = ['--import', preload, cli, 'check', 'rollgate.yml']
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { cwd: folder, encoding: 'utf8' })
  expect({ status, stderr }).toEqual({ status: 1, stderr: '' })
  expect(stdout).toContain('clas')
})

test('a script on an old Node.js says how to get the right one F39', () => {
  const { status, stdout, stderr } = onOldNode('scripts/on-node.js', 'src/sandbox/try.ts')
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
  expect(stderr).toBe(
    'This needs Node.js 24, and 20.20.2 runs it: run "npm ci", which brings Node.js 24 along, or install Node.js 24.\n',
  )
})

test('a script is run with its own words F39', () => {
  const run = spawnSync(process.execPath, ['scripts/on-node.js', 'scripts/generate.ts', '--check'], {
    encoding: 'utf8',
  })
  expect(run).toMatchObject({ status: 0, stderr: '' })
})
