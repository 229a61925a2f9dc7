import { wholeMinutes } from '../durations.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { openInWords } from '../ledger/underway-words.ts'
import type { ProblemWords } from '../problem.ts'
import { describeRelease } from '../release/release.ts'
import { momentInWords } from './freeze-words.ts'
import {
  type EndedSchedule,
  endOf,
  findSchedule,
  latenessAt,
  type PlannedFor,
  type Schedule,
  type ScheduleEnd,
} from './schedule.ts'

/** `s3: v1.2.0 (1a2b3c4) at 2026-12-01 09:00 Europe/Berlin (2026-12-01 08:00 UTC)` */
export const describeSchedule = ({ id, release, at }: Pick<Schedule, 'id' | 'release' | 'at'>): string =>
  `${id}: ${describeRelease(release)} at ${momentInWords(at)}`

/** `scheduled as s3 for 2026-12-01 09:00 Europe/Berlin, 3 min late` */
export const describeStart = ({ id, at }: PlannedFor, startedAt: string): string =>
  `scheduled as ${id} for ${at.local}, ${wholeMinutes(latenessAt({ at }, startedAt))} late`

/** `was started as deployment 7, 3 min late` */
export function describeEnd(end: ScheduleEnd): string {
  switch (end.kind) {
    case 'started':
      return `was started as deployment ${end.deployment}, ${wholeMinutes(end.late)} late`
    case 'withdrawn':
      return `was withdrawn by ${end.by}: ${end.reason}`
    case 'missed':
      return `was missed: ${wholeMinutes(end.late)} after its time it had not begun`
    case 'refused':
      return `was refused: ${end.problem.what}`
  }
}

/** Text of a person or of another problem may end in a full stop of its own. */
export const sentence = (words: string): string => (/[.!?]$/.test(words) ? words : `${words}.`)

export const unknownSchedule = (id: string, { environment, ...ledger }: Ledger): ProblemWords => {
  const waiting = ledger.schedules.pending.map((one) => one.id)
  return {
    code: 'schedule-unknown',
    what: `${environment} has no schedule ${id}.`,
    why: 'It is misspelt, it is of another environment, or it ended long ago and is forgotten.',
    next:
      waiting.length === 0
        ? 'Nothing is scheduled there.'
        : `These are scheduled there: ${waiting.join(', ')}.`,
  }
}

export const endedAlready = (schedule: Schedule, end: ScheduleEnd, environment: string): ProblemWords => ({
  code: 'schedule-ended',
  what: sentence(`${schedule.id} of ${environment} ${describeEnd(end)}`),
  why: `That was at ${end.at}; a schedule begins at most once.`,
  next:
    end.kind === 'started'
      ? `Look at deployment ${end.deployment} of ${environment}. Nothing was changed by this run.`
      : `To deploy ${schedule.release.tag} after all, deploy it now or schedule it again. Nothing was changed.`,
})

export const tooEarly = (schedule: Schedule): ProblemWords => ({
  code: 'schedule-early',
  what: `${schedule.id} is scheduled for ${momentInWords(schedule.at)}, and that is still to come.`,
  why: 'It was started by hand, or the clock of this runner is slow.',
  next: `Leave it to the dispatch workflow; to deploy ${schedule.release.tag} now do so without the schedule, and withdraw ${schedule.id}.`,
})

export const tooLate = (schedule: Schedule, late: number, environment: string): ProblemWords => ({
  code: 'schedule-missed',
  what: `${schedule.id} (${schedule.release.tag}) was missed in ${environment}: it was due at ${momentInWords(schedule.at)}, and is ${wholeMinutes(late)} late.`,
  why: `It may begin at most ${wholeMinutes(schedule.maxLateness)} late: ${whyLate(schedule)}`,
  next: `@${schedule.by} asked for it: schedule it again, or deploy it now. Nothing was changed.`,
})

const whyLate = ({ handed }: Schedule): string =>
  handed === undefined
    ? 'another deployment was under way, or the dispatch workflow did not run.'
    : 'the run that was to start it was not approved in time, found another deployment under way, or failed.'

/** Returns the reason why a schedule did not become a deployment; null for one that did, or was withdrawn. */
export function whyNotBegun(schedule: EndedSchedule, environment: string): ProblemWords | null {
  const { end } = schedule
  switch (end.kind) {
    case 'started':
    case 'withdrawn':
      return null
    case 'missed':
      return tooLate(schedule, end.late, environment)
    case 'refused':
      return end.problem
  }
}

/** Describes the refusal of a schedule before the requested one. */
export const wouldBeRefused = (
  { id, release, at }: Schedule,
  { code, what, why }: ProblemWords,
): ProblemWords => ({
  code,
  what: `Before that ${id} (${release.tag}) is to be deployed, at ${momentInWords(at)}, and as things stand it would be refused: ${what}`,
  why,
  next: `See to ${id} or withdraw it, then schedule this one. Nothing was changed.`,
})

export const servesByThen = ({ id, release, at }: Schedule, environment: string): ProblemWords => ({
  code: 'schedule-exists',
  what: `${release.tag} will serve ${environment} by then: it is scheduled as ${id} for ${momentInWords(at)}.`,
  why: 'A schedule is for what serves then, if what is scheduled before it goes well.',
  next: `Nothing more is needed. To have it later withdraw ${id}.`,
})

/** Only a manual start meets this problem: the dispatch workflow takes one schedule after another. */
export const notItsTurn = ({ id }: Schedule, before: Schedule): ProblemWords => ({
  code: 'schedule-early',
  what: `${id} is to follow ${before.id} (${before.release.tag}), which has not begun.`,
  why: `It was started by hand, before ${before.id} was.`,
  next: `Leave both to the dispatch workflow, or withdraw ${before.id}. Nothing was changed.`,
})

export const otherUnderway = (
  { id }: Schedule,
  underway: NonNullable<Ledger['deployment']>,
  environment: string,
): ProblemWords => ({
  code: 'deployment-open',
  what: openInWords(underway, environment),
  why: `${id} was planned for what served when it was asked for, and takes no other deployment's place.`,
  next: `End that deployment. ${id} stays scheduled, and begins if it is not too late by then. Nothing was changed.`,
})

export function outdated(schedule: Schedule, ledger: Ledger): ProblemWords {
  const { id, release, by, asked, after, from } = schedule
  const serves = `${ledger.environment} serves ${nameOf(ledger.serving?.release ?? null)} now`
  return {
    code: 'schedule-outdated',
    what:
      after === undefined
        ? `${serves}; when ${id} was asked for it served ${nameOf(from)}.`
        : `${serves}; ${id} was to follow ${after}, after which ${nameOf(from)} serves.`,
    why:
      after === undefined
        ? `Something was deployed or rolled back after ${by} scheduled ${release.tag} at ${asked}.`
        : whatBecameOf(after, ledger),
    next: `Look whether ${release.tag} is still wanted, then schedule it again or deploy it now. Nothing was changed.`,
  }
}

function whatBecameOf(id: string, ledger: Ledger): string {
  const before = findSchedule(ledger, id)
  const end = before === null ? null : endOf(before)
  return end === null
    ? `${id} has not come to it, or something was deployed or rolled back since.`
    : sentence(
        `${id} ${describeEnd(end)}${end.kind === 'started' ? '; it failed, or something came after it' : ''}`,
      )
}

const nameOf = (release: Schedule['from']): string =>
  release === null ? 'nothing' : describeRelease(release)

export const scheduledTwice = (schedule: Schedule, environment: string): ProblemWords => ({
  code: 'schedule-exists',
  what: `${schedule.release.tag} is scheduled in ${environment} for that time already, as ${schedule.id}.`,
  why: `${schedule.by} asked for it at ${schedule.asked}.`,
  next: `Nothing more is needed. To have it at another time withdraw ${schedule.id} and schedule it again.`,
})
