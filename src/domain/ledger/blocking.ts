import type { ReleaseId } from '../release/release.ts'

/** A release that is blocked in an environment until the block is removed. */
export interface Block extends ReleaseId {
  readonly reason: string
  /** A login. */
  readonly by: string
  /** ISO time in UTC. */
  readonly at: string
}

/** The same tag, wherever it points by now; or the same commit, by whatever tag: those are the very same bits. */
const means = (block: Block, { tag, sha }: ReleaseId): boolean => block.sha === sha || block.tag === tag

/** Whatever keeps blocks: a ledger. */
interface Blocking {
  readonly blocked: readonly Block[]
}

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
export const describeBlock = ({ by, at, reason }: Block): string => `blocked by ${by} since ${at}: ${reason}`
