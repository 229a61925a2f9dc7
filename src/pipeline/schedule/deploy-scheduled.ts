import type { EnvironmentPolicy } from '../../domain/config/policy.ts'
import { scheduleOf } from '../../domain/plan/undertaking.ts'
import { Problem } from '../../domain/problem.ts'
import { latenessAt, type Schedule, type ScheduleEnd } from '../../domain/schedule/schedule.ts'
import { endsSchedule } from '../../domain/schedule/schedule-start.ts'
import type { ActingRun } from '../act/acting-run.ts'
import { type Deployed, deploy } from '../act/deploy.ts'
import type { Request } from '../plan/request.ts'
import { recall } from '../plan/survey.ts'
import { type JustEnded, noteEnd } from './keeping.ts'

/** A schedule that was refused for good, with the policy of where that was. */
export interface RefusedSchedule extends JustEnded {
  readonly policy: EnvironmentPolicy
}

/** Deploys for a schedule, planned anew. `refused` gets a final refusal before it is thrown. */
export const deployScheduled = (
  run: ActingRun,
  request: Request,
  refused: (refused: RefusedSchedule) => Promise<void>,
): Promise<Deployed> => asScheduled(run, request, refused, () => deploy(run, request, null))

/**
 * Begins a schedule. A final refusal is kept, so that it is not retried every few minutes; any other failure
 * leaves the schedule due until it is too late.
 */
export async function asScheduled<T>(
  run: ActingRun,
  request: Request,
  refused: (refused: RefusedSchedule) => Promise<void>,
  begin: () => Promise<T>,
): Promise<T> {
  try {
    // A faster run may have withdrawn it, or scheduled another release: a second look tells which.
    return await begin().catch((thrown) => (isLocked(thrown) ? begin() : Promise.reject(thrown)))
  } catch (thrown) {
    if (thrown instanceof Problem && endsSchedule(thrown.code)) {
      const kept = await keepRefusal(run, request, thrown)
      if (kept !== null) await refused(kept)
    }
    throw thrown
  }
}

const isLocked = (thrown: unknown): boolean =>
  thrown instanceof Problem && thrown.code === 'environment-locked'

async function keepRefusal(
  { ports, config, doer }: ActingRun,
  request: Request,
  problem: Problem,
): Promise<RefusedSchedule | null> {
  const id = scheduleOf(request.undertaking)
  if (id === null) return null
  const { ledger, policy } = await recall(ports, config, request)
  const now = ports.clock.now()
  const ended = await noteEnd(ports, ledger, id, doer, (one) => endBy(problem, one, now))
  return ended === null ? null : { ...ended, policy }
}

function endBy(problem: Problem, schedule: Schedule, now: Date): ScheduleEnd {
  const at = now.toISOString()
  return problem.code === 'schedule-missed'
    ? { kind: 'missed', at, late: latenessAt(schedule, now) }
    : { kind: 'refused', at, problem: problem.words }
}
