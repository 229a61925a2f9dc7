import type { Mode } from '../plan/undertaking.ts'

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

export type Weekday = (typeof weekdays)[number]

/** Local times in a zone, an IANA name; a change of clocks may skip one of them, or repeat it. */
export type Times =
  /** Local times like `2026-12-18T00:00`. */
  | { readonly kind: 'once'; readonly timezone: string; readonly from: string; readonly to: string }
  /** Begins on each of these days at a local time like `16:00`, and ends at one so many midnights later. */
  | {
      readonly kind: 'weekly'
      readonly timezone: string
      readonly days: readonly Weekday[]
      readonly from: string
      readonly to: string
      readonly nights: number
    }

/** Times at which only `allow` may begin. */
export interface Freeze {
  readonly name: string
  readonly times: Times
  readonly allow: readonly Mode[]
}

/** Times outside of which no release may be brought. */
export interface OpenTimes {
  readonly name: string
  readonly times: Times
}
