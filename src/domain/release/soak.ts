import { duration } from '../durations.ts'
import type { Past } from '../ledger/past.ts'
import type { Underway } from '../ledger/underway.ts'
import type { Unfinished } from '../ledger/unfinished.ts'
import { modes } from '../plan/modes.ts'
import type { Override } from './override.ts'
import { type ReleaseId, sameCommit } from './release.ts'
import { type Verification, verificationOf } from './verification.ts'

/** The time for which another environment must have kept a release, in milliseconds, and the time of the look. */
interface SoakAsked {
  readonly lasts: number
  /** ISO time in UTC. */
  readonly now: string
}

/** An environment, as far as it tells for how long it has kept a release. */
interface Keeping {
  readonly environment: string
  readonly history: readonly Past[]
  readonly deployment: Pick<Underway, 'number' | 'plan' | 'journal' | 'record'> | null
  readonly unfinished: readonly Unfinished[]
}

type Soak =
  | { readonly kind: 'kept' }
  /** It is kept since a success, and not for long enough yet. */
  | { readonly kind: 'keeping'; readonly since: string; readonly until: string }
  /** It was not kept for as long. Only another success begins anew. */
  | { readonly kind: 'ended'; readonly why: string }

/** The event that ended the keeping of a release. */
interface End {
  readonly at: string
  readonly what: string
}

/** Judges a proof that must also have been kept for a time; null asks for no time. */
export function keptVerificationOf(
  there: Keeping,
  release: ReleaseId,
  override: Override | null,
  asked: SoakAsked | null,
): Verification {
  const verification = verificationOf(there, release, override)
  if (asked === null || verification.kind !== 'verified') return verification
  const { where, deployment, words } = verification
  const success = there.history.find(({ number }) => number === deployment)
  const soak = success === undefined ? null : soakOf(there, success, asked)
  if (soak?.kind === 'kept') return { ...verification, words: `${words}, kept for ${duration(asked.lasts)}` }
  const why = soak === null ? 'its history does not tell for how long' : shortOf(soak, asked)
  if (override !== null) return { kind: 'overridden', where, why, ...override }
  if (soak?.kind !== 'keeping') return { kind: 'unverified', where, why }
  return { kind: 'soaking', where, deployment, since: soak.since, until: soak.until, why }
}

const shortOf = (soak: Exclude<Soak, { kind: 'kept' }>, { lasts }: SoakAsked): string =>
  soak.kind === 'ended' ? soak.why : `it must be kept for ${duration(lasts)}, which are over at ${soak.until}`

/**
 * Says if an environment has kept a release for long enough: from its success until now, or until something ended it. A
 * rollback ends it, and so does another release, a forced, excluded or failed instance, and an instance that does not
 * serve the release any more as far as the ledger knows.
 */
function soakOf(there: Keeping, success: Past, { lasts, now }: SoakAsked): Soak {
  const since = success.endedAt
  const end = endOf(there, success)
  const until = new Date(Date.parse(since) + lasts).toISOString()
  const kept = Date.parse(end?.at ?? now) - Date.parse(since)
  if (kept >= lasts) return { kind: 'kept' }
  if (end === null) return { kind: 'keeping', since, until }
  return {
    kind: 'ended',
    why: `it was kept for ${duration(Math.max(0, kept))}, not for ${duration(lasts)}: ${end.what}`,
  }
}

/** The first event after a success that ended the keeping; null while it lasts. */
function endOf(there: Keeping, success: Past): End | null {
  const later = there.history.slice(0, there.history.indexOf(success)).toReversed()
  const [first] = later.flatMap((past) => endIn(past, success.release))
  return first ?? underwayEnd(there, success.release) ?? drift(there, success)
}

function endIn(past: Past, kept: ReleaseId): End[] {
  const { number, mode, release, startedAt, endedAt, record, outcome } = past
  if (record === null) return []
  if (modes[mode].bringsRelease)
    return [
      {
        at: startedAt,
        what: sameCommit(release, kept)
          ? `deployment ${number} brought it to instances again`
          : `deployment ${number} began to bring ${release.tag}`,
      },
    ]
  const apart = outcome.kind === 'succeeded' ? [outcome.forced, outcome.excluded, outcome.failed].flat() : []
  return apart.length === 0 ? [] : [{ at: endedAt, what: `deployment ${number} left ${apart.join(', ')}` }]
}

/** A deployment that has changed nothing yet ends nothing. */
function underwayEnd({ deployment }: Keeping, kept: ReleaseId): End | null {
  if (deployment === null || deployment.record === null || !modes[deployment.plan.mode].bringsRelease)
    return null
  const opened = deployment.journal.find(({ kind }) => kind === 'opened')
  const { number, plan } = deployment
  const what = sameCommit(plan.release, kept) ? 'it again' : plan.release.tag
  return { at: opened?.at ?? '', what: `deployment ${number} is bringing ${what}` }
}

/** Instances that may not serve it, for an unknown time: they count from the success on. */
const drift = ({ unfinished }: Keeping, { endedAt }: Past): End | null =>
  unfinished.length === 0
    ? null
    : {
        at: endedAt,
        what: `${unfinished.map(({ service, instance }) => `${service}/${instance}`).join(', ')} may not serve it`,
      }
