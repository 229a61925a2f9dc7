import { type Block, blockOf } from '../ledger/blocking.ts'
import { hasServed } from '../ledger/history.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Past } from '../ledger/past.ts'
import type { Underway } from '../ledger/underway.ts'
import { modes } from '../plan/modes.ts'
import { serviceSteps } from '../step/steps-in.ts'
import { type Rehearsed, rehearsals } from './rehearsal.ts'
import type { ReleaseId } from './release.ts'
import { sameRelease } from './release.ts'

/**
 * `ready`: known, serves nowhere and never did. `deployed`: serves at least one environment. `superseded`: has served,
 * and serves nowhere any more.
 */
export type ReleaseState = 'ready' | 'deployed' | 'superseded'

/** A further fact about a release, with its environment. */
export type Flag =
  /** The environment went back from it, or undid its changes for it. */
  | { readonly kind: 'rolled-back'; readonly environment: string; readonly deployment: number }
  /** Its last deployment was abandoned, with everything left as it was then. */
  | { readonly kind: 'abandoned'; readonly environment: string; readonly deployment: number }
  /** A deployment or a test bed of it is under way: some instances serve it, the environment does not yet. */
  | { readonly kind: 'partial'; readonly environment: string; readonly deployment: number }
  | ({ readonly kind: 'blocked'; readonly environment: string } & Block)

export interface ReleaseStanding {
  readonly release: ReleaseId
  readonly state: ReleaseState
  /** The environments that it serves. */
  readonly serves: readonly string[]
  readonly flags: readonly Flag[]
  /** The environments of the last rehearsals of the rollback from it. */
  readonly rehearsed: readonly ({ readonly environment: string } & Rehearsed)[]
}

/** Derives the standing of a release from all ledgers of its app. It is kept nowhere. */
export function releaseStanding(release: ReleaseId, ledgers: readonly Ledger[]): ReleaseStanding {
  const serves = ledgers
    .filter(({ serving }) => serving !== null && sameRelease(serving.release, release))
    .map(({ environment }) => environment)
  const served = ledgers.some((ledger) => hasServed(ledger.history, release, sameRelease))
  return {
    release: { tag: release.tag, sha: release.sha },
    state: serves.length > 0 ? 'deployed' : served ? 'superseded' : 'ready',
    serves,
    flags: ledgers.flatMap((ledger) => flagsOf(release, ledger)),
    rehearsed: ledgers.flatMap((ledger) =>
      rehearsals(ledger, release)
        .slice(0, 1)
        .map((last) => ({ environment: ledger.environment, ...last })),
    ),
  }
}

/** Every release that any of the environments has had to do with, each once. */
export function knownReleases(ledgers: readonly Ledger[]): ReleaseId[] {
  const all = ledgers.flatMap(({ serving, deployment, history, blocked }): ReleaseId[] => [
    ...(serving === null ? [] : [serving.release]),
    ...(deployment === null ? [] : [deployment.plan.release]),
    ...history.flatMap(({ release, from }) => (from === null ? [release] : [release, from])),
    ...blocked,
  ])
  return [...new Map(all.map(({ tag, sha }) => [`${sha} ${tag}`, { tag, sha }])).values()]
}

function flagsOf(release: ReleaseId, ledger: Ledger): Flag[] {
  const { environment, history, deployment } = ledger
  const block = blockOf(ledger, release)
  const ended = lastWord(release, history)
  return [
    ...(ended === null ? [] : [{ ...ended, environment }]),
    ...(deployment !== null && isPartial(release, deployment, ledger)
      ? [{ kind: 'partial', environment, deployment: deployment.number } as const]
      : []),
    ...(block === null ? [] : [{ kind: 'blocked', environment, ...block } as const]),
  ]
}

/**
 * Returns the last outcome of a release here, which alone counts: a later successful deployment clears
 * earlier flags.
 */
export function lastWord(
  release: ReleaseId,
  history: readonly Past[],
): { readonly kind: 'rolled-back' | 'abandoned'; readonly deployment: number } | null {
  for (const { number, mode, release: target, from, outcome } of history) {
    const left =
      modes[mode].goesBack && outcome.kind === 'succeeded' && from !== null && sameRelease(from, release)
    if (left && !sameRelease(target, release)) return { kind: 'rolled-back', deployment: number }
    if (!sameRelease(target, release) || !modes[mode].bringsRelease) continue
    if (outcome.kind === 'succeeded') return null
    if (outcome.kind === 'abandoned' || outcome.kind === 'rolled-back')
      return { kind: outcome.kind, deployment: number }
  }
  return null
}

/**
 * Once its services are being rolled, which is written before the first instance changes, and the instances may follow.
 * Before that nothing serves it; and a redeployment finds it serving.
 */
function isPartial(release: ReleaseId, { plan, journal }: Underway, { serving }: Ledger): boolean {
  const serves = serving !== null && sameRelease(serving.release, release)
  if (serves || !sameRelease(plan.release, release)) return false
  const rolls = serviceSteps(plan.steps).map(({ id }) => id)
  return journal.some((event) => event.kind === 'step-started' && rolls.includes(event.step))
}
