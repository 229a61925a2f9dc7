import type { ProblemWords } from '../problem.ts'
import type { Moment } from './freeze.ts'
import { momentInWords } from './freeze-words.ts'

/** A requested time: a local time in a zone, or one instant, to be shown in a zone. */
export type WantedTime =
  | { readonly kind: 'local'; readonly local: string; readonly timezone: string }
  | { readonly kind: 'instant'; readonly at: string; readonly timezone: string }

/** A reading of a time. `written`: as an instant that means this reading alone, like `2026-10-25T02:30+01:00`. */
export interface TimeReading {
  readonly moment: Moment
  readonly written: string
}

/** The readings of a local time in a zone: at a change of clocks there may be two, or none. */
export type Readings =
  | { readonly kind: 'once'; readonly moment: Moment }
  /** The earlier one first. */
  | { readonly kind: 'twice'; readonly readings: readonly [TimeReading, TimeReading] }
  /** The time is skipped; the readings are those of the rules before and after the change. */
  | { readonly kind: 'skipped'; readonly readings: readonly [TimeReading, TimeReading] }

const longestAhead = 365 * 24 * 3_600_000

/** Returns the reason why nothing can be scheduled for a moment, or null. */
export function outOfReach(moment: Moment, now: Date): ProblemWords | null {
  const ahead = Date.parse(moment.at) - now.getTime()
  if (ahead <= 0)
    return invalidTime(
      `${momentInWords(moment)} is past.`,
      `It is ${now.toISOString().slice(0, 16).replace('T', ' ')} UTC now.`,
      'Give a time that is still to come; to deploy at once use deploy.',
    )
  if (ahead <= longestAhead) return null
  return invalidTime(
    `${momentInWords(moment)} is more than a year away.`,
    'The freezes and windows of that time are not known yet.',
    'Schedule it when it is nearer.',
  )
}

export const invalidTime = (what: string, why: string, next: string): ProblemWords => ({
  code: 'schedule-time-invalid',
  what,
  why,
  next,
})

/** Refuses a time that exists twice, or never, with both ways to write it. */
export function ambiguous(
  { local, timezone }: Extract<WantedTime, { kind: 'local' }>,
  { kind, readings }: Exclude<Readings, { kind: 'once' }>,
): ProblemWords {
  const [first, second] = readings.map(
    ({ written, moment }) => `at: ${written} (${moment.at.slice(0, 16).replace('T', ' ')} UTC)`,
  ) as [string, string]
  const [what, why] =
    kind === 'twice'
      ? [
          `${local} is shown twice by the clocks of ${timezone}.`,
          'They go back in that night, so that an hour comes a second time.',
        ]
      : [`${local} is never shown by the clocks of ${timezone}.`, 'They go forward over it in that night.']
  return invalidTime(what, why, `Say which instant is meant: ${first} or ${second}.`)
}
