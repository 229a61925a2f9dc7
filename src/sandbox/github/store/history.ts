import { type Git, GitFailure } from './git.ts'
import { hasObject, isFullSha } from './objects.ts'

export interface HistoryComparison {
  readonly mergeBase: string
  readonly aheadBy: number
  readonly behindBy: number
  /** SHAs that head has and base has not, oldest first. */
  readonly commits: readonly string[]
}

export interface FileChange {
  readonly path: string
  readonly status: 'added' | 'removed' | 'modified' | 'changed'
  /** The blob after the change; before it, when the file was removed. */
  readonly sha: string
  readonly additions: number
  readonly deletions: number
}

/**
 * The commit that a SHA, a branch, a tag (`v1`, `tags/v1`, `refs/tags/v1`) or any other reference stands for;
 * annotated tags are peeled. A branch goes before a tag of the same name.
 */
export async function resolveCommit(git: Git, ref: string): Promise<string | undefined> {
  if (await hasObject(git, ref, 'commit')) return ref
  for (const candidate of candidates(ref)) {
    const sha = await quietly(git, ['rev-parse', '--verify', '--quiet', `${candidate}^{commit}`])
    if (sha !== undefined) return sha
  }
  return undefined
}

function candidates(ref: string): string[] {
  if (isFullSha(ref)) return [ref]
  if (/[\s~^:?*[\\]|\.\.|@\{/.test(ref) || ref === '') return []
  if (ref.startsWith('refs/')) return [ref]
  const abbreviated = /^[0-9a-f]{7,39}$/.test(ref) ? [ref] : []
  return [`refs/heads/${ref}`, `refs/tags/${ref}`, `refs/${ref}`, ...abbreviated]
}

/** Undefined when the two have no common ancestor. */
export async function compare(git: Git, base: string, head: string): Promise<HistoryComparison | undefined> {
  const mergeBase = await quietly(git, ['merge-base', base, head])
  if (mergeBase === undefined) return undefined
  const commits = lines(await git.text(['rev-list', '--reverse', '--topo-order', `${base}..${head}`]))
  const behindBy = Number(await git.text(['rev-list', '--count', `${head}..${base}`]))
  return { mergeBase, aheadBy: commits.length, behindBy, commits }
}

/** Returns the changes between two trees, or since an empty tree when there is no base. */
export async function changedFiles(git: Git, base: string | undefined, head: string): Promise<FileChange[]> {
  const between = base === undefined ? ['--root', head] : [base, head]
  const args = ['diff-tree', '-r', '-z', '--no-commit-id', '--no-renames', '--abbrev=40']
  const raw = fields(await git.text([...args, '--raw', ...between]))
  const counts = countsByPath(fields(await git.text([...args, '--numstat', ...between])))
  const changes: FileChange[] = []
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const [, , before = '', after = '', letter = ''] = (raw[index] ?? '').split(' ')
    const path = raw[index + 1] ?? ''
    const [additions, deletions] = counts.get(path) ?? [0, 0]
    changes.push({
      path,
      status: statusOf(letter),
      sha: letter === 'D' ? before : after,
      additions,
      deletions,
    })
  }
  return changes
}

function statusOf(letter: string): FileChange['status'] {
  if (letter === 'A') return 'added'
  if (letter === 'D') return 'removed'
  return letter === 'M' ? 'modified' : 'changed'
}

/** A binary file counts `-`, which GitHub reports as 0. */
function countsByPath(numstat: readonly string[]): Map<string, [number, number]> {
  return new Map(
    numstat.map((field) => {
      const [additions = '', deletions = '', path = ''] = field.split('\t')
      return [path, [Number(additions) || 0, Number(deletions) || 0]]
    }),
  )
}

const fields = (text: string) => text.split('\0').filter(Boolean)
const lines = (text: string) => text.split('\n').filter(Boolean)

async function quietly(git: Git, args: readonly string[]): Promise<string | undefined> {
  try {
    return await git.text(args)
  } catch (error) {
    if (error instanceof GitFailure) return undefined
    throw error
  }
}
