import { readCommit } from './commits.ts'
import { type Git, GitFailure } from './git.ts'

export interface HistoryComparison {
  readonly mergeBase: string
  readonly aheadBy: number
  readonly behindBy: number
  /** SHAs that head has and base has not, oldest first. */
  readonly commits: readonly string[]
}

/** Undefined when the two have no common ancestor. */
export async function compare(git: Git, base: string, head: string): Promise<HistoryComparison | undefined> {
  const mergeBase = await mergeBaseOf(git, base, head)
  if (mergeBase === undefined) return undefined
  const [inBase, inHead] = [await reachable(git, base), await reachable(git, head)]
  const ahead = [...inHead].filter((sha) => !inBase.has(sha))
  const behindBy = [...inBase].filter((sha) => !inHead.has(sha)).length
  return { mergeBase, aheadBy: ahead.length, behindBy, commits: await oldestFirst(git, base, head, ahead) }
}

/** True if the newer commit is the older one, or a descendant of it. */
export async function isAncestor(git: Git, older: string, newer: string): Promise<boolean> {
  for await (const { sha } of walk(git, newer)) if (sha === older) return true
  return false
}

/** git is only asked if neither commit is a descendant of the other. */
async function mergeBaseOf(git: Git, base: string, head: string): Promise<string | undefined> {
  if (await isAncestor(git, base, head)) return base
  if (await isAncestor(git, head, base)) return head
  try {
    return await git.lasting(['merge-base', base, head])
  } catch (error) {
    if (error instanceof GitFailure) return undefined
    throw error
  }
}

/** A history without merges was walked in its order; git orders any other. */
async function oldestFirst(
  git: Git,
  base: string,
  head: string,
  ahead: readonly string[],
): Promise<string[]> {
  for (const sha of ahead) {
    if (((await readCommit(git, sha))?.parents.length ?? 0) < 2) continue
    const listing = await git.lasting(['rev-list', '--reverse', '--topo-order', `${base}..${head}`])
    return listing.split('\n').filter(Boolean)
  }
  return ahead.toReversed()
}

async function reachable(git: Git, from: string): Promise<Set<string>> {
  const found = new Set<string>()
  for await (const { sha } of walk(git, from)) found.add(sha)
  return found
}

/** A commit, and all that it comes from, each once. */
async function* walk(git: Git, from: string) {
  const seen = new Set([from])
  for (const sha of seen) {
    const commit = await readCommit(git, sha)
    if (commit === undefined) continue
    yield commit
    for (const parent of commit.parents) seen.add(parent)
  }
}
