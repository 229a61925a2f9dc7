import { Temporal } from 'temporal-polyfill'
import { type Times, weekdays } from '../domain/config/times.ts'
import type { Moment, TimeSpan } from '../domain/schedule/freeze.ts'
import type { Readings, TimeReading } from '../domain/schedule/wanted-time.ts'
import type { Calendar } from '../pipeline/ports.ts'

/** Computes with a zone's clocks, by the rules of the runtime. */
export function createCalendar(): Calendar {
  return {
    spans(times, edges, from) {
      const now = Temporal.Instant.fromEpochMilliseconds(from.getTime())
      const local = now.toZonedDateTimeISO(times.timezone)
      const horizon = local.add({ years: 1 }).epochMilliseconds
      return localSpans(times, local.toPlainDate())
        .map((span) => read(span, times.timezone, edges))
        .filter((span) => isWithin(span, from.getTime(), horizon))
    },
    readings: (local, timezone) => readingsOf(Temporal.PlainDateTime.from(local), timezone),
    moment: (at, timezone) =>
      moment(Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timezone)),
  }
}

/** A local time; it may not exist in its zone. */
interface LocalSpan {
  readonly from: Temporal.PlainDateTime
  readonly to: Temporal.PlainDateTime
}

/** A reading can be a day off if the zone skips a day at the date line; one more week costs nothing. */
const leeway = 7

function localSpans(times: Times, today: Temporal.PlainDate): LocalSpan[] {
  if (times.kind === 'once')
    return [{ from: Temporal.PlainDateTime.from(times.from), to: Temporal.PlainDateTime.from(times.to) }]
  const [from, to] = [Temporal.PlainTime.from(times.from), Temporal.PlainTime.from(times.to)]
  const first = today.subtract({ days: times.nights + leeway })
  const days = Array.from({ length: 366 + times.nights + 2 * leeway }, (_, days) => first.add({ days }))
  return days
    .filter((day) => times.days.some((name) => weekdays.indexOf(name) + 1 === day.dayOfWeek))
    .map((day) => ({
      from: day.toPlainDateTime(from),
      to: day.add({ days: times.nights }).toPlainDateTime(to),
    }))
}

function read({ from, to }: LocalSpan, timezone: string, edges: 'wide' | 'narrow'): TimeSpan {
  const [first, last] = edges === 'wide' ? (['earlier', 'later'] as const) : (['later', 'earlier'] as const)
  return {
    from: moment(from.toZonedDateTime(timezone, { disambiguation: first })),
    to: moment(to.toZonedDateTime(timezone, { disambiguation: last })),
  }
}

const moment = (time: Temporal.ZonedDateTime): Moment => ({
  at: new Date(time.epochMilliseconds).toISOString(),
  local: `${time.toPlainDateTime().toString({ smallestUnit: 'minute' }).replace('T', ' ')} ${time.timeZoneId}`,
})

/**
 * Reads a local time by both rules: the offset before and the offset after. They differ only at a change of
 * clocks.
 */
function readingsOf(local: Temporal.PlainDateTime, timezone: string): Readings {
  const [earlier, later] = (['earlier', 'later'] as const).map((disambiguation) =>
    local.toZonedDateTime(timezone, { disambiguation }),
  ) as [Temporal.ZonedDateTime, Temporal.ZonedDateTime]
  if (earlier.equals(later)) return { kind: 'once', moment: moment(earlier) }
  const kind = earlier.toPlainDateTime().equals(local) ? 'twice' : 'skipped'
  return { kind, readings: [reading(earlier), reading(later)] }
}

const reading = (time: Temporal.ZonedDateTime): TimeReading => ({
  moment: moment(time),
  written: `${time.toPlainDateTime().toString({ smallestUnit: 'minute' })}${time.offset}`,
})

/** A narrow span can come to nothing where clocks go forward over it. */
function isWithin({ from, to }: TimeSpan, start: number, horizon: number): boolean {
  const [begin, end] = [Date.parse(from.at), Date.parse(to.at)]
  return begin < end && end > start && begin <= horizon
}
