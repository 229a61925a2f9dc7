import { canonical } from '../../domain/canonical.ts'
import type { EnvironmentPolicy } from '../../domain/config/policy.ts'
import type { Plan } from '../../domain/plan/plan.ts'
import { known } from '../../domain/reading.ts'
import { freezingsUntil, type Timetable } from '../../domain/schedule/freeze.ts'
import { type FreezeOverride, type Overridden, overriding } from '../../domain/schedule/freeze-words.ts'
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
 * Returns the holds that an approved plan overrides, if they held since the earliest time of the plan: a plan
 * from an input only claims them. A freezing that has ended meanwhile was approved as well.
 */
export function overriddenLately(
  { calendar, clock }: Pick<Ports, 'calendar' | 'clock'>,
  policy: Pick<EnvironmentPolicy, 'freezes' | 'windows'>,
  { mode, overridden }: Pick<Plan, 'mode' | 'overridden'>,
): Overridden | null {
  if (overridden === null) return null
  const now = clock.now()
  const since = timetableFrom(calendar, policy, new Date(now.getTime() - longestRun))
  const wasFrozen = freezingsUntil(mode, since, now.toISOString()).some(
    (freezing) => canonical(overriding(freezing, { ...overridden, may: true })) === canonical(overridden),
  )
  return wasFrozen ? overridden : null
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
