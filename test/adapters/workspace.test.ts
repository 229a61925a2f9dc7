import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createWorkspace } from '../../src/adapters/workspace.ts'
import { absent, found, known } from '../../src/domain/reading.ts'
import { scratch } from './real-shell.ts'

function git(folder: string, ...words: string[]): string {
  const identity = ['-c', 'user.name=someone', '-c', 'user.email=someone@example.com']
  return execFileSync('git', [...identity, ...words], { cwd: folder, encoding: 'utf8' }).trim()
}

const workspaceAt = (cwd: string) =>
  createWorkspace({ cwd, temp: scratch(), access: { serverUrl: 'https://github.example', token: 'none' } })

test('the head of a checkout is its commit', async () => {
  const folder = scratch()
  git(folder, 'init', '--quiet')
  git(folder, 'commit', '--quiet', '--allow-empty', '--message', 'first')
  const head = known(await workspaceAt(folder).head())
  expect(head).toMatch(/^[0-9a-f]{40}$/)
  expect(head).toBe(git(folder, 'rev-parse', 'HEAD'))
})

test('a checkout without a commit, a folder without a checkout and no folder at all have no head', async () => {
  const folder = scratch()
  expect(await workspaceAt(folder).head()).toEqual(absent)
  expect(await workspaceAt(join(folder, 'missing')).head()).toEqual(absent)
  git(folder, 'init', '--quiet')
  expect(await workspaceAt(folder).head()).toEqual(absent)
})

test('the files of another commit are checked out beside it, and those of the head are where they are', async () => {
  const folder = scratch()
  git(folder, 'init', '--quiet')
  writeFileSync(join(folder, 'version'), 'one')
  git(folder, 'add', '.')
  git(folder, 'commit', '--quiet', '--message', 'first')
  const first = git(folder, 'rev-parse', 'HEAD')
  writeFileSync(join(folder, 'version'), 'two')
  git(folder, 'commit', '--quiet', '--all', '--message', 'second')
  const workspace = workspaceAt(folder)
  expect(await workspace.checkout(git(folder, 'rev-parse', 'HEAD'))).toEqual(found(folder))
  const other = known(await workspace.checkout(first))
  expect(readFileSync(join(other ?? '', 'version'), 'utf8')).toBe('one')
  expect(readFileSync(join(folder, 'version'), 'utf8')).toBe('two')
})

test('a commit that cannot be had is no folder', async () => {
  const folder = scratch()
  git(folder, 'init', '--quiet')
  git(folder, 'commit', '--quiet', '--allow-empty', '--message', 'first')
  expect(await workspaceAt(folder).checkout('0123456789012345678901234567890123456789')).toEqual(absent)
})

test('MM-04: files are found by patterns below the folder, in the order of their paths, and none outside of it', async () => {
  const folder = scratch()
  const inside = join(folder, 'inside')
  mkdirSync(join(inside, 'dist', 'deep'), { recursive: true })
  for (const path of ['dist/b.tar', 'dist/a.tar', 'dist/deep/c.tar', '../outside.tar'])
    writeFileSync(join(inside, path), path)
  const found = async (pattern: string) => {
    const files = await workspaceAt(inside).files(pattern)
    return Promise.all(files.map(async ({ path, content }) => `${path}: ${await content.text()}`))
  }
  expect(await found('dist/*.tar')).toEqual(['dist/a.tar: dist/a.tar', 'dist/b.tar: dist/b.tar'])
  expect(await found('**/c.tar')).toEqual(['dist/deep/c.tar: dist/deep/c.tar'])
  for (const pattern of ['dist', 'nothing']) expect(await found(pattern)).toEqual([])
  await expect(found('../*.tar')).rejects.toMatchObject({ code: 'input-invalid' })
})

describe('what a pattern of artifacts must not reach', () => {
  function aCheckout() {
    const folder = scratch()
    const inside = join(folder, 'inside')
    mkdirSync(join(inside, '.git'), { recursive: true })
    mkdirSync(join(inside, 'dist'))
    mkdirSync(join(folder, 'home'))
    writeFileSync(join(folder, 'home', 'id_rsa'), 'key')
    writeFileSync(join(inside, 'dist', 'shop.tar'), 'shop')
    writeFileSync(join(inside, '.git', 'config'), 'token')
    return { inside, home: join(folder, 'home') }
  }
  const refused = { code: 'input-invalid', what: expect.stringContaining('outside of the checkout') }

  test.each([
    ['a folder that is a link', 'linked', 'linked/*', ''],
    ['a link to a file', 'dist/id_rsa', 'dist/*', 'id_rsa'],
    ['a link within a linked folder', 'dist/deep', 'dist/deep/id_rsa', ''],
  ])('%s out of the checkout is refused F50', async (_, link, pattern, target) => {
    const { inside, home } = aCheckout()
    symlinkSync(join(home, target), join(inside, link))
    await expect(workspaceAt(inside).files(pattern)).rejects.toMatchObject(refused)
  })

  test('a path out of the checkout is refused, absolute or not F50', async () => {
    const { inside, home } = aCheckout()
    for (const pattern of [join(home, '*'), '../home/*', 'dist/../../home/id_rsa'])
      await expect(workspaceAt(inside).files(pattern)).rejects.toMatchObject(refused)
  })

  test.each(['.git/config', '**/config', '.git/*'])(
    "git's own files are none, by %s F50",
    async (pattern) => {
      const { inside } = aCheckout()
      const found = await workspaceAt(inside)
        .files(pattern)
        .catch(() => [])
      expect(found).toEqual([])
    },
  )

  test('a link to a file of the checkout is that file F50', async () => {
    const { inside } = aCheckout()
    symlinkSync('shop.tar', join(inside, 'dist', 'latest.tar'))
    mkdirSync(join(inside, 'site'))
    symlinkSync('../dist', join(inside, 'site', 'dist'))
    const paths = async (cwd: string) => (await workspaceAt(cwd).files('dist/*')).map(({ path }) => path)
    expect(await paths(inside)).toEqual(['dist/latest.tar', 'dist/shop.tar'])
    expect(await paths(join(inside, 'site'))).toEqual(['dist/latest.tar', 'dist/shop.tar'])
  })

  test('a link to itself and one to nothing are no files F50', async () => {
    const { inside } = aCheckout()
    symlinkSync('loop', join(inside, 'dist', 'loop'))
    symlinkSync('nothing', join(inside, 'dist', 'gone'))
    expect((await workspaceAt(inside).files('dist/*')).map(({ path }) => path)).toEqual(['dist/shop.tar'])
  })
})
