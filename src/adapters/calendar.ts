// The functions of the library, not its classes: a bundler keeps those that are called.
import { getBasic } from 'temporal-polyfill/fns/Calendar'
import * as Instant from 'temporal-polyfill/fns/Instant'
import * as PlainDate from 'temporal-polyfill/fns/PlainDate'
import * as PlainDateTime from 'temporal-polyfill/fns/PlainDateTime'
import * as PlainTime from 'temporal-polyfill/fns/PlainTime'
import * as ZonedDateTime from 'temporal-polyfill/fns/ZonedDateTime'
import { type Times, weekdays } from '../domain/config/times.ts'
import type { Moment, TimeSpan } from '../domain/schedule/freeze.ts'
import type { Readings, TimeReading } from '../domain/schedule/wanted-time.ts'
import type { Calendar } from '../pipeline/ports.ts'

/** Computes with a zone's clocks, by the rules of the runtime. */
export function createCalendar(): Calendar {
  return {
    spans(times, edges, from) {
      const local = zoned(from, times.timezone)
      const horizon = ZonedDateTime.addYears(local, 1).epochMilliseconds
      return localSpans(times, ZonedDateTime.toPlainDate(local))
        .map((span) => read(span, times.timezone, edges))
        .filter((span) => isWithin(span, from.getTime(), horizon))
    },
    readings: (local, timezone) => readingsOf(plain(local), timezone),
    moment: (at, timezone) => moment(zoned(at, timezone)),
  }
}

const zoned = (at: Date, timezone: string): ZonedDateTime.Record =>
  Instant.toZonedDateTimeISO(Instant.fromEpochMilliseconds(at.getTime()), timezone)

const plain = (text: string): PlainDateTime.Record => PlainDateTime.fromString(text, getBasic)

/** A local time; it may not exist in its zone. */
interface LocalSpan {
  readonly from: PlainDateTime.Record
  readonly to: PlainDateTime.Record
}

/** A reading can be a day off if the zone skips a day at the date line; one more week costs nothing. */
const leeway = 7

function localSpans(times: Times, today: PlainDate.Record): LocalSpan[] {
  if (times.kind === 'once') return [{ from: plain(times.from), to: plain(times.to) }]
  const [from, to] = [PlainTime.fromString(times.from), PlainTime.fromString(times.to)]
  const first = PlainDate.subtractDays(today, times.nights + leeway)
  const days = Array.from({ length: 366 + times.nights + 2 * leeway }, (_, day) =>
    PlainDate.addDays(first, day),
  )
  return days
    .filter((day) => times.days.some((name) => weekdays.indexOf(name) + 1 === PlainDate.dayOfWeek(day)))
    .map((day) => ({
      from: PlainDate.toPlainDateTime(day, from),
      to: PlainDate.toPlainDateTime(PlainDate.addDays(day, times.nights), to),
    }))
}

function read({ from, to }: LocalSpan, timezone: string, edges: 'wide' | 'narrow'): TimeSpan {
  const [first, last] = edges === 'wide' ? (['earlier', 'later'] as const) : (['later', 'earlier'] as const)
  return {
    from: moment(PlainDateTime.toZonedDateTime(from, timezone, { disambiguation: first })),
    to: moment(PlainDateTime.toZonedDateTime(to, timezone, { disambiguation: last })),
  }
}

const moment = (time: ZonedDateTime.Record): Moment => ({
  at: new Date(time.epochMilliseconds).toISOString(),
  local: `${toMinute(time).replace('T', ' ')} ${time.timeZoneId}`,
})

const toMinute = (time: ZonedDateTime.Record): string =>
  PlainDateTime.toString(ZonedDateTime.toPlainDateTime(time), { smallestUnit: 'minute' })

/**
 * Reads a local time by both rules: the offset before and the offset after. They differ only at a change of
 * clocks.
 */
function readingsOf(local: PlainDateTime.Record, timezone: string): Readings {
  const [earlier, later] = (['earlier', 'later'] as const).map((disambiguation) =>
    PlainDateTime.toZonedDateTime(local, timezone, { disambiguation }),
  ) as [ZonedDateTime.Record, ZonedDateTime.Record]
  if (ZonedDateTime.equals(earlier, later)) return { kind: 'once', moment: moment(earlier) }
  const isThere = PlainDateTime.equals(ZonedDateTime.toPlainDateTime(earlier), local)
  return { kind: isThere ? 'twice' : 'skipped', readings: [reading(earlier), reading(later)] }
}

const reading = (time: ZonedDateTime.Record): TimeReading => ({
  moment: moment(time),
  written: `${toMinute(time)}${ZonedDateTime.offset(time)}`,
})

/** A narrow span can come to nothing where clocks go forward over it. */
function isWithin({ from, to }: TimeSpan, start: number, horizon: number): boolean {
  const [begin, end] = [Date.parse(from.at), Date.parse(to.at)]
  return begin < end && end > start && begin <= horizon
}
