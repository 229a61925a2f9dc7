import * as z from 'zod/mini'
import { readDays, readTime } from '../times.ts'
import { code, nearest } from '../wording.ts'
import { isZone, zones } from '../zone.ts'
import { expected } from './shapes.ts'
import { key, required, vocabulary } from './vocabulary.ts'

const timeWords = 'a time like 2026-12-18T00:00, "16:00" or fri 16:00'

const time = z
  .string({ error: expected(timeWords) })
  .check(z.refine((written) => readTime(written) !== null, { error: ({ input }) => noTime(String(input)) }))
  .register(vocabulary, { words: timeWords })

function noTime(written: string): string {
  return `${expected(timeWords)({ input: written })}${hintAbout(written)}`
}

function hintAbout(written: string): string {
  if (/T.*(?:Z|[+-]\d\d:?\d\d)$/.test(written))
    return ': write it as the clocks of `timezone` show it, without `Z` or an offset'
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(written) ? ': there is no such day or time' : ''
}

const dayWords = 'a day like fri, or several like mon..fri'
const daysWords = 'a list of days like [fri], or [mon..fri]'

const days = z
  .array(
    z.string({ error: expected(dayWords) }).check(
      z.refine((written) => readDays(written) !== null, {
        error: ({ input }) => noDay(String(input)),
      }),
    ),
    { error: expected(daysWords) },
  )
  .check(z.minLength(1, { error: () => 'names no day: add one, like fri' }))
  .register(vocabulary, { words: daysWords })

function noDay(written: string): string {
  const short = written.toLowerCase().slice(0, 3)
  const hint = readDays(short) === null ? '' : `: did you mean ${code(short)}?`
  return `${expected(dayWords)({ input: written })}${hint}`
}

const zoneWords = 'the name of a time zone like Europe/Berlin'

const zone = z
  .string({ error: expected(zoneWords) })
  .check(z.refine(isZone, { error: ({ input }) => noZone(String(input)) }))
  .register(vocabulary, { words: zoneWords })

function noZone(written: string): string {
  const near = nearest(written, zones())
  const hint =
    near === null
      ? ': use a name of the IANA list, which knows when its clocks change'
      : `; did you mean ${code(near)}?`
  return `there is no time zone ${code(written)}${hint}`
}

interface Written {
  readonly from: string
  readonly to: string
  readonly days?: readonly string[] | undefined
}

/** Keys of a rule with times; `what` names the rule. */
export const timeKeys = (what: string) => ({
  from: required(time, `The start of ${what}: a date, or a time of each week.`),
  to: required(
    time,
    `The end of ${what}, without that minute. A time of day at or before \`from\` is on the next day.`,
  ),
  days: key(days, `The days on which ${what} begins, if \`from\` and \`to\` are times of day.`),
  timezone: required(zone, 'The time zone of these times; no default.'),
})

/** The rules between the times of a rule, once each of them can be read. */
export const timeRules = [
  timeRule('to', 'is not written as `from` is: give both a date, both a day of the week, or neither', alike),
  timeRule(
    'to',
    'ends before it begins, or as it begins',
    ({ from, to }) => readTime(from) !== 'date' || readTime(to) !== 'date' || from < to,
  ),
  timeRule(
    'to',
    'ends as it begins: a week of it would be for ever',
    ({ from, to }) => readTime(from) !== 'week' || readTime(to) !== 'week' || from !== to,
  ),
  timeRule(
    'from',
    'is a time of a day: say on which `days`, or write a date',
    ({ from, to, days }) => readTime(from) !== 'day' || readTime(to) !== 'day' || days !== undefined,
  ),
  timeRule(
    'days',
    'belongs to times of a day, like "16:00": remove it, or write `from` and `to` so',
    ({ from, to, days }) => days === undefined || !alike({ from, to }) || readTime(from) === 'day',
  ),
] as const

function alike({ from, to }: Written): boolean {
  return readTime(from) === readTime(to)
}

function timeRule(at: keyof Written, words: string, holds: (written: Written) => boolean) {
  return z.refine<Written>(holds, {
    path: [at],
    error: () => words,
    when: ({ issues }) => issues.length === 0,
  })
}
