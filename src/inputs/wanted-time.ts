import { Problem } from '../domain/problem.ts'
import { invalidTime, type WantedTime } from '../domain/schedule/wanted-time.ts'
import { readTime } from './config/times.ts'
import { isZone } from './config/zone.ts'

const pattern =
  /^(\d{4}-\d\d-\d\d)[T ]((?:[01]\d|2[0-3]):[0-5]\d)(?::00(?:\.0+)?)?\s?(Z|[+-](?:0\d|1[0-4]):?[0-5]\d)?$/i

/**
 * Reads `2026-12-01T09:00` as local time in a zone, or a time with an offset like `2026-12-01T09:00+01:00`.
 * Throws `schedule-time-invalid` for a time without either: any default would be wrong for some users.
 */
export function readWantedTime(at: string, timezone: string): WantedTime {
  const zone = timezone === '' ? null : readZone(timezone)
  const [, date = '', clock = '', offset = ''] = pattern.exec(at) ?? []
  const local = `${date}T${clock}`
  if (readTime(local) !== 'date') throw notATime(at)
  if (offset !== '') return { kind: 'instant', ...instantOf(local, offset, zone) }
  if (zone !== null) return { kind: 'local', local, timezone: zone }
  throw invalid(
    `${at} says no zone.`,
    'At that time the clocks of different places show different things, and there is no default.',
    `Give timezone: Europe/Berlin, or whichever is meant; or write an instant, like ${local}+01:00 or ${local}Z.`,
  )
}

/** A time without a zone is shown as it was written. */
function instantOf(local: string, offset: string, zone: string | null) {
  const utc = offset.toUpperCase() === 'Z'
  const full = offset.replace(/^([+-]\d\d):?(\d\d)$/, '$1:$2')
  return {
    at: new Date(`${local}:00${utc ? 'Z' : full}`).toISOString(),
    timezone: zone ?? (utc ? 'UTC' : full),
  }
}

function readZone(timezone: string): string {
  if (isZone(timezone)) return timezone
  throw invalid(
    `${JSON.stringify(timezone)} is no zone.`,
    'It is misspelt, or an abbreviation or an offset, which do not say when clocks change.',
    'Use a name of the IANA list, like Europe/Berlin or America/New_York.',
  )
}

const notATime = (at: string) =>
  invalid(
    `${JSON.stringify(at)} is no time.`,
    'It is misspelt, or there is no such day.',
    'Write it like 2026-12-01T09:00 and give timezone; or as an instant, like 2026-12-01T09:00+01:00.',
  )

const invalid = (what: string, why: string, next: string): Problem => {
  const words = invalidTime(what, why, next)
  return new Problem(words.code, words)
}
