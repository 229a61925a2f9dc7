import { outcomeWord } from '../journal/outcome.ts'
import { hasServed } from '../ledger/history.ts'
import type { Past, Remembered } from '../ledger/past.ts'
import { modes, rollsBack } from '../plan/modes.ts'
import type { Override } from './override.ts'
import type { Release, ReleaseId } from './release.ts'
import { sameCommit } from './release.ts'
import { verificationOf } from './verification.ts'

/** A rehearsed rollback: the environment went back from a release, and to it again. */
export interface Rehearsed {
  /** The target of the rollback. */
  readonly to: ReleaseId
  /** The numbers of the two deployments. */
  readonly back: number
  readonly again: number
  readonly at: string
}

/**
 * The rehearsal of the rollback from a release in another environment, as a policy may ask for with
 * `rehearsed-in`.
 */
export type Rehearsal =
  | ({ readonly kind: 'rehearsed'; readonly where: string } & Rehearsed)
  /** `to`: where it must go back to; null where any release before will do. */
  | { readonly kind: 'unrehearsed'; readonly where: string; readonly to: string | null; readonly why: string }
  /** It was not rehearsed, and a person overrides that. */
  | ({ readonly kind: 'overridden'; readonly where: string; readonly why: string } & Override)

/**
 * Returns rehearsals of a release: a successful rollback from it, and directly after it a successful
 * deployment of the same release to every instance; and no failure of the release, or of its rollback, since.
 * The newest first.
 */
export function rehearsals(there: Remembered, release: ReleaseId): Rehearsed[] {
  if (verificationOf(there, release, null).kind !== 'verified') return []
  const told = there.history.filter(changedSomething)
  const failed = told.findIndex((past) => concerns(past, release) && !plainly(past))
  const since = failed < 0 ? told : told.slice(0, failed)
  return since.flatMap((again, at): Rehearsed[] => {
    const back = since[at + 1]
    if (back === undefined || !isAgain(again, release) || !isBack(back, release)) return []
    const { tag, sha } = back.release
    return [{ to: { tag, sha }, back: back.number, again: again.number, at: again.endedAt }]
  })
}

/**
 * A rehearsal must show the way from the release to the one that serves here now. If the other environment
 * never served that one, it cannot show it, and any rollback from the release counts.
 */
export function rehearsalOf(
  there: Remembered,
  release: ReleaseId,
  servesHere: Release,
  override: Override | null,
): Rehearsal {
  const { environment: where, history } = there
  const wanted = hasServed(history, servesHere) ? servesHere : null
  const all = rehearsals(there, release)
  const found = wanted === null ? all[0] : all.find(({ to }) => sameCommit(to, wanted))
  if (found !== undefined) return { kind: 'rehearsed', where, ...found }
  const why = whyNot(there, release, wanted, all)
  if (override !== null) return { kind: 'overridden', where, why, ...override }
  return { kind: 'unrehearsed', where, to: wanted?.tag ?? null, why }
}

/** A deployment that was rejected or cancelled before it began changed nothing, and does not count as one between. */
const changedSomething = ({ outcome }: Past): boolean =>
  outcome.kind !== 'rejected' && outcome.kind !== 'cancelled'

/** Returns true for a deployment of the release, or a rollback from it. */
const concerns = ({ mode, release, from }: Past, { sha }: ReleaseId): boolean =>
  release.sha === sha || (modes[mode].goesBack && from?.sha === sha)

/** Returns true if every instance succeeded: a forced or excluded one proves nothing. */
const plainly = ({ outcome }: Past): boolean => outcomeWord(outcome) === 'succeeded'

const isAgain = ({ mode, release }: Past, { sha }: ReleaseId): boolean =>
  modes[mode].goesForward && release.sha === sha

const isBack = ({ mode, release, from }: Past, { sha }: ReleaseId): boolean =>
  rollsBack(mode) && from?.sha === sha && release.sha !== sha

function whyNot(
  there: Remembered,
  release: ReleaseId,
  wanted: Release | null,
  all: readonly Rehearsed[],
): string {
  const verification = verificationOf(there, release, null)
  if (verification.kind === 'unverified') return verification.why
  const way = wanted === null ? 'any release before it' : wanted.tag
  const [other] = all
  if (other !== undefined) return `deployment ${other.back} went back to ${other.to.tag}, not to ${way}`
  return `no rollback from it to ${way} and back again, without a failure since`
}

/** `rehearsed in staging: back to v1.1.0 by deployment 5, and here again by deployment 6 at …` */
export function describeRehearsal(rehearsal: Rehearsal): string {
  const { where } = rehearsal
  switch (rehearsal.kind) {
    case 'rehearsed': {
      const { to, back, again, at } = rehearsal
      return `rehearsed in ${where}: back to ${to.tag} by deployment ${back}, and to it again by deployment ${again} at ${at}`
    }
    case 'unrehearsed':
      return `not rehearsed in ${where}: ${rehearsal.why}`
    case 'overridden':
      return `not rehearsed in ${where}: ${rehearsal.why}; ${rehearsal.by} wants it anyway: ${rehearsal.reason}`
  }
}
