import type { ReleaseId } from '../release/release.ts'

/** A release that is blocked in an environment until the block is removed. */
export interface Block extends ReleaseId {
  readonly reason: string
  /** A login. */
  readonly by: string
  /** ISO time in UTC. */
  readonly at: string
  /** The block of a commit that this release has; left out for a block of the release itself. */
  readonly commit?: CommitCause
}

/** A commit that is blocked: with it every release that has it, and not the commit that fixes it. */
export interface CommitBlock {
  /** A full SHA: the name of the block. */
  readonly commit: string
  /** The full SHA of the fix; null while there is none. */
  readonly fixedBy: string | null
  readonly reason: string
  /** A login. */
  readonly by: string
  /** ISO time in UTC. */
  readonly at: string
}

/** `unknown`: the repository cannot tell whether the release has the commits, so that it counts as blocked. */
export interface CommitCause extends Pick<CommitBlock, 'commit' | 'fixedBy'> {
  readonly verdict: 'contained' | 'unknown'
}

/** True for the tag of a block, wherever it points by now, and for its commit by any tag: those are the very same bits. */
const means = (block: Block, { tag, sha }: ReleaseId): boolean => block.sha === sha || block.tag === tag

/** Whatever keeps blocks: a ledger. */
interface Blocking {
  readonly blocked: readonly Block[]
}

/** Whatever keeps blocks of commits: a ledger. */
interface CommitBlocking {
  readonly blockedCommits: readonly CommitBlock[]
}

/** Returns the blocks of commits by the beginning of a SHA. */
export const commitBlocksOf = ({ blockedCommits }: CommitBlocking, commit: string): readonly CommitBlock[] =>
  blockedCommits.filter((block) => block.commit.startsWith(commit))

/** Returns the block of a commit by its whole SHA; null without one. */
export const commitBlockOf = ({ blockedCommits }: CommitBlocking, commit: string): CommitBlock | null =>
  blockedCommits.find((block) => block.commit === commit) ?? null

/** Returns the ledger with the block on top; an earlier block of the same commit is replaced. */
export const withCommitBlock = <Kept extends CommitBlocking>(ledger: Kept, block: CommitBlock): Kept => ({
  ...ledger,
  blockedCommits: [block, ...ledger.blockedCommits.filter(({ commit }) => commit !== block.commit)],
})

export const withoutCommitBlock = <Kept extends CommitBlocking>(ledger: Kept, commit: string): Kept => ({
  ...ledger,
  blockedCommits: ledger.blockedCommits.filter((block) => block.commit !== commit),
})

/** The block of a commit as the block of one release that it hits. */
export const onRelease = (
  { commit, fixedBy, ...block }: CommitBlock,
  { tag, sha }: ReleaseId,
  verdict: CommitCause['verdict'],
): Block => ({ tag, sha, ...block, commit: { commit, fixedBy, verdict } })

/** `1a2b3c4 without 5d6e7f8`: the releases that a block of a commit hits. */
export const describeCommits = ({ commit, fixedBy }: Pick<CommitBlock, 'commit' | 'fixedBy'>): string =>
  `${commit.slice(0, 7)}${fixedBy === null ? '' : ` without ${fixedBy.slice(0, 7)}`}`

/** Returns the block of a release in an environment, or null. */
export const blockOf = ({ blocked }: Blocking, release: ReleaseId): Block | null =>
  blocked.find((block) => means(block, release)) ?? null

/** Returns the ledger with the block on top; an earlier block of the same release is replaced. */
export const withBlock = <Kept extends Blocking>(ledger: Kept, block: Block): Kept => ({
  ...ledger,
  blocked: [block, ...ledger.blocked.filter((other) => !means(other, block))],
})

export const withoutBlock = <Kept extends Blocking>(ledger: Kept, release: ReleaseId): Kept => ({
  ...ledger,
  blocked: ledger.blocked.filter((block) => !means(block, release)),
})

/** `blocked by rhea since 2026-11-21T12:00:00.000Z: it loses orders` */
export const describeBlock = (block: Block): string =>
  `${describeSaid(block)}${block.commit === undefined ? '' : ` (${causeInWords(block.commit)})`}`

/** `blocked by rhea since …: it loses orders`: without the reason why it hits one release, for the block of a commit itself. */
export const describeSaid = ({ by, at, reason }: Pick<Block, 'by' | 'at' | 'reason'>): string =>
  `blocked by ${by} since ${at}: ${reason}`

/** The reason why a block of a commit hits a release, in words. */
export const causeInWords = (cause: CommitCause): string =>
  cause.verdict === 'contained'
    ? `it has ${describeCommits(cause)}`
    : `whether it has ${describeCommits(cause)} is unknown`
