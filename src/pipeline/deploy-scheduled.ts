import { Problem } from '../domain/problem.ts'
import { latenessAt, type Schedule, type ScheduleEnd } from '../domain/schedule.ts'
import { endsSchedule } from '../domain/schedule-start.ts'
import type { Stop } from './context.ts'
import { type Deployed, deploy } from './deploy.ts'
import type { Doer } from './hold.ts'
import type { Ports } from './ports.ts'
import { noteEnd } from './schedule-keeping.ts'
import { type ConfigReader, type Request, recall } from './survey.ts'

/**
 * Deploys what a schedule asks for, planned anew. What is refused for good is kept as that, so that it is not tried
 * every few minutes; what only cannot begin at this moment stays due until it is too late.
 */
export async function deployScheduled(
  ports: Ports,
  config: ConfigReader,
  request: Request & { readonly schedule: string },
  doer: Doer,
  stop: Stop,
  holding: (app: string, environment: string) => void,
): Promise<Deployed> {
  const begin = () => deploy(ports, config, request, null, doer, stop, holding)
  try {
    // Whoever was faster may have withdrawn it, or scheduled something else: a second look tells which.
    return await begin().catch((thrown) => (isLocked(thrown) ? begin() : Promise.reject(thrown)))
  } catch (thrown) {
    if (thrown instanceof Problem && endsSchedule(thrown.code))
      await keepRefusal(ports, config, request, thrown, doer)
    throw thrown
  }
}

const isLocked = (thrown: unknown): boolean =>
  thrown instanceof Problem && thrown.code === 'environment-locked'

async function keepRefusal(
  ports: Ports,
  config: ConfigReader,
  request: Request & { readonly schedule: string },
  problem: Problem,
  doer: Doer,
): Promise<void> {
  const { ledger } = await recall(ports, config, request)
  const now = ports.clock.now()
  await noteEnd(ports, ledger, request.schedule, doer, (schedule) => endBy(problem, schedule, now))
}

function endBy(problem: Problem, schedule: Schedule, now: Date): ScheduleEnd {
  const at = now.toISOString()
  return problem.code === 'schedule-missed'
    ? { kind: 'missed', at, late: latenessAt(schedule, now) }
    : { kind: 'refused', at, problem: problem.words }
}
