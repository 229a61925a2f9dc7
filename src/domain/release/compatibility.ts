import type { Journal } from '../journal/journal.ts'
import { sinceServed } from '../ledger/history.ts'
import type { Past, Remembered } from '../ledger/past.ts'
import { modes } from '../plan/modes.ts'
import type { Pause } from '../question/pause.ts'
import type { Step } from '../step/step.ts'
import { checkStep } from '../step/steps-in.ts'
import type { CompatibilityCheck } from './compatibility-check.ts'
import type { Release } from './release.ts'
import { sameCommit } from './release.ts'

/**
 * The verdict of such checks on going back to a release. `where`: the environment, and the deployment, that
 * ran them.
 */
export type Compatibility =
  | ({ readonly kind: 'proven' } & Evidence)
  | ({
      readonly kind: 'refuted'
      /** The release whose checks failed; null for the release's own. */
      readonly checked: string | null
      /** The release whose schema it was. */
      readonly on: string
    } & Evidence)

interface Evidence {
  readonly where: string
  readonly deployment: number
  readonly at: string
}

/** Returns the result of the checks in the journal of a deployment; null if they did not come to an end. */
export function compatibilityIn(
  { steps }: { readonly steps: readonly Step[] },
  journal: Journal,
): CompatibilityCheck | null {
  const id = checkStep(steps)?.id
  let asked = ''
  let found: CompatibilityCheck | null = null
  for (const event of journal) {
    if (event.kind === 'step-succeeded' && event.step === id) found = { passed: true, at: event.at }
    if (event.kind === 'step-failed' && event.step === id) found = { passed: false, at: event.at }
    if (event.kind === 'paused') asked = event.pause.step
    if (event.kind === 'decided' && event.decision === 'force-next' && asked === id && found !== null)
      found = { ...found, forced: { by: event.by, reason: event.reason } }
  }
  return found
}

/**
 * Returns the answer of such checks against the first new instance; null if none came to an end. Of several services the
 * one that a person went on without counts, and then the last. It says nothing of going back: what the older release
 * met was the newer one, and not a schema.
 */
export function instanceCheckIn(journal: Journal): CompatibilityCheck | null {
  let failed: { readonly step: string; readonly instance: string; readonly at: string } | null = null
  let asked: Pause | null = null
  let found: CompatibilityCheck | null = null
  for (const event of journal) {
    if (event.kind === 'paused') asked = event.pause
    if (event.kind === 'instance-checked') {
      failed = event.found === 'passed' ? null : event
      if (event.found !== 'unknown' && found?.forced === undefined)
        found = { passed: event.found === 'passed', at: event.at }
    }
    if (event.kind !== 'decided' || event.decision !== 'force-next' || failed === null) continue
    if (asked?.kind !== 'failed-instances' || asked.step !== failed.step) continue
    const named = event.instances.length > 0 ? event.instances : asked.instances
    if (named.includes(failed.instance))
      found = { passed: false, at: failed.at, forced: { by: event.by, reason: event.reason } }
  }
  return found
}

/**
 * Returns the verdict on going back to a release from `current`, by the checks that ran here since it served.
 * A failed check shows that the migration was not an *expand* one, so it counts against every release from
 * before it. A passed check counts for its own release alone, on the schema that it ran on.
 */
export function compatibilityOf(
  { environment: where, history }: Remembered,
  target: Pick<Release, 'sha'>,
  current: Release,
): Compatibility | null {
  const since = sinceServed(target, history)
  const failed = since.find((past, at) => past.compatibility?.passed === false && !again(past, since, at))
  if (failed !== undefined)
    return {
      kind: 'refuted',
      checked: sameCommit(target, failed.from) ? null : (failed.from?.tag ?? null),
      on: failed.release.tag,
      ...evidence(where, failed),
    }
  const own = since.findIndex((past) => sameCommit(target, past.from) && past.compatibility !== null)
  const passed = since[own]
  if (passed === undefined) return null
  const migrated = since.slice(0, own).filter((past) => past.migrated !== null)
  const sameSchema = [current, ...migrated.map(({ release }) => release)].every((release) =>
    haveSameSchema(passed.release, release),
  )
  return sameSchema ? { kind: 'proven', ...evidence(where, passed) } : null
}

/**
 * Returns the verdict of another environment, which may be further by now: by its history when it last
 * brought `current`. Null without a verdict, because one of the two never served there.
 */
export function compatibilityThere(
  { environment, history }: Remembered,
  target: Release,
  current: Release,
): Compatibility | null {
  const brought = history.findIndex((past) => sameCommit(past.release, current) && hasTried(past))
  if (brought < 0) return null
  const then = history.slice(brought)
  if (sinceServed(target, then).length === then.length) return null
  return compatibilityOf({ environment, history: then }, target, current)
}

/** A redeployment proves nothing, and neither does a deployment that ended before it began. */
const hasTried = ({ mode, migrated, outcome }: Past): boolean =>
  modes[mode].goesForward && (migrated !== null || outcome.kind === 'succeeded')

/** Returns true if the same checks passed later: the damage of the migration was corrected. */
const again = ({ from }: Past, history: readonly Past[], at: number): boolean =>
  history.slice(0, at).some((past) => past.from?.sha === from?.sha && past.compatibility?.passed === true)

/** A release migrates to one schema; which one it is need not be known for that. */
const haveSameSchema = (one: Release, other: Release): boolean =>
  sameCommit(one, other) || (one.schemaVersion !== null && one.schemaVersion === other.schemaVersion)

const evidence = (where: string, { number, compatibility, endedAt }: Past): Evidence => ({
  where,
  deployment: number,
  at: compatibility?.at ?? endedAt,
})

/**
 * Describes a verdict: `proven in staging by deployment 4 at …`, or the failed checks, their schema and their
 * place.
 */
export function describeCompatibility(found: Compatibility): string {
  const { where, deployment, at } = found
  const place = `in ${where} by deployment ${deployment} at ${at}`
  if (found.kind === 'proven') return `proven ${place}`
  return found.checked === null
    ? `its checks failed on the schema of ${found.on}, ${place}`
    : `the checks of ${found.checked}, which is newer, failed on the schema of ${found.on}, ${place}`
}
