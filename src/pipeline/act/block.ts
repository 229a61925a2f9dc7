import type { EnvironmentPolicy } from '../../domain/config/policy.ts'
import { blockOf, withBlock, withoutBlock } from '../../domain/ledger/blocking.ts'
import { givenBackIn } from '../../domain/ledger/lease.ts'
import { emptyLedger, type Ledger } from '../../domain/ledger/ledger.ts'
import { Problem, type ProblemWords } from '../../domain/problem.ts'
import { type ReleaseId, sameCommit, sameRelease } from '../../domain/release/release.ts'
import { knownReleases } from '../../domain/release/release-state.ts'
import { trySwap, writtenByOthers } from '../lock/compare-and-swap.ts'
import type { Doer } from '../lock/doer.ts'
import { isHolderLive } from '../lock/holder.ts'
import { commitOf } from '../plan/tag.ts'
import type { Kept, Ports } from '../ports.ts'
import { putRecordsRight } from '../run/correct-records.ts'

/** The release to block, or to unblock. */
export interface BlockRequest {
  readonly tag: string
  readonly reason: string
  /** A login. */
  readonly by: string
  readonly unblock: boolean
}

/** The outcome in one environment. */
export interface BlockedThere {
  readonly environment: string
  readonly outcome: 'blocked' | 'unblocked' | 'unchanged' | 'refused'
  /** True if the release serves here; it keeps serving. */
  readonly serves: boolean
  readonly problem: ProblemWords | null
}

export interface BlockedEverywhere {
  readonly release: ReleaseId
  readonly environments: readonly BlockedThere[]
}

type BlockPorts = Pick<Ports, 'repository' | 'ledgers' | 'clock' | 'record' | 'voice'>

/**
 * Blocks a release in environments, or removes the block, by one commit on the ledger of each. An environment
 * that a live run holds is refused and the others are not: a write beside that run would make it lose its
 * lock.
 */
export async function block(
  ports: BlockPorts,
  app: string,
  policies: readonly Pick<EnvironmentPolicy, 'name' | 'url'>[],
  blocking: BlockRequest,
  doer: Doer,
): Promise<BlockedEverywhere> {
  const release = await identify(ports, app, policies, blocking)
  const environments: BlockedThere[] = []
  for (const policy of policies) environments.push(await blockIn(ports, app, policy, release, blocking, doer))
  return { release, environments }
}

/** A deleted tag can be blocked and unblocked, by the commit in the ledgers. */
async function identify(
  { repository, ledgers }: BlockPorts,
  app: string,
  policies: readonly Pick<EnvironmentPolicy, 'name'>[],
  { tag }: BlockRequest,
): Promise<ReleaseId> {
  try {
    return { tag, sha: await commitOf(repository, tag) }
  } catch (thrown) {
    if (!(thrown instanceof Problem) || thrown.code !== 'tag-missing') throw thrown
    for (const { name } of policies) {
      const { ledger } = await ledgers.read(app, name)
      const known = knownReleases([ledger]).find((release) => release.tag === tag)
      if (known !== undefined) return known
    }
    throw thrown
  }
}

async function blockIn(
  ports: BlockPorts,
  app: string,
  { name: environment, url }: Pick<EnvironmentPolicy, 'name' | 'url'>,
  release: ReleaseId,
  blocking: BlockRequest,
  doer: Doer,
): Promise<BlockedThere> {
  let isCorrected = false
  const done = await trySwap(async () => {
    const kept = await ports.ledgers.read(app, environment)
    if (!isCorrected) await putRecordsRight(ports, kept.ledger, url, doer)
    isCorrected = true
    return attemptBlock(ports, app, environment, kept, release, blocking, doer)
  })
  return done ?? { environment, outcome: 'refused', serves: false, problem: writtenByOthers(environment) }
}

/** Returns null if another run has written the ledger in between. */
async function attemptBlock(
  ports: BlockPorts,
  app: string,
  environment: string,
  kept: Kept,
  release: ReleaseId,
  blocking: BlockRequest,
  doer: Doer,
): Promise<BlockedThere | null> {
  const { ledger, words, outcome } = changed(kept, app, environment, release, blocking, ports.clock.now())
  const there = { environment, serves: sameCommit(release, kept.ledger.serving?.release), problem: null }
  if (ledger === null) return { ...there, outcome: 'unchanged' }
  const locked = await whoLocks(ports, kept.ledger, doer)
  if (locked !== null) return { ...there, outcome: 'refused', problem: locked }
  const written = await ports.ledgers.append(kept.head, ledger, words)
  return written === null ? null : { ...there, outcome }
}

/** Returns the changed ledger, or null if nothing changes. */
function changed(
  { head, ledger: kept }: Kept,
  app: string,
  environment: string,
  release: ReleaseId,
  { reason, by, unblock }: BlockRequest,
  now: Date,
) {
  const before = head === null ? emptyLedger(app, environment) : kept
  const there = blockOf(before, release)
  if (unblock) {
    const words = `${release.tag} is no longer blocked, says ${by}: ${reason}`
    return {
      outcome: 'unblocked',
      words,
      ledger: there === null ? null : withoutBlock(before, release),
    } as const
  }
  const block = { ...release, reason, by, at: now.toISOString() }
  const asIs = there !== null && sameRelease(there, release) && there.reason === reason
  const words = `${release.tag} is blocked by ${by}: ${reason}`
  return { outcome: 'blocked', words, ledger: asIs ? null : withBlock(before, block) } as const
}

async function whoLocks(ports: BlockPorts, ledger: Ledger, doer: Doer): Promise<ProblemWords | null> {
  const { environment, deployment } = ledger
  const holders = [deployment?.holder ?? null, givenBackIn(ledger)?.givenBackBy ?? null].filter(
    (holder) => holder !== null,
  )
  for (const holder of holders) {
    const unknown = await isHolderLive(ports, { holder }, doer).catch(unknownHolder)
    if (unknown === false) continue
    if (unknown !== true) return unknown
    return {
      code: 'environment-locked',
      what: `A run is at work on ${environment}.`,
      why: `Nothing is written beside it, or it would lose its lock: ${holder.url}`,
      next: 'Cancel that run if it brings what is to be blocked, or wait until it has ended; then run this one again.',
    }
  }
  return null
}

function unknownHolder(thrown: unknown): ProblemWords {
  if (thrown instanceof Problem && thrown.code === 'holder-unknown') return thrown.words
  throw thrown
}
