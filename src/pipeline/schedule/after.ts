import { handedOn } from '../../domain/ledger/handed-on.ts'
import type { Ledger } from '../../domain/ledger/ledger.ts'
import { asThoughDone } from '../../domain/plan/expectation.ts'
import { plainDeploy } from '../../domain/plan/undertaking.ts'
import { asProblem, Problem, type ProblemWords } from '../../domain/problem.ts'
import { absent } from '../../domain/reading.ts'
import type { Moment } from '../../domain/schedule/freeze.ts'
import { pendingBefore, type Schedule } from '../../domain/schedule/schedule.ts'
import { endsSchedule } from '../../domain/schedule/schedule-start.ts'
import { wouldBeRefused } from '../../domain/schedule/schedule-words.ts'
import { plainRequest, type Request, type RequestPlace } from '../plan/request.ts'
import { type ConfigReader, type Survey, survey } from '../plan/survey.ts'
import type { Ports } from '../ports.ts'

export interface Ahead {
  readonly now: Survey
  readonly expected: Survey
  /** The last of the earlier schedules; null if the two are the same. */
  readonly after: Schedule | null
}

/**
 * Returns the world from which a later release is planned: the present one, or, with earlier pending
 * schedules, the world after all of them have succeeded. Each is planned in turn, as of its own time. Throws
 * the refusal of one of those: then the serving release of that time is unknown.
 */
export async function surveyAhead(
  ports: Ports,
  config: ConfigReader,
  request: Request,
  at: Moment,
): Promise<Ahead> {
  const now = await survey(asOf(ports, at), config, request)
  const before = pendingBefore(now.kept.ledger, at)
  const after = before.at(-1) ?? null
  if (after === null || now.kept.ledger.deployment !== null) return { now, expected: now, after: null }
  let ledger = now.kept.ledger
  for (const schedule of before) ledger = await afterwards(ports, config, request, schedule, ledger)
  return { now, expected: await survey(asOf(ports, at, ledger), config, request), after }
}

async function afterwards(
  ports: Ports,
  config: ConfigReader,
  request: RequestPlace,
  schedule: Schedule,
  ledger: Ledger,
): Promise<Ledger> {
  const coming = plainRequest(request, null, { ...plainDeploy, schedule: schedule.id })
  const { planning, recipe } = await survey(asOf(ports, schedule.at, ledger), config, coming).catch(
    (thrown) => {
      if (thrown instanceof Problem && endsSchedule(thrown.code)) throw inTheWay(schedule, thrown)
      throw thrown
    },
  )
  if (planning.kind === 'already-deployed') return ledger
  const { plan } = planning
  const [refusal] = plan.refusals
  if (refusal !== undefined) throw inTheWay(schedule, refusal)
  const { at, by, run } = schedule
  return asThoughDone(ledger, {
    plan,
    ...handedOn({
      ...recipe.steps,
      readOnly: recipe.readOnly ?? false,
      compatible: recipe.compatible ?? true,
    }),
    at: at.at,
    by,
    run,
  })
}

function inTheWay(schedule: Schedule, why: ProblemWords): Problem {
  return asProblem(wouldBeRefused(schedule, why))
}

/** The world at that time, as far as it is known; the ledger of the environment may be given. */
function asOf(ports: Ports, { at }: Moment, ledger?: Ledger): Ports {
  const clock = { ...ports.clock, now: () => new Date(at) }
  if (ledger === undefined) return { ...ports, clock, ...quiet(ports) }
  const isIt = (app: string, environment: string) => app === ledger.app && environment === ledger.environment
  const read: Ports['ledgers']['read'] = async (app, environment) =>
    isIt(app, environment) ? { head: null, ledger } : ports.ledgers.read(app, environment)
  return { ...ports, clock, ...quiet(ports), ledgers: { ...ports.ledgers, read } }
}

/** A signal of now says nothing of that time: it is read when the schedule begins. */
const quiet = ({ asks, issues }: Ports): Pick<Ports, 'asks' | 'issues'> => ({
  asks: { ...asks, read: async () => absent },
  issues: { ...issues, labelled: async () => absent },
})
