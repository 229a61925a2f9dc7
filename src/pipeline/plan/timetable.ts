import type { EnvironmentPolicy } from '../../domain/config/policy.ts'
import { freezableModes } from '../../domain/plan/modes.ts'
import { known } from '../../domain/reading.ts'
import { freezingsUntil, type Timetable } from '../../domain/schedule/freeze.ts'
import { type FreezeOverride, type Overridden, overriding } from '../../domain/schedule/freeze-words.ts'
import { type ShownPlan, wasShown } from '../../domain/shown/shown-plan.ts'
import type { Ports } from '../ports.ts'

/** The person who overrides a freeze, and the reason. */
export type Overriding = Pick<FreezeOverride, 'by' | 'reason'>

/** Returns the times of an environment's freezes and windows. It is read at the moment of acting, never before. */
export function timetableOf(
  { calendar, clock }: Pick<Ports, 'calendar' | 'clock'>,
  { freezes, windows }: Pick<EnvironmentPolicy, 'freezes' | 'windows'>,
): Timetable {
  return timetableFrom(calendar, { freezes, windows }, clock.now())
}

/** A run waits no longer than that, for reviewers or for a runner. */
const longestRun = 35 * 24 * 3_600_000

/**
 * Returns the override that was shown, where one of this person and reason was possible since the earliest time of the
 * plan: an input only claims it. A freezing that has ended meanwhile was approved as well.
 */
export function overriddenLately(
  { calendar, clock }: Pick<Ports, 'calendar' | 'clock'>,
  policy: Pick<EnvironmentPolicy, 'freezes' | 'windows'>,
  override: Overriding | null,
  shown: ShownPlan,
): Overridden | null {
  if (override === null || wasShown(shown, 'override', null)) return null
  const now = clock.now()
  const since = timetableFrom(calendar, policy, new Date(now.getTime() - longestRun))
  const possible = freezableModes
    .flatMap((mode) => freezingsUntil(mode, since, now.toISOString()))
    .map((freezing) => overriding(freezing, { ...override, may: true }))
  return possible.find((one) => wasShown(shown, 'override', one)) ?? null
}

function timetableFrom(
  calendar: Ports['calendar'],
  { freezes, windows }: Pick<EnvironmentPolicy, 'freezes' | 'windows'>,
  now: Date,
): Timetable {
  return {
    now: now.toISOString(),
    freezes: freezes.map(({ name, allow, times }) => ({
      name,
      allow,
      spans: calendar.spans(times, 'wide', now),
    })),
    windows: windows.map(({ name, times }) => ({ name, spans: calendar.spans(times, 'narrow', now) })),
  }
}

/** Checks if the person may override; without an override no request is made. */
export async function mayOverride(
  repository: Ports['repository'],
  { freezeOverride: from }: Pick<EnvironmentPolicy, 'freezeOverride'>,
  wanted: Overriding | null,
): Promise<FreezeOverride | null> {
  if (wanted === null) return null
  return { ...wanted, may: known(await repository.mayApprove(wanted.by, { from })) !== null }
}
