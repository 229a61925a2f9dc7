import { Problem } from '../domain/problem.ts'
import type { WantedTime } from '../domain/schedule/wanted-time.ts'
import { parseDuration } from './config/duration.ts'
import type { InputName } from './definitions.ts'
import { readWantedTime } from './wanted-time.ts'

/** The deployment to schedule, or the schedule to withdraw. */
export type Scheduling =
  | { readonly kind: 'withdraw'; readonly id: string }
  | {
      readonly kind: 'schedule'
      /** A tag, or `latest`. */
      readonly release: string
      readonly at: WantedTime
      /** Milliseconds. */
      readonly maxLateness: number
    }

/** A dispatcher that runs every five minutes would find nothing in less. */
const leastLateness = 5 * 60_000
const mostLateness = 7 * 24 * 3_600_000

export function readScheduling(take: (name: InputName) => string): Scheduling {
  const [id, release, at] = [take('withdraw'), take('release'), take('at')]
  if (id === '')
    return {
      kind: 'schedule',
      release: given('release', release),
      at: readWantedTime(given('at', at), take('timezone')),
      maxLateness: readLateness(take('max-lateness')),
    }
  if (at !== '' || release !== '')
    throw invalid(
      `withdraw names ${id}, and ${at === '' ? 'release' : 'at'} is given as well.`,
      'Either a schedule is taken back or another one is made, not both at once.',
      'Leave release and at empty to withdraw; to have it at another time withdraw first, then schedule.',
    )
  return { kind: 'withdraw', id: readId(id) }
}

/** The inputs that a schedule already has, or must not have. */
const notBeside = ['plan', 'only', 'backup', 'change-base', 'reset', 'confirm'] as const

/** The deployment whose migration the clock completes, by an ID like `m7` in the place of a schedule's; null for any other. */
export function readSoaked(take: (name: InputName) => string): number | null {
  const [, number] = /^m([1-9]\d{0,8})$/.exec(take('schedule')) ?? []
  return number === undefined ? null : Number(number)
}

/** The schedule that a deployment begins, or null. It is planned anew: there is no plan that was shown before. */
export function readStart(take: (name: InputName) => string): string | null {
  const id = take('schedule')
  if (id === '') return null
  const beside = notBeside.find((name) => !['', 'false'].includes(take(name)))
  if (beside === undefined) return readId(id)
  throw invalid(
    `schedule names ${id}, and ${beside} is given as well.`,
    'A schedule begins an ordinary deployment of its release, which is planned anew when it begins.',
    `Leave ${beside} out to begin the schedule, or schedule to do without it.`,
  )
}

/** The typed ID of a schedule. */
function readId(written: string): string {
  if (/^s[1-9]\d{0,8}$/.test(written)) return written
  throw invalid(
    `${JSON.stringify(written)} is no schedule.`,
    'Schedules have ids like s3: status shows those of an environment.',
    'Give the id of the one that is meant.',
  )
}

function given(name: InputName, value: string): string {
  if (value !== '') return value
  throw invalid(
    `The input ${name} is empty.`,
    'To schedule takes a release and a time; to take a schedule back takes withdraw.',
    name === 'at'
      ? 'Give at, like 2026-12-01T09:00, and timezone, like Europe/Berlin.'
      : 'Give the tag of the release, or latest.',
  )
}

function readLateness(written: string): number {
  const duration = parseDuration(written)
  if (duration !== null && duration >= leastLateness && duration <= mostLateness) return duration
  throw invalid(
    `The input max-lateness is ${JSON.stringify(written)}.`,
    'It is how late a deployment may still begin; schedules of GitHub themselves are some minutes late.',
    'Use a duration like 90m or 2h, from 5m to 7d.',
  )
}

const invalid = (what: string, why: string, next: string) => new Problem('input-invalid', { what, why, next })
