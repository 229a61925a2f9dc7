import { type Times, type Weekday, weekdays } from '../../domain/config/times.ts'

/** `date`: 2026-12-18T00:00; `day`: 16:00; `week`: fri 16:00. */
export type Notation = 'date' | 'day' | 'week'

const clock = /^(?:[01]\d|2[0-3]):[0-5]\d$/

/** Returns the notation of a time; null for an invalid one, as the 30th of February. */
export function readTime(written: string): Notation | null {
  if (clock.test(written)) return 'day'
  const [day = '', time = '', ...more] = written.split(' ')
  if (isWeekday(day) && clock.test(time) && more.length === 0) return 'week'
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(written) && exists(written) ? 'date' : null
}

/** The calendar turns a day that no month has into one of the next. */
function exists(written: string): boolean {
  const time = new Date(`${written}:00Z`)
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(written)
}

/** `fri`, or all of `mon..fri`, over the end of the week if need be. */
export function readDays(written: string): Weekday[] | null {
  const [first = '', last = first, ...more] = written.split('..')
  if (!isWeekday(first) || !isWeekday(last) || more.length > 0) return null
  const begin = weekdays.indexOf(first)
  return [...weekdays, ...weekdays].slice(begin, begin + 1 + daysFrom(first, last))
}

const isWeekday = (written: string): written is Weekday => weekdays.some((day) => day === written)

const daysFrom = (first: Weekday, last: Weekday): number =>
  (weekdays.indexOf(last) - weekdays.indexOf(first) + weekdays.length) % weekdays.length

export interface TimesValue {
  readonly from: string
  readonly to: string
  readonly days?: readonly string[] | undefined
  readonly timezone: string
}

export function toTimes({ from, to, days = [], timezone }: TimesValue): Times {
  switch (readTime(from)) {
    case 'week':
      return weekly(from, to, timezone)
    case 'day':
      return {
        kind: 'weekly',
        timezone,
        days: [...new Set(days.flatMap((written) => readDays(written) ?? []))],
        from,
        to,
        nights: from < to ? 0 : 1,
      }
    default:
      return { kind: 'once', timezone, from, to }
  }
}

function weekly(from: string, to: string, timezone: string): Times {
  const [[first, begin], [last, end]] = [weekTime(from), weekTime(to)]
  const days = daysFrom(first, last)
  // Backwards on one day, it spans the rest of the week.
  const nights = days === 0 && end <= begin ? weekdays.length : days
  return { kind: 'weekly', timezone, days: [first], from: begin, to: end, nights }
}

function weekTime(written: string): [Weekday, string] {
  const [day = '', time = ''] = written.split(' ')
  if (!isWeekday(day)) throw new Error(`${written} was not checked`)
  return [day, time]
}
