import { momentInWords } from './freeze-words.ts'
import type { Ledger } from './ledger.ts'
import type { ProblemWords } from './problem.ts'
import { describeRelease } from './release.ts'
import {
  type EndedSchedule,
  latenessAt,
  type PlannedFor,
  type Schedule,
  type ScheduleEnd,
  schedulesOf,
} from './schedule.ts'
import { wholeMinutes } from './time-words.ts'

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

/** What people wrote, or another problem says, may end in a full stop of its own. */
export const sentence = (words: string): string => (/[.!?]$/.test(words) ? words : `${words}.`)

export const unknownSchedule = (id: string, { environment, ...ledger }: Ledger): ProblemWords => {
  const waiting = schedulesOf(ledger).pending.map((one) => one.id)
  return {
    code: 'schedule-unknown',
    what: `${environment} has no schedule ${id}.`,
    why: 'It is misspelt, it is of another environment, or it ended so long ago that nobody remembers it.',
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

/** Why a schedule came to no deployment; null for one that did, or that somebody took back. */
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

export const otherUnderway = (
  { id }: Schedule,
  { number, plan }: NonNullable<Ledger['deployment']>,
  environment: string,
): ProblemWords => ({
  code: 'deployment-open',
  what: `Deployment ${number} (${plan.mode} ${plan.release.tag}) of ${environment} has begun and not ended.`,
  why: `${id} was planned for what served when it was asked for, and takes no other deployment's place.`,
  next: `End that deployment. ${id} stays scheduled, and begins if it is not too late by then. Nothing was changed.`,
})

export const outdated = (schedule: Schedule, { serving, environment }: Ledger): ProblemWords => ({
  code: 'schedule-outdated',
  what: `${environment} serves ${nameOf(serving?.release ?? null)} now; when ${schedule.id} was asked for it served ${nameOf(schedule.from)}.`,
  why: `Something was deployed or rolled back after ${schedule.by} scheduled ${schedule.release.tag} at ${schedule.asked}.`,
  next: `Look whether ${schedule.release.tag} is still wanted, then schedule it again or deploy it now. Nothing was changed.`,
})

const nameOf = (release: Schedule['from']): string =>
  release === null ? 'nothing' : describeRelease(release)

export const scheduledTwice = (schedule: Schedule, environment: string): ProblemWords => ({
  code: 'schedule-exists',
  what: `${schedule.release.tag} is scheduled in ${environment} for that time already, as ${schedule.id}.`,
  why: `${schedule.by} asked for it at ${schedule.asked}.`,
  next: `Nothing more is needed. To have it at another time withdraw ${schedule.id} and schedule it again.`,
})
