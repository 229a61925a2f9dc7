import { isoSeconds, type Signature, writeCommit, writeTag } from './commits.ts'
import type { Git } from './git.ts'
import { writeObject } from './objects.ts'
import { readReference, setReference } from './references.ts'
import { type TreeChange, writeTree } from './trees.ts'

/** Files to write; null takes a file out. */
export type Files = Readonly<Record<string, string | { content: string; executable?: boolean } | null>>

export interface CommitOptions {
  readonly tag?: string
  /** An annotated tag (an object of its own) instead of a lightweight one. */
  readonly annotated?: boolean
}

/** The test's own hand in the repository: the same calls in the same order always give the same SHAs. */
export interface Seed {
  /** Commits on top of the branch, creating it where needed; returns the commit's SHA. */
  commit(branch: string, files: Files, message: string, options?: CommitOptions): Promise<string>
  /** Points a tag at a commit, over any old target; returns the value of the tag's reference. */
  tag(name: string, sha: string, options?: { annotated?: boolean }): Promise<string>
  branch(name: string, sha: string): Promise<void>
  /** Any other reference by its full name, whatever it pointed at before. */
  setReference(name: string, sha: string): Promise<void>
}

const firstMoment = Date.parse('2026-01-05T09:00:00Z')
const minute = 60_000

export function seeding(git: Git): Seed {
  let moments = 0
  const developer = (): Signature => ({
    name: 'Ada Developer',
    email: 'ada@example.com',
    date: isoSeconds(new Date(firstMoment + moments++ * minute)),
  })

  const tag: Seed['tag'] = async (name, sha, { annotated = false } = {}) => {
    const target = annotated
      ? writeTag(git, {
          name,
          object: { sha, kind: 'commit' },
          tagger: developer(),
          message: `${name}\n`,
        })
      : sha
    await setReference(git, `refs/tags/${name}`, target)
    return target
  }

  const commit: Seed['commit'] = async (branch, files, message, options = {}) => {
    const parent = (await readReference(git, `refs/heads/${branch}`))?.sha
    const tree = await writeTree(git, parent, changesOf(git, files))
    const author = developer()
    const parents = parent === undefined ? [] : [parent]
    const sha = writeCommit(git, { tree, parents, author, committer: author, message: `${message}\n` })
    await setReference(git, `refs/heads/${branch}`, sha)
    if (options.tag !== undefined) await tag(options.tag, sha, { annotated: options.annotated ?? false })
    return sha
  }

  return {
    commit,
    tag,
    branch: (name, sha) => setReference(git, `refs/heads/${name}`, sha),
    setReference: (name, sha) => setReference(git, name, sha),
  }
}

function changesOf(git: Git, files: Files): TreeChange[] {
  return Object.entries(files).map(([path, file]) => {
    if (file === null) return { path, mode: '100644', sha: null }
    const { content, executable = false } = typeof file === 'string' ? { content: file } : file
    return { path, mode: executable ? '100755' : '100644', sha: writeObject(git, 'blob', content) }
  })
}
