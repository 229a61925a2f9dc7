import { sameRelease } from '../release/release.ts'
import {
  type Block,
  blockOf,
  type CommitBlock,
  commitBlockOf,
  describeCommits,
  withBlock,
  withCommitBlock,
  withoutBlock,
  withoutCommitBlock,
} from './blocking.ts'
import type { Ledger } from './ledger.ts'

/** A block as a person gives it: of a release, or of a commit. */
export type BlockEntry = Block | CommitBlock

const isOfRelease = (entry: BlockEntry): entry is Block => 'tag' in entry

/** True if a ledger says it already. */
export function isAlready(ledger: Ledger, entry: BlockEntry, unblock: boolean): boolean {
  if (isOfRelease(entry)) {
    const there = blockOf(ledger, entry)
    if (unblock) return there === null
    return there !== null && sameRelease(there, entry) && there.reason === entry.reason
  }
  const there = commitBlockOf(ledger, entry.commit)
  if (unblock) return there === null
  return there !== null && there.fixedBy === entry.fixedBy && there.reason === entry.reason
}

/** Returns the ledger with the block, or without it. */
export function withEntry(ledger: Ledger, entry: BlockEntry, unblock: boolean): Ledger {
  if (isOfRelease(entry)) return unblock ? withoutBlock(ledger, entry) : withBlock(ledger, entry)
  return unblock ? withoutCommitBlock(ledger, entry.commit) : withCommitBlock(ledger, entry)
}

export const nameOfEntry = (entry: BlockEntry): string =>
  isOfRelease(entry) ? entry.tag : describeCommits(entry)

interface BlockSaid {
  readonly by: string
  readonly reason: string
  readonly unblock: boolean
}

/** The line of the commit that writes it. */
export const blockHeadline = (entry: BlockEntry, { by, reason, unblock }: BlockSaid): string =>
  unblock
    ? `${nameOfEntry(entry)} is no longer blocked, says ${by}: ${reason}`
    : `${nameOfEntry(entry)} is blocked by ${by}: ${reason}`
