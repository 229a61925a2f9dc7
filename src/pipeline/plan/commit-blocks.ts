import { type CommitBlock, type CommitCause, onRelease } from '../../domain/ledger/blocking.ts'
import type { Ledger } from '../../domain/ledger/ledger.ts'
import type { ReleaseId } from '../../domain/release/release.ts'
import type { Repository } from '../ports.ts'
import { atATime } from '../roll/at-a-time.ts'

type Compares = Pick<Repository, 'compare'>

/**
 * Returns the ledger with the blocks of commits as blocks of the releases that they hit, by ancestry. It is for judging
 * and showing these releases, and never written. Without a block of a commit nothing is asked.
 */
export async function withCommitBlocks(
  repository: Compares,
  ledger: Ledger,
  releases: readonly ReleaseId[],
): Promise<Ledger> {
  if (ledger.blockedCommits.length === 0) return ledger
  const pairs = releases.flatMap((release) => ledger.blockedCommits.map((block) => ({ release, block })))
  const hits = await atATime(4, pairs, async ({ release, block }) => {
    const verdict = await verdictOn(repository, block, release)
    return verdict === null ? [] : [onRelease(block, release, verdict)]
  })
  return { ...ledger, blocked: [...ledger.blocked, ...hits.flat()] }
}

/** Null if the block does not hit the release: it has the fix, or has not got the commit. */
async function verdictOn(
  repository: Compares,
  { commit, fixedBy }: CommitBlock,
  { sha }: ReleaseId,
): Promise<CommitCause['verdict'] | null> {
  const has = await contains(repository, sha, commit)
  if (has === 'no') return null
  const fixed = fixedBy === null ? 'no' : await contains(repository, sha, fixedBy)
  if (fixed === 'yes') return null
  return has === 'yes' && fixed === 'no' ? 'contained' : 'unknown'
}

/** True ancestry, and no guess: a commit that is gone, or a comparison that failed, is unknown. */
async function contains(
  repository: Compares,
  sha: string,
  commit: string,
): Promise<'yes' | 'no' | 'unknown'> {
  if (sha === commit) return 'yes'
  const reading = await repository.compare(commit, sha)
  if (reading.kind !== 'found') return 'unknown'
  const { relation } = reading.value
  return relation === 'ahead' || relation === 'identical' ? 'yes' : 'no'
}
