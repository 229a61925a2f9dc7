import type { Ledger } from '../../domain/ledger/ledger.ts'
import { Problem } from '../../domain/problem.ts'
import { awaits, type Pause } from '../../domain/question/pause.ts'
import { dueAt, findSchedule, latenessAt, type Schedule } from '../../domain/schedule/schedule.ts'
import { startOf } from '../../domain/schedule/schedule-start.ts'
import { tooLate } from '../../domain/schedule/schedule-words.ts'
import type { Ports } from '../ports.ts'

/**
 * Returns the schedule that this run starts or resumes. Throws why it may not, and `input-invalid` for
 * another release than its own.
 */
export function startSchedule(
  { clock }: Pick<Ports, 'clock'>,
  ledger: Ledger,
  id: string,
  { tag = null }: { readonly tag?: string | null } = {},
): Schedule {
  const start = startOf(ledger, id, clock.now())
  if (start.kind === 'may-not') throw new Problem(start.problem.code, start.problem)
  const { schedule } = start
  if (tag === null || tag === schedule.release.tag) return schedule
  throw new Problem('input-invalid', {
    what: `The input release is ${tag}, and ${id} is a schedule of ${schedule.release.tag}.`,
    why: 'A schedule has its release from the time at which it was asked for.',
    next: 'Leave release out, or name the schedule that is meant.',
  })
}

/**
 * Named people are asked once the schedule has started; their late approval misses the schedule, as one of
 * reviewers does.
 */
export function refuseLateStart({ clock }: Pick<Ports, 'clock'>, ledger: Ledger, pause: Pause): void {
  const scheduled = awaits(pause) === 'approval' ? (ledger.deployment?.plan.schedule ?? null) : null
  const schedule = scheduled === null ? null : findSchedule(ledger, scheduled.id)
  const now = clock.now()
  if (schedule === null || dueAt(schedule, now) !== 'late') return
  const { code, next, ...words } = tooLate(schedule, latenessAt(schedule, now), ledger.environment)
  throw new Problem(code, { ...words, next: `${next} Answer question ${pause.id} with reject.` })
}
