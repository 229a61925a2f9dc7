import type { EnvironmentPolicy } from '../../domain/config/policy.ts'
import {
  type BlockEntry,
  blockHeadline,
  isAlready,
  nameOfEntry,
  withEntry,
} from '../../domain/ledger/block-entry.ts'
import { type CommitBlock, commitBlocksOf } from '../../domain/ledger/blocking.ts'
import { emptyLedger } from '../../domain/ledger/ledger.ts'
import { Problem, type ProblemWords } from '../../domain/problem.ts'
import { known } from '../../domain/reading.ts'
import { type ReleaseId, sameCommit } from '../../domain/release/release.ts'
import { knownReleases } from '../../domain/release/release-state.ts'
import { isBusy } from '../lock/busy.ts'
import { trySwap, writtenByOthers } from '../lock/compare-and-swap.ts'
import type { Doer } from '../lock/doer.ts'
import { commitOf } from '../plan/tag.ts'
import type { Kept, Ports } from '../ports.ts'
import { putRecordsRight } from '../run/correct-records.ts'

/** The release or the commit to block, or to unblock. */
export type BlockRequest = BlockWords & BlockedThing

interface BlockWords {
  readonly reason: string
  /** A login. */
  readonly by: string
  readonly unblock: boolean
}

export type BlockedThing =
  | { readonly tag: string }
  /** A full SHA, or the name of a branch; for an unblock the beginning of the SHA is enough. */
  | { readonly commit: string; readonly fixedBy: string | null }

/** The thing that is blocked, with its commits. */
export type Identified =
  | ({ readonly kind: 'release' } & ReleaseId)
  | ({ readonly kind: 'commit' } & Pick<CommitBlock, 'commit' | 'fixedBy'>)

/** The outcome in one environment. */
export interface BlockedThere {
  readonly environment: string
  /** `asked`: a run at work holds the ledger, and writes it down as soon as it lets go. */
  readonly outcome: 'blocked' | 'unblocked' | 'unchanged' | 'asked' | 'refused'
  /** True if the release serves here; it keeps serving. */
  readonly serves: boolean
  readonly problem: ProblemWords | null
}

export interface BlockedEverywhere {
  readonly thing: Identified
  readonly environments: readonly BlockedThere[]
}

type BlockPorts = Pick<Ports, 'repository' | 'releases' | 'ledgers' | 'asks' | 'clock' | 'record' | 'voice'>

/**
 * Blocks a release or a commit in environments, or removes the block, by one commit on the ledger of each. Only the holder
 * moves a held ledger: a live run is asked, and the others are written.
 */
export async function block(
  ports: BlockPorts,
  app: string,
  policies: readonly Pick<EnvironmentPolicy, 'name' | 'url'>[],
  blocking: BlockRequest,
  doer: Doer,
): Promise<BlockedEverywhere> {
  const thing = await identify(ports, app, policies, blocking)
  const environments: BlockedThere[] = []
  for (const policy of policies) environments.push(await blockIn(ports, app, policy, thing, blocking, doer))
  return { thing, environments }
}

async function identify(
  ports: BlockPorts,
  app: string,
  policies: readonly Pick<EnvironmentPolicy, 'name'>[],
  { unblock, ...what }: BlockRequest,
): Promise<Identified> {
  if ('tag' in what) return { kind: 'release', ...(await identifyRelease(ports, app, policies, what.tag)) }
  if (unblock) return identifyBlocked(ports, app, policies, what.commit)
  const commit = await shaOf(ports, 'commit', what.commit)
  const fixedBy = what.fixedBy === null ? null : await shaOf(ports, 'fixed-by', what.fixedBy)
  if (commit === fixedBy)
    throw new Problem('input-invalid', {
      what: `The input fixed-by is the commit itself: ${commit}.`,
      why: 'A release has the one exactly if it has the other, so that nothing would be blocked.',
      next: 'Give the commit that fixes it, or leave fixed-by out until there is one. Nothing was changed.',
    })
  return { kind: 'commit', commit, fixedBy }
}

async function shaOf({ releases }: BlockPorts, input: string, name: string): Promise<string> {
  const sha = known(await releases.commit(name))
  if (sha !== null) return sha
  throw new Problem('input-invalid', {
    what: `The input ${input} is ${name}, and this repository has no such commit.`,
    why: 'A commit is given by its full SHA, or as the tip of a branch by its name.',
    next: 'Correct it. Nothing was changed.',
  })
}

/** A commit that is gone can be unblocked: the ledgers know it. The beginning of its SHA must not be that of another. */
async function identifyBlocked(
  { ledgers }: BlockPorts,
  app: string,
  policies: readonly Pick<EnvironmentPolicy, 'name'>[],
  commit: string,
): Promise<Identified> {
  const read = await Promise.all(policies.map(({ name }) => ledgers.read(app, name)))
  const meant = read.flatMap(({ ledger }) => commitBlocksOf(ledger, commit))
  const [first = { commit, fixedBy: null }] = meant
  const shas = [...new Set(meant.map((one) => one.commit))]
  if (shas.length < 2) return { kind: 'commit', commit: first.commit, fixedBy: first.fixedBy }
  throw new Problem('input-invalid', {
    what: `The input commit is ${commit}, and blocks of several commits begin so: ${shas.join(', ')}.`,
    why: 'A block that stays by mistake costs a release; one that goes by mistake lets a bad one through.',
    next: 'Give the whole SHA of the one that is meant. Nothing was changed.',
  })
}

/** A deleted tag can be blocked and unblocked, by the commit in the ledgers. */
async function identifyRelease(
  { repository, ledgers }: BlockPorts,
  app: string,
  policies: readonly Pick<EnvironmentPolicy, 'name'>[],
  tag: string,
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
  thing: Identified,
  blocking: BlockRequest,
  doer: Doer,
): Promise<BlockedThere> {
  let isCorrected = false
  const done = await trySwap(async () => {
    const kept = await ports.ledgers.read(app, environment)
    if (!isCorrected) await putRecordsRight(ports, kept.ledger, url, doer)
    isCorrected = true
    return attemptBlock(ports, { app, environment }, kept, thing, blocking, doer)
  })
  return done ?? { environment, outcome: 'refused', serves: false, problem: writtenByOthers(environment) }
}

/** Returns null if another run has written the ledger in between. */
async function attemptBlock(
  ports: BlockPorts,
  { app, environment }: { readonly app: string; readonly environment: string },
  kept: Kept,
  thing: Identified,
  blocking: BlockRequest,
  doer: Doer,
): Promise<BlockedThere | null> {
  const before = kept.head === null ? emptyLedger(app, environment) : kept.ledger
  const entry = entryOf(thing, blocking, ports.clock.now())
  const serves = thing.kind === 'release' && sameCommit(thing, kept.ledger.serving?.release)
  const there = { environment, serves, problem: null }
  if (isAlready(before, entry, blocking.unblock)) return { ...there, outcome: 'unchanged' }
  const busy = await isBusy(ports, kept.ledger, doer).catch(unknownHolder)
  if (busy === true) {
    await askHolder(ports, { app, environment }, entry, blocking, doer)
    return { ...there, outcome: 'asked' }
  }
  if (busy !== false) return { ...there, outcome: 'refused', problem: busy }
  const ledger = withEntry(before, entry, blocking.unblock)
  const saved = await ports.ledgers.append(kept.head, ledger, blockHeadline(entry, blocking))
  return saved === null ? null : { ...there, outcome: blocking.unblock ? 'unblocked' : 'blocked' }
}

const entryOf = (thing: Identified, { reason, by }: BlockRequest, now: Date): BlockEntry => {
  const said = { reason, by, at: now.toISOString() }
  return thing.kind === 'release'
    ? { tag: thing.tag, sha: thing.sha, ...said }
    : { commit: thing.commit, fixedBy: thing.fixedBy, ...said }
}

/** Leaves the block for the holder: the same ask however often it is asked. */
const askHolder = (
  { asks }: BlockPorts,
  { app, environment }: { readonly app: string; readonly environment: string },
  entry: BlockEntry,
  { by, reason, unblock }: BlockRequest,
  { run }: Doer,
): Promise<void> =>
  asks.add(app, environment, {
    ...{ id: `block-${run.id}-${run.attempt}-${nameOfEntry(entry)}`, kind: 'block', block: entry, unblock },
    ...{ by, reason, at: entry.at, run: run.url, deployment: null },
  })

/** Returns the problem of a holder that GitHub does not show. */
function unknownHolder(thrown: unknown): ProblemWords {
  if (thrown instanceof Problem && thrown.code === 'holder-unknown') return thrown.words
  throw thrown
}
