import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { ownVersion } from '../../src/entry/cli/init/version.ts'

const commit = '0123456789abcdef0123456789abcdef01234567'
const env = { PATH: process.env.PATH }

/** A folder that holds the program of a package, and the path of that program. */
function packageIn(parent: string, about: object = { name: 'rollgate', version: '0.2.0' }) {
  const root = join(parent, 'rollgate')
  mkdirSync(join(root, 'dist'), { recursive: true })
  writeFileSync(join(root, 'package.json'), JSON.stringify(about))
  writeFileSync(join(root, 'dist/cli.js'), '')
  return { root, program: join(root, 'dist/cli.js') }
}

function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'own-version-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

const fetchedBy = (resolved: unknown) =>
  JSON.stringify({ packages: { 'node_modules/rollgate': { resolved } } })

describe('the version that workflows name, as npm fetched the package', () => {
  test.each([
    [`git+ssh://git@github.com/rollgate/rollgate.git#${commit}`, `${commit} # rollgate 0.2.0`],
    [`git+file:///home/dora/rollgate#${commit}`, `${commit} # rollgate 0.2.0`],
    ['https://packages.example/rollgate/-/rollgate-0.2.0.tgz', 'v0'],
    [`git+ssh://git@github.com/rollgate/rollgate.git#${commit.slice(1)}`, 'v0'],
    [7, 'v0'],
  ])('resolved %s: %s', async (resolved, expected) => {
    const modules = aFolder()
    const { program } = packageIn(modules)
    writeFileSync(join(modules, '.package-lock.json'), fetchedBy(resolved))
    expect(await ownVersion(program, env)).toBe(expected)
  })

  test('by the link that npx starts: the commit is that of the package behind it', async () => {
    const modules = aFolder()
    const { program } = packageIn(modules)
    writeFileSync(join(modules, '.package-lock.json'), fetchedBy(`git+file:///rollgate#${commit}`))
    mkdirSync(join(modules, '.bin'))
    symlinkSync(program, join(modules, '.bin/rollgate'))
    expect(await ownVersion(join(modules, '.bin/rollgate'), env)).toBe(`${commit} # rollgate 0.2.0`)
  })

  test.each([
    ['another package', { name: 'shop', version: '1.0.0' }],
    ['a package without a name', {}],
  ])('%s: the major tag', async (_, about) => {
    const modules = aFolder()
    const { program } = packageIn(modules, about)
    writeFileSync(join(modules, '.package-lock.json'), fetchedBy(`git+file:///rollgate#${commit}`))
    expect(await ownVersion(program, env)).toBe('v0')
  })

  test('a program that is gone, or was never named: the major tag', async () => {
    expect([await ownVersion(join(aFolder(), 'cli.js'), env), await ownVersion(undefined, env)]).toEqual([
      'v0',
      'v0',
    ])
  })
})

describe('the version that workflows name, in a clone', () => {
  function aClone() {
    const folder = aFolder()
    const { root, program } = packageIn(folder)
    const git = (...words: readonly string[]): string =>
      execFileSync('git', ['-c', 'user.name=Dora', '-c', 'user.email=dora@example.com', ...words], {
        cwd: root,
        encoding: 'utf8',
      }).trim()
    git('init', '--quiet', '--initial-branch', 'main')
    git('add', '--all')
    git('commit', '--quiet', '--message', 'Begin')
    execFileSync('git', ['init', '--quiet', '--bare', join(folder, 'origin.git')])
    git('remote', 'add', 'origin', join(folder, 'origin.git'))
    return { folder, root, program, git }
  }

  test('its commit is pushed: that commit; a later one that is not: the major tag', async () => {
    const { program, git } = aClone()
    git('push', '--quiet', 'origin', 'main')
    expect(await ownVersion(program, env)).toBe(`${git('rev-parse', 'HEAD')} # rollgate 0.2.0`)
    git('commit', '--quiet', '--allow-empty', '--message', 'Only here')
    expect(await ownVersion(program, env)).toBe('v0')
  })

  test('nothing was pushed: the major tag', async () => {
    expect(await ownVersion(aClone().program, env)).toBe('v0')
  })

  test("the package lies in the clone of a user's own: its commit is not taken", async () => {
    const { root, git } = aClone()
    git('push', '--quiet', 'origin', 'main')
    const { program } = packageIn(join(root, 'node_modules'))
    expect(await ownVersion(program, env)).toBe('v0')
  })
})
