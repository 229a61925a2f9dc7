import { readdirSync, readFileSync, statSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'

const ofRoot = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
const manifest: { scripts: Record<string, string>; bin: Record<string, string>; files: string[] } =
  JSON.parse(ofRoot('package.json'))

test('the description of the action fits the Marketplace, which takes fewer than 125 characters', () => {
  const { name, description, branding } = parse(ofRoot('action.yml'))
  expect(description.length).toBeLessThan(125)
  expect({ name, branding }).toEqual({
    name: 'Rollgate',
    branding: { icon: expect.any(String), color: expect.any(String) },
  })
})

test('the bundle has at most 1.6 MB, and the files that load it at most 3 KB', () => {
  const size = (file: string) => statSync(new URL(`../dist/${file}`, import.meta.url)).size
  expect(size('door.js')).toBeLessThanOrEqual(1_600_000)
  for (const first of ['index.js', 'cli.js']) expect(size(first)).toBeLessThanOrEqual(3_000)
})

/** For a package from git with one of these scripts, npm installs the development dependencies before anything runs. */
const preparing = ['build', 'prepare', 'prepack', 'preinstall', 'install', 'postinstall']

test('npx from git installs the package alone: no script prepares it, and it depends on nothing', () => {
  expect(Object.keys(manifest.scripts).filter((name) => preparing.includes(name))).toEqual([])
  for (const key of ['dependencies', 'optionalDependencies', 'peerDependencies', 'workspaces'])
    expect(manifest).not.toHaveProperty(key)
  expect(manifest).toMatchObject({ bin: { rollgate: 'dist/cli.js' }, files: ['dist'] })
})

test('every script that needs the Node.js of the project asks for it first F39', () => {
  const others = { typecheck: /^tsc /, lint: /^biome /, format: /^biome / } as Record<string, RegExp>
  for (const [name, line] of Object.entries(manifest.scripts))
    expect(line, name).toMatch(others[name] ?? /^node scripts\/on-node\.js /)
})

test('the sources call Octokit as `rest.scope.method`: the bundle keeps the endpoints that it sees alone', () => {
  const folder = new URL('../src/adapters/github/', import.meta.url)
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  )
  const hidden = files.flatMap((file) => {
    const text = readFileSync(new URL(file, folder), 'utf8').replace('octokit.rest', '')
    return [...text.matchAll(/(?:\.rest|= rest)\b(?!\.\w+\.\w).*/g)].map(([line]) => `${file}: ${line}`)
  })
  expect(hidden).toEqual([])
})
