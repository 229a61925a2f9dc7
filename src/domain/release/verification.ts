import { describeOutcome, type Outcome } from '../journal/outcome.ts'
import { oldestIn } from '../ledger/history.ts'
import type { Past, Remembered } from '../ledger/past.ts'
import { modes } from '../plan/modes.ts'
import type { Override } from './override.ts'
import type { ReleaseId } from './release.ts'

/** The proof of a release in another environment, as a policy may ask for with `verified-in`. */
export type Verification =
  | { readonly kind: 'verified'; readonly where: string; readonly deployment: number; readonly words: string }
  | { readonly kind: 'unverified'; readonly where: string; readonly why: string }
  /** It succeeded there, and was not kept for long enough yet: `until` is the time by which it is proven. */
  | {
      readonly kind: 'soaking'
      readonly where: string
      readonly deployment: number
      readonly since: string
      readonly until: string
      readonly why: string
    }
  /** It has no proof, and a person overrides that. */
  | {
      readonly kind: 'overridden'
      readonly where: string
      readonly why: string
      readonly by: string
      readonly reason: string
    }

/**
 * Judges a proof: the very same commit must have been deployed there successfully, as a whole and to every
 * instance. Nothing may refute it since: neither a later failed deployment of it, nor a rollback from it.
 */
export function verificationOf(
  { environment, history }: Remembered,
  { sha, tag }: ReleaseId,
  override: Override | null,
): Exclude<Verification, { kind: 'soaking' }> {
  const telling = history.find((past) => saysOf(past, sha) !== 'nothing')
  if (telling !== undefined && saysOf(telling, sha) === 'good') {
    const { number, endedAt, outcome } = telling
    const words = `${describeOutcome(outcome)} at ${endedAt}`
    return { kind: 'verified', where: environment, deployment: number, words }
  }
  const why = telling === undefined ? noneIn(history, environment) : whyNot(telling, sha, tag, environment)
  if (override !== null) return { kind: 'overridden', where: environment, why, ...override }
  return { kind: 'unverified', where: environment, why }
}

/** A deployment that was rejected or cancelled before it began proves nothing. */
function saysOf({ mode, release, from, outcome }: Past, sha: string): 'good' | 'bad' | 'nothing' {
  const left = modes[mode].goesBack && from?.sha === sha && release.sha !== sha
  if (left) return outcome.kind === 'succeeded' ? 'bad' : 'nothing'
  if (release.sha !== sha || !modes[mode].bringsRelease) return 'nothing'
  switch (outcome.kind) {
    case 'succeeded':
      return isWhole(outcome) ? 'good' : 'bad'
    case 'failed':
    case 'rolled-back':
    case 'abandoned':
      return 'bad'
    case 'rejected':
    case 'cancelled':
      return 'nothing'
  }
}

/**
 * Returns true if nothing was forced, excluded or failed, and nothing failed afterwards: a smoke test in a
 * hook is a test too.
 */
const isWhole = ({
  forced,
  excluded,
  failed,
  afterwards,
}: Extract<Outcome, { kind: 'succeeded' }>): boolean =>
  afterwards === null && forced.length + excluded.length + failed.length === 0

/** A deployment that the ledger has forgotten may have succeeded: it proves nothing any more. */
function noneIn(history: readonly Past[], where: string): string {
  const oldest = oldestIn(history)
  const since = oldest === 1 ? '' : `since deployment ${oldest}, the oldest that is remembered, `
  return `${since}no deployment of it to ${where} has succeeded`
}

function whyNot(telling: Past, sha: string, tag: string, where: string): string {
  const { number, release, outcome } = telling
  return release.sha === sha
    ? `deployment ${number} of ${tag} to ${where} ${describeOutcome(outcome)}`
    : `deployment ${number} took ${where} back from it, to ${release.tag}`
}

/** `verified in staging by deployment 4, succeeded at …` */
export function describeVerification(verification: Verification): string {
  const { where } = verification
  switch (verification.kind) {
    case 'verified':
      return `verified in ${where} by deployment ${verification.deployment}: ${verification.words}`
    case 'unverified':
      return `not verified in ${where}: ${verification.why}`
    case 'soaking':
      return `verified in ${where} by deployment ${verification.deployment}, but ${verification.why}`
    case 'overridden':
      return `not verified in ${where}: ${verification.why}; ${verification.by} wants it anyway: ${verification.reason}`
  }
}
