import type { EnvironmentPolicy } from '../domain/config.ts'
import type { Timetable } from '../domain/freeze.ts'
import type { Override } from '../domain/freeze-words.ts'
import type { Ports } from './ports.ts'

/** Who wants something done although a freeze holds it, and why. */
export type Overriding = Pick<Override, 'by' | 'reason'>

/** When the freezes and windows of an environment hold. It is read when somebody acts, never before. */
export function timetableOf(
  { calendar, clock }: Pick<Ports, 'calendar' | 'clock'>,
  { freezes, windows }: Pick<EnvironmentPolicy, 'freezes' | 'windows'>,
): Timetable {
  const now = clock.now()
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

/** Looks up whether somebody may override; where nobody wants to, nobody is asked about. */
export async function mayOverride(
  repository: Ports['repository'],
  { freezeOverride: from }: Pick<EnvironmentPolicy, 'freezeOverride'>,
  wanted: Overriding | null,
): Promise<Override | null> {
  if (wanted === null) return null
  return { ...wanted, may: from.length > 0 && (await repository.mayApprove(wanted.by, { from })) }
}
