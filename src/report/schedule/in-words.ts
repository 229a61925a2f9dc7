import { wholeMinutes } from '../../domain/durations.ts'
import type { Ledger } from '../../domain/ledger/ledger.ts'
import { momentInWords } from '../../domain/schedule/freeze-words.ts'
import type { EndedSchedule, Schedule } from '../../domain/schedule/schedule.ts'
import { describeEnd } from '../../domain/schedule/schedule-words.ts'
import { shortSha } from '../releases/in-words.ts'
import { alert, code, shorten, table, text } from '../text/markdown.ts'

const longest = 200

/** Returns the pending schedules, the next first; null without one. */
export function pendingTable(schedules: readonly Schedule[]): string | null {
  if (schedules.length === 0) return null
  return table(
    ['', 'release', 'at', 'at most', 'who', 'why'],
    schedules.map(({ id, release, at, maxLateness, by, reason, after, handed }) => [
      code(id),
      `**${text(release.tag)}** (${shortSha(release)})`,
      `${text(momentInWords(at))}${after === undefined ? '' : `, after ${code(after)}`}${handed === undefined ? '' : ', handed to a run'}`,
      `${wholeMinutes(maxLateness)} late`,
      text(by),
      text(shorten(reason, longest)),
    ]),
  )
}

/** Returns the release that it replaces, as Markdown. */
export const inPlaceOf = ({ from, after }: Schedule): string =>
  `${from === null ? 'nothing' : text(from.tag)}${after === undefined ? '' : `, which ${code(after)} is to bring`}`

/** Warns about a schedule whose plan another one invalidates, by its release or by its absence. */
export const spoiltAlert = ({ id, release, from }: Schedule): string =>
  alert(
    'WARNING',
    `${code(id)} (${text(release.tag)}) was planned for ${from === null ? 'an environment that nothing serves' : text(from.tag)}: it is refused if something else serves at its time. Withdraw it, and schedule it again, if that is not meant.`,
  )

/** Returns the ended schedules that did not become a deployment; the others stand among the deployments. */
export function endedTable(schedules: readonly EndedSchedule[]): string | null {
  if (schedules.length === 0) return null
  return table(
    ['', 'release', 'for', 'who', 'what became of it'],
    schedules.map((schedule) => [
      code(schedule.id),
      text(schedule.release.tag),
      text(schedule.at.local),
      text(schedule.by),
      text(shorten(describeEnd(schedule.end), longest)),
    ]),
  )
}

export const neverStarted = (ledger: Ledger): EndedSchedule[] =>
  ledger.schedules.ended.filter(({ end }) => end.kind !== 'started')

/**
 * Returns the line for the log: `s3: v1.2.0 at 2026-12-01 09:00 Europe/Berlin (2026-12-01 08:00 UTC), asked
 * for by rhea`
 */
export const pendingLine = ({ id, release, at, by }: Schedule): string =>
  `scheduled ${id}: ${release.tag} at ${momentInWords(at)}, asked for by ${by}`

export const endedLine = (schedule: EndedSchedule): string =>
  `schedule ${schedule.id} of ${schedule.release.tag} for ${schedule.at.local}, asked for by ${schedule.by}: ${describeEnd(schedule.end)}`

/** Warns the requester of another deployment: pending schedules are then refused, because another release serves. */
export function outdatedAlert(ledger: Ledger | undefined): string | null {
  const pending = ledger === undefined ? [] : ledger.schedules.pending
  if (pending.length === 0) return null
  const lines = pending.map(
    ({ id, release, at, by }) =>
      `${code(id)}: ${text(release.tag)} at ${text(momentInWords(at))}, asked for by ${text(by)}`,
  )
  return alert(
    'WARNING',
    'Something is scheduled here. It was planned for what serves now, and for what is scheduled before it: once something else serves, it is refused.',
    lines.join('<br>'),
  )
}
