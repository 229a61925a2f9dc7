import { readTag } from './commits.ts'
import { type Git, GitFailure } from './git.ts'
import { isFullSha, readObject } from './objects.ts'
import { readReference } from './references.ts'

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
 * annotated tags are peeled. A branch goes before a tag of the same name,
 * unless a test has it otherwise.
 */
export async function resolveCommit(
  git: Git,
  ref: string,
  first: 'branch' | 'tag' = 'branch',
): Promise<string | undefined> {
  if (isFullSha(ref)) return peeled(git, ref)
  for (const name of names(ref, first)) {
    const reference = await readReference(git, name)
    const sha = reference && (await peeled(git, reference.sha))
    if (sha !== undefined) return sha
  }
  return /^[0-9a-f]{7,39}$/.test(ref)
    ? quietly(git, ['rev-parse', '--verify', '--quiet', `${ref}^{commit}`])
    : undefined
}

/** The references that a short name may mean. */
function names(ref: string, first: 'branch' | 'tag'): string[] {
  if (/[\s~^:?*[\\]|\.\.|@\{/.test(ref) || ref === '') return []
  if (ref.startsWith('refs/')) return [ref]
  const kinds = first === 'branch' ? ['heads/', 'tags/', ''] : ['tags/', 'heads/', '']
  return kinds.map((kind) => `refs/${kind}${ref}`)
}

async function peeled(git: Git, sha: string): Promise<string | undefined> {
  const object = await readObject(git, sha)
  const tag = object?.kind === 'tag' ? await readTag(git, sha) : undefined
  if (tag !== undefined) return peeled(git, tag.object.sha)
  return object?.kind === 'commit' ? sha : undefined
}

/** Returns the changes between two trees, or since an empty tree when there is no base. */
export async function changedFiles(git: Git, base: string | undefined, head: string): Promise<FileChange[]> {
  const between = base === undefined ? ['--root', head] : [base, head]
  const what = ['-r', '-z', '--no-commit-id', '--no-renames', '--abbrev=40', '--raw', '--numstat']
  const all = fields(await git.lasting(['diff-tree', ...what, ...between]))
  const raw = all.findLastIndex((field) => field.startsWith(':')) + 2
  const counts = countsByPath(all.slice(raw))
  const changes: FileChange[] = []
  for (let index = 0; index + 1 < raw; index += 2) {
    const [, , before = '', after = '', letter = ''] = (all[index] ?? '').split(' ')
    const path = all[index + 1] ?? ''
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

async function quietly(git: Git, args: readonly string[]): Promise<string | undefined> {
  try {
    return await git.text(args)
  } catch (error) {
    if (error instanceof GitFailure) return undefined
    throw error
  }
}
