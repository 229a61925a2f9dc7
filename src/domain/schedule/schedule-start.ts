import type { Ledger } from '../ledger/ledger.ts'
import type { ProblemCode, ProblemWords } from '../problem.ts'
import { dueAt, endOf, findSchedule, latenessAt, type Schedule } from './schedule.ts'
import {
  endedAlready,
  notItsTurn,
  otherUnderway,
  outdated,
  tooEarly,
  tooLate,
  unknownSchedule,
} from './schedule-words.ts'

/** The verdict on starting a schedule, by one state of a ledger. */
export type Start =
  | { readonly kind: 'may'; readonly schedule: Schedule }
  | { readonly kind: 'may-not'; readonly problem: ProblemWords }

/** A run that resumes the schedule's deployment may do so at any time. */
export function startOf(ledger: Ledger, id: string, now: Date): Start {
  const schedule = findSchedule(ledger, id)
  if (schedule === null) return mayNot(unknownSchedule(id, ledger))
  const { deployment, environment } = ledger
  if (deployment?.plan.schedule?.id === id) return { kind: 'may', schedule }
  const end = endOf(schedule)
  if (end !== null) return mayNot(endedAlready(schedule, end, environment))
  const due = dueAt(schedule, now)
  if (due === 'early') return mayNot(tooEarly(schedule))
  if (due === 'late') return mayNot(tooLate(schedule, latenessAt(schedule, now), environment))
  if (deployment !== null) return mayNot(otherUnderway(schedule, deployment, environment))
  const before = ledger.schedules.pending.find((one) => one.id === schedule.after)
  if (before !== undefined) return mayNot(notItsTurn(schedule, before))
  if (ledger.serving?.release.sha !== schedule.from?.sha) return mayNot(outdated(schedule, ledger))
  return { kind: 'may', schedule }
}

const mayNot = (problem: ProblemWords): Start => ({ kind: 'may-not', problem })

/**
 * Returns true for a refusal that ends a schedule: the release or the moment was judged, and a retry would
 * say the same. Every other failure passes, like a lock or an outage of GitHub: the schedule then stays due
 * until it is too late.
 */
export const endsSchedule = (code: ProblemCode): boolean => judgements.has(code)

const judgements: ReadonlySet<ProblemCode> = new Set([
  'base-differs',
  'capacity-floor',
  'confirmation-missing',
  'destructive-refused',
  'frozen',
  'manifest-missing',
  'not-rehearsed',
  'not-verified',
  'release-blocked',
  'release-not-final',
  'release-older',
  'release-tampered',
  'schedule-missed',
  'schedule-outdated',
  'single-instance',
  'tag-ambiguous',
  'tag-missing',
  'tag-moved',
])
