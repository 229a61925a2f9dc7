import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { compare } from '../../src/sandbox/github/store/ancestry.ts'
import { writeCommit } from '../../src/sandbox/github/store/commits.ts'
import { type Git, initBareRepository } from '../../src/sandbox/github/store/git.ts'
import { writeObject } from '../../src/sandbox/github/store/objects.ts'
import {
  createReference,
  listReferences,
  moveReference,
  readReference,
} from '../../src/sandbox/github/store/references.ts'
import { seeding } from '../../src/sandbox/github/store/seed.ts'
import { readTree, writeTree } from '../../src/sandbox/github/store/trees.ts'

async function aRepository() {
  const folder = mkdtempSync(join(tmpdir(), 'rollgate-repository-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const repository = await initBareRepository(folder, 'main')
  const git = (...words: string[]) =>
    execFileSync('git', ['--git-dir', folder, ...words], { encoding: 'utf8', stdio: 'pipe' }).trim()
  return { repository, git, folder, ...seeding(repository) }
}

const segment = fc.constantFrom('a', 'a.b', 'a-b', 'b', 'ä')
const paths = fc.array(segment, { minLength: 1, maxLength: 3 }).map((segments) => segments.join('/'))

/** As git lists a tree: mode, kind, SHA, size, path. */
const listed = async (repository: Git, tree: string) =>
  (await readTree(repository, tree, true)).map(
    ({ mode, kind, sha, size, path }) => `${mode} ${kind} ${sha} ${size ?? '-'}\t${path}`,
  )

test('whatever files are laid over others, the tree is the one that git makes, and reads as git reads it', async () => {
  const { repository, git, folder } = await aRepository()
  const index = join(folder, 'an-index')
  const gitsTree = (changes: readonly [string, string | null][]) => {
    rmSync(index, { force: true })
    const env = { ...process.env, GIT_INDEX_FILE: index, GIT_DIR: folder }
    const words = ['update-index', '--add', '--replace', '--index-info']
    const lines = changes.map(
      ([path, sha]) => `${sha === null ? 0 : 100644} ${sha ?? '0'.repeat(40)}\t${path}\n`,
    )
    execFileSync('git', words, { env, input: lines.join('') })
    return execFileSync('git', ['write-tree'], { env, encoding: 'utf8' }).trim()
  }
  const changes = fc.array(fc.tuple(paths, fc.option(fc.constantFrom('1', '2'))), {
    minLength: 1,
    maxLength: 8,
  })
  await fc.assert(
    fc.asyncProperty(changes, changes, async (first, then) => {
      const shas = (some: typeof first): [string, string | null][] =>
        some.map(([path, text]) => [path, text === null ? null : writeObject(repository, 'blob', text)])
      const laid = (some: typeof first) => shas(some).map(([path, sha]) => ({ path, mode: '100644', sha }))
      const tree = await writeTree(
        repository,
        await writeTree(repository, undefined, laid(first)),
        laid(then),
      )
      expect(tree).toBe(gitsTree([...shas(first), ...shas(then)]))
      const gits = git('-c', 'core.quotePath=false', 'ls-tree', '-r', '-t', '-l', tree).split('\n')
      const lines = gits.filter(Boolean).map((line) => line.replace(/ +/g, ' '))
      expect(await listed(repository, tree)).toEqual(lines)
    }),
    { numRuns: 25 },
  )
  expect(git('fsck', '--strict')).not.toMatch(/error|missing/)
})

test('a write of a git client is seen at once, also where it packs everything', async () => {
  const { repository, git, commit } = await aRepository()
  const [one, two] = [await commit('main', { a: '1' }, 'One'), await commit('main', { a: '2' }, 'Two')]
  git('update-ref', 'refs/heads/side', one)
  expect((await readReference(repository, 'refs/heads/side'))?.sha).toBe(one)
  git('tag', '--annotate', '-m', 'v1', 'v1', two)
  git('gc', '--quiet')
  expect((await listReferences(repository, 'refs/tags/')).map(({ kind }) => kind)).toEqual(['tag'])
  expect(await moveReference(repository, 'refs/heads/side', two, false)).toBe('moved')
  expect(await createReference(repository, 'refs/heads/side', one)).toBe(false)
  expect(git('rev-parse', 'side')).toBe(two)
  git('update-ref', '-d', 'refs/heads/side')
  expect(await readReference(repository, 'refs/heads/side')).toBeUndefined()
})

test('a reference whose lock a git client holds does not move under it', async () => {
  const { repository, commit, folder } = await aRepository()
  const [one, two] = [await commit('main', { a: '1' }, 'One'), await commit('next', { a: '2' }, 'Two')]
  writeFileSync(join(folder, 'refs/heads/main.lock'), '')
  await expect(moveReference(repository, 'refs/heads/main', two, true)).rejects.toThrow('does not let')
  expect((await readReference(repository, 'refs/heads/main'))?.sha).toBe(one)
  expect((await listReferences(repository, '')).map(({ name }) => name)).toEqual([
    'refs/heads/main',
    'refs/heads/next',
  ])
})

test('a name that is in the way of another one, or leads out of the references, is refused', async () => {
  const { repository, commit } = await aRepository()
  const sha = await commit('main', { a: '1' }, 'One')
  for (const name of [
    'refs/heads/main/below',
    'refs/heads',
    'refs/heads/../../config',
    'refs/heads/main.lock',
  ])
    expect(await createReference(repository, name, sha), name).toBe(false)
  expect(await readReference(repository, 'refs/heads/../heads/main')).toBeUndefined()
})

test('histories are compared as git compares them, also where branches were merged', async () => {
  const { repository, git, commit, branch } = await aRepository()
  const root = await commit('main', { a: '0' }, 'Root')
  await branch('side', root)
  const [main, side] = [await commit('main', { a: '1' }, 'One'), await commit('side', { b: '1' }, 'Side')]
  const tree = git('rev-parse', 'main^{tree}')
  const author = { name: 'Ada', email: 'ada@example.com', date: '2026-01-05T10:00:00Z' }
  const merge = { tree, parents: [main, side], author, committer: author, message: 'Merge\n' }
  const merged = writeCommit(repository, merge)
  const all = [root, main, side, merged]
  for (const base of all)
    for (const head of all) {
      const commits = git('rev-list', '--reverse', '--topo-order', `${base}..${head}`)
        .split('\n')
        .filter(Boolean)
      expect(await compare(repository, base, head)).toEqual({
        mergeBase: git('merge-base', base, head),
        aheadBy: commits.length,
        behindBy: Number(git('rev-list', '--count', `${head}..${base}`)),
        commits,
      })
    }
})
