import { freezableModes, modes } from '../plan/modes.ts'
import type { Mode } from '../plan/undertaking.ts'

/** A moment, and its local time in a zone: `2027-01-04 00:00 Europe/Berlin`. */
export interface Moment {
  /** ISO time in UTC. */
  readonly at: string
  readonly local: string
}

/** From the first moment until just before the second. */
export interface TimeSpan {
  readonly from: Moment
  readonly to: Moment
}

/** The calendar of one environment, from now on and for a year. */
export interface Timetable {
  readonly now: string
  readonly freezes: readonly {
    readonly name: string
    readonly allow: readonly Mode[]
    readonly spans: readonly TimeSpan[]
  }[]
  /** Empty allows all times. */
  readonly windows: readonly { readonly name: string; readonly spans: readonly TimeSpan[] }[]
}

/** The reason why an action may not begin now. */
export interface Freezing {
  readonly freezes: readonly { readonly name: string; readonly until: Moment }[]
  /** The windows of which it must be in one. */
  readonly outside: readonly string[]
  /** The next time at which it may begin; null if none is within a year. */
  readonly next: Moment | null
}

/**
 * Returns the freezing on an action of this mode now, or null. A window never holds a rollback: going back cannot
 * wait for one; and an action that changes nothing is never held.
 */
export function freezingOf(mode: Mode, { now, freezes, windows }: Timetable): Freezing | null {
  const { changesEnvironment, waitsForWindow } = modes[mode]
  if (!changesEnvironment) return null
  const at = Date.parse(now)
  const rules: Rules = {
    freezes: freezes.filter(({ allow }) => !allow.includes(mode)),
    windows: waitsForWindow ? windows : [],
  }
  const frozen = rules.freezes.flatMap(({ name, spans }) => {
    const until = endOf(spans, at)
    return until === null ? [] : [{ name, until }]
  })
  const outside = isOpen(rules, at) ? [] : rules.windows.map(({ name }) => name)
  if (frozen.length === 0 && outside.length === 0) return null
  return { freezes: frozen, outside, next: nextAllowed(rules, at) }
}

/** Returns the holds on an action of this mode between the moment of a timetable and another moment. */
export function freezingsUntil(mode: Mode, timetable: Timetable, until: string): Freezing[] {
  const turns = [...timetable.freezes, ...timetable.windows].flatMap(({ spans }) =>
    spans.flatMap(({ from, to }) => [from.at, to.at]),
  )
  const [first, last] = [Date.parse(timetable.now), Date.parse(until)]
  const between = turns.filter((at) => Date.parse(at) > first && Date.parse(at) < last)
  return [timetable.now, ...between].flatMap((now) => freezingOf(mode, { ...timetable, now }) ?? [])
}

/** Returns the modes that may begin now. */
export const letThrough = (timetable: Timetable): readonly Mode[] =>
  freezableModes.filter((mode) => freezingOf(mode, timetable) === null)

/** Returns true if some mode may not begin now. */
export const freezesAnything = (timetable: Timetable): boolean =>
  letThrough(timetable).length < freezableModes.length

/** The rules for one mode. */
type Rules = Pick<Timetable, 'freezes' | 'windows'>

const year = 366 * 24 * 3_600_000

/** Steps from one obstacle to its end, until there is none. */
function nextAllowed(rules: Rules, now: number): Moment | null {
  let free: Moment | null = null
  for (let at = now; at <= now + year; at = Date.parse(free.at)) {
    const ends = rules.freezes.flatMap(({ spans }) => endOf(spans, at) ?? [])
    if (ends.length === 0 && isOpen(rules, at)) return free
    free = latest(ends) ?? nextOpening(rules, at)
    if (free === null) return null
  }
  return null
}

const isOpen = ({ windows }: Rules, at: number): boolean =>
  windows.length === 0 || windows.some(({ spans }) => endOf(spans, at) !== null)

const nextOpening = ({ windows }: Rules, at: number): Moment | null =>
  windows
    .flatMap(({ spans }) => spans.map(({ from }) => from))
    .filter((from) => Date.parse(from.at) > at)
    .sort(byTime)[0] ?? null

/** Returns the end of the spans at a moment; adjoining spans count as one. */
function endOf(spans: readonly TimeSpan[], at: number): Moment | null {
  let end: Moment | null = null
  for (const span of spans.toSorted((a, b) => byTime(a.from, b.from))) {
    const reached = end === null ? at : Date.parse(end.at)
    if (Date.parse(span.from.at) <= reached && Date.parse(span.to.at) > reached) end = span.to
  }
  return end
}

const latest = (moments: readonly Moment[]): Moment | null => moments.toSorted(byTime).at(-1) ?? null

const byTime = (a: Moment, b: Moment): number => Date.parse(a.at) - Date.parse(b.at)
