import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findGit } from '../../src/adapters/git/program.ts'
import { createWorkspace, type WorkspaceOptions } from '../../src/adapters/workspace.ts'
import { absent, found, known } from '../../src/domain/reading.ts'
import { workspaceContract } from '../contracts/workspace.contract.ts'
import { createMemoryWorkspace } from '../fakes/memory-workspace.ts'
import { scratch } from './real-shell.ts'

function git(folder: string, ...words: string[]): string {
  const identity = ['-c', 'user.name=someone', '-c', 'user.email=someone@example.com']
  return execFileSync('git', [...identity, ...words], { cwd: folder, encoding: 'utf8' }).trim()
}

const workspaceAt = (cwd: string, change: Partial<WorkspaceOptions> = {}) =>
  createWorkspace({
    workspace: cwd,
    cwd,
    temp: scratch(),
    repository: 'acme/shop',
    access: { serverUrl: 'https://github.example', token: 'none' },
    ...change,
  })

/** A repository with two commits, the second checked out, and a folder `app` in both. */
function aCheckout(folder = scratch(), prefix = '') {
  mkdirSync(folder, { recursive: true })
  git(folder, 'init', '--quiet')
  mkdirSync(join(folder, 'app'), { recursive: true })
  const commit = (text: string): string => {
    writeFileSync(join(folder, 'app', 'version'), `${prefix}${text}`)
    git(folder, 'add', '.')
    git(folder, 'commit', '--quiet', '--message', text)
    return git(folder, 'rev-parse', 'HEAD')
  }
  return { folder, first: commit('one'), second: commit('two') }
}

const unclear = (what: RegExp) => ({
  kind: 'unknown',
  why: { code: 'checkout-unknown', what: expect.stringMatching(what) },
})

workspaceContract('git', {
  checkedOut() {
    const { folder, first, second } = aCheckout()
    return { workspace: workspaceAt(folder), first, second }
  },
  empty: () => workspaceAt(scratch()),
  unclear: () => workspaceAt(aCheckout().folder, { git: null }),
})

workspaceContract('the fake', {
  checkedOut() {
    const [first, second] = ['a'.repeat(40), 'b'.repeat(40)]
    const workspace = createMemoryWorkspace(second)
    workspace.state.gone.add('0123456789012345678901234567890123456789')
    return { workspace, first, second }
  },
  empty: () => createMemoryWorkspace(null),
  unclear() {
    const workspace = createMemoryWorkspace('b'.repeat(40))
    workspace.state.unknown = { code: 'checkout-unknown', what: 'git failed', why: '', next: '' }
    return workspace
  },
})

describe('the checkout that commands run in', () => {
  test('no folder at all is nothing checked out, and a repository without a commit is not known', async () => {
    const folder = scratch()
    expect(await workspaceAt(folder, { cwd: join(folder, 'missing') }).head()).toEqual(absent)
    git(folder, 'init', '--quiet')
    expect(await workspaceAt(folder).head()).toMatchObject(unclear(/unknown revision/))
  })

  test('a folder of it has its commit, and the same folder of another commit', async () => {
    const { folder, first, second } = aCheckout()
    const workspace = workspaceAt(folder, { cwd: join(folder, 'app') })
    expect(await workspace.head()).toEqual(found(second))
    expect(await workspace.checkout(second)).toEqual(found(join(folder, 'app')))
    const other = known(await workspace.checkout(first)) ?? ''
    expect(readFileSync(join(other, 'version'), 'utf8')).toBe('one')
    expect(readFileSync(join(folder, 'app', 'version'), 'utf8')).toBe('two')
  })

  test.runIf(process.getuid?.() === 0)('one of another user is read all the same F03 F42', async () => {
    const { folder, first, second } = aCheckout()
    giveAway(folder)
    expect(() => git(folder, 'rev-parse', 'HEAD')).toThrow(/dubious ownership/)
    const workspace = workspaceAt(folder)
    expect(await workspace.head()).toEqual(found(second))
    expect(readFileSync(join(known(await workspace.checkout(first)) ?? '', 'app', 'version'), 'utf8')).toBe(
      'one',
    )
  })

  test('without git what is checked out is unknown, and without a repository it is absent F42', async () => {
    const { folder } = aCheckout()
    expect(await workspaceAt(folder, { git: null }).head()).toMatchObject(unclear(/git is not installed/))
    renameSync(join(folder, '.git'), join(folder, 'moved'))
    expect(await workspaceAt(folder, { git: null }).head()).toEqual(absent)
  })

  test('a folder outside of the workspace is unknown, whether named by dots, from the root or through a link F42', async () => {
    const outside = aCheckout().folder
    const { folder } = aCheckout(join(scratch(), 'inside'))
    symlinkSync(join(outside, 'app'), join(folder, 'link'))
    for (const cwd of [join(folder, '..'), outside, join(folder, 'link')])
      expect(await workspaceAt(folder, { cwd }).head()).toMatchObject(unclear(/leads out of the workspace/))
  })

  test('a repository above the workspace is not the one that is checked out F42', async () => {
    const { folder } = aCheckout()
    expect(await workspaceAt(join(folder, 'app')).head()).toEqual(absent)
  })

  test('a repository in a folder of it answers for itself F42', async () => {
    const { folder, second } = aCheckout()
    const nested = aCheckout(join(folder, 'app', 'nested'), 'nested ')
    const workspace = workspaceAt(folder, { cwd: nested.folder })
    expect(await workspace.head()).toEqual(found(nested.second))
    expect(nested.second).not.toBe(second)
  })

  test('a commit that a repository only names is not checked out F42', async () => {
    const { folder } = aCheckout()
    writeFileSync(join(folder, '.git', 'HEAD'), `${'a'.repeat(40)}\n`)
    expect(await workspaceAt(folder).head()).toMatchObject(unclear(/fatal|error/))
  })

  test('data of git outside of the workspace is believed in no way that leads there F42', async () => {
    const other = aCheckout().folder
    const byFile = scratch()
    writeFileSync(join(byFile, '.git'), `gitdir: ${join(other, '.git')}\n`)
    const byLink = scratch()
    symlinkSync(join(other, '.git'), join(byLink, '.git'))
    const broken = scratch()
    writeFileSync(join(broken, '.git'), 'nothing of the kind\n')
    for (const folder of [byFile, byLink, broken])
      expect(await workspaceAt(folder).head()).toMatchObject(unclear(/outside of the workspace/))
    const elsewhere = aCheckout().folder
    git(elsewhere, 'config', 'core.worktree', other)
    expect(await workspaceAt(elsewhere).head()).toMatchObject(unclear(/its files are in|work tree/))
  })

  test('variables of git in the job name no other repository F42', async () => {
    const [here, other] = [aCheckout(), aCheckout()]
    const set = {
      GIT_DIR: join(other.folder, '.git'),
      GIT_WORK_TREE: other.folder,
      GIT_OBJECT_DIRECTORY: join(other.folder, '.git', 'objects'),
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'core.worktree',
      GIT_CONFIG_VALUE_0: other.folder,
    }
    const workspace = workspaceAt(here.folder, { env: { ...process.env, ...set } })
    expect(await workspace.head()).toEqual(found(here.second))
    const folder = known(await workspace.checkout(here.first)) ?? ''
    expect(git(folder, 'rev-parse', 'HEAD')).toBe(here.first)
  })

  test('a commit that cannot be fetched is unknown each time, and asked for again F03', async () => {
    const { folder, first } = aCheckout()
    const shallow = scratch()
    git(shallow, 'clone', '--quiet', '--depth=1', `file://${folder}`, '.')
    const origin = `${folder}-away`
    renameSync(folder, origin)
    const workspace = workspaceAt(shallow, { second: 1 })
    expect(await workspace.checkout(first)).toMatchObject(unclear(/could not be fetched/))
    renameSync(origin, folder)
    git(folder, 'config', 'uploadpack.allowAnySHA1InWant', 'true')
    expect(readFileSync(join(known(await workspace.checkout(first)) ?? '', 'app', 'version'), 'utf8')).toBe(
      'one',
    )
  })
})

describe('our own git', () => {
  const systemGit = findGit({ path: process.env.PATH, foreign: [] })

  /** A program called git that writes its environment down. */
  function aSpy(folder: string): { readonly bin: string; readonly said: string } {
    const bin = join(folder, 'bin')
    mkdirSync(bin, { recursive: true })
    const said = join(folder, 'said')
    writeFileSync(join(bin, 'git'), `#!/bin/sh\nenv >> ${said}\nexec ${systemGit} "$@"\n`)
    chmodSync(join(bin, 'git'), 0o755)
    return { bin, said }
  }

  test('none that a release laid first on PATH is run F43', async () => {
    const { folder, second } = aCheckout()
    const { bin, said } = aSpy(folder)
    const env = { ...process.env, PATH: `${bin}:${process.env.PATH}` }
    expect(await workspaceAt(folder, { env }).head()).toEqual(found(second))
    expect(existsSync(said)).toBe(false)
    expect(findGit({ path: bin, foreign: [folder], folders: [] })).toBeNull()
    expect(findGit({ path: bin, foreign: [], folders: [] })).toBe(join(bin, 'git'))
    expect(findGit({ path: 'bin:.', foreign: [], folders: [] })).toBeNull()
  })

  test('sees no secret of the job, and the token only where it may have to fetch F43', async () => {
    const { folder, first } = aCheckout()
    const { bin, said } = aSpy(scratch())
    const env = { ...process.env, ROLLGATE_ENV: 'PASSWORD=s3cret', PASSWORD: 's3cret', GITHUB_TOKEN: 't0ken' }
    const access = { serverUrl: 'https://github.example', token: 't0ken' }
    const workspace = workspaceAt(folder, { env, git: join(bin, 'git'), access })
    await workspace.head()
    expect(readFileSync(said, 'utf8')).toContain('GIT_TERMINAL_PROMPT=0')
    expect(readFileSync(said, 'utf8')).not.toMatch(/s3cret|t0ken|AUTHORIZATION/)
    await workspace.checkout(first)
    expect(readFileSync(said, 'utf8')).not.toMatch(/s3cret|t0ken/)
  })

  test('runs no hook of the repository F43', async () => {
    const { folder, first } = aCheckout()
    const hook = join(folder, '.git', 'hooks', 'post-checkout')
    writeFileSync(hook, `#!/bin/sh\ntouch ${join(folder, 'ran')}\n`)
    chmodSync(hook, 0o755)
    expect((await workspaceAt(folder).checkout(first)).kind).toBe('found')
    expect(existsSync(join(folder, 'ran'))).toBe(false)
  })
})

test('files are found by patterns below the folder, in the order of their paths, and none outside of it MM-04', async () => {
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

describe('paths that a pattern of artifacts must not reach', () => {
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

/** Everything in a folder to another user. */
function giveAway(folder: string): void {
  execFileSync('chown', ['-R', '12345:12345', folder])
}

describe('the files of a commit where nothing is checked out', () => {
  const bare = () => {
    const { folder, first, second } = aCheckout()
    const server = scratch()
    git(server, 'clone', '--quiet', '--bare', folder, join(server, 'acme', 'shop'))
    git(join(server, 'acme', 'shop'), 'config', 'uploadpack.allowAnySHA1InWant', 'true')
    const access = { serverUrl: `file://${server}`, token: 'none' }
    return { workspace: workspaceAt(scratch(), { access, repository: 'acme/shop' }), first, second }
  }

  test('are fetched by themselves, once', async () => {
    const { workspace, first } = bare()
    expect(await workspace.head()).toEqual(absent)
    const folder = known(await workspace.apart(first)) ?? ''
    expect(readFileSync(join(folder, 'app', 'version'), 'utf8')).toBe('one')
    expect(known(await workspace.apart(first))).toBe(folder)
  })

  test('are unknown where the server has no such commit', async () => {
    const { workspace } = bare()
    expect(await workspace.apart('0'.repeat(40))).toMatchObject(unclear(/could not be fetched/))
  })
})
