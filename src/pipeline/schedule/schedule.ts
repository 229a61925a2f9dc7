import { emptyLedger, type Ledger } from '../../domain/ledger/ledger.ts'
import { openInWords } from '../../domain/ledger/underway-words.ts'
import type { Plan } from '../../domain/plan/plan.ts'
import { asProblem, Problem } from '../../domain/problem.ts'
import type { Release } from '../../domain/release/release.ts'
import type { Moment } from '../../domain/schedule/freeze.ts'
import { momentInWords } from '../../domain/schedule/freeze-words.ts'
import { type Schedule, withSchedule } from '../../domain/schedule/schedule.ts'
import { describeSchedule, scheduledTwice, servesByThen } from '../../domain/schedule/schedule-words.ts'
import type { WantedTime } from '../../domain/schedule/wanted-time.ts'
import { compareAndSwap } from '../lock/compare-and-swap.ts'
import type { Doer } from '../lock/doer.ts'
import { refuseWhileAtWork } from '../lock/in-the-way.ts'
import { pinLatest } from '../plan/latest.ts'
import type { Request } from '../plan/request.ts'
import { type ConfigReader, recall } from '../plan/survey.ts'
import type { Ports } from '../ports.ts'
import { putRecordsRight, rightingRecords } from '../run/correct-records.ts'
import { surveyAhead } from './after.ts'
import { momentOf } from './time.ts'

/** The request to deploy later. */
export interface ScheduleRequest {
  readonly request: Request
  readonly at: WantedTime
  /** Milliseconds. */
  readonly maxLateness: number
  readonly reason: string
  /** A login. */
  readonly by: string
}

export type Scheduled =
  | {
      readonly kind: 'scheduled'
      readonly schedule: Schedule
      readonly plan: Plan
      readonly ledger: Ledger
      /** The ledger that the plan was made from: the expected one, with earlier schedules done. */
      readonly expected: Ledger
    }
  | { readonly kind: 'already-deployed'; readonly release: Release }

/**
 * Writes a schedule. It is planned in full, as of its own time: a refusal of then is a refusal now. Earlier
 * schedules are assumed to succeed. This plan decides nothing; at its time the deployment is planned anew.
 */
export async function schedule(
  ports: Ports,
  config: ConfigReader,
  scheduling: ScheduleRequest,
  doer: Doer,
): Promise<Scheduled> {
  const write = () => writeDown(ports, config, scheduling, doer)
  return rightingRecords(ports, () => recall(ports, config, scheduling.request), doer, write)
}

async function writeDown(
  ports: Ports,
  config: ConfigReader,
  scheduling: ScheduleRequest,
  doer: Doer,
): Promise<Scheduled> {
  const at = momentOf(ports, scheduling.at)
  const tag = await pinLatest(ports.releases, scheduling.request.tag)
  const request = { ...scheduling.request, tag }
  return compareAndSwap(request.environment, async () => {
    const { now, expected, after } = await surveyAhead(ports, config, request, at)
    const { kept, policy } = now
    await putRecordsRight(ports, kept.ledger, policy.url, doer)
    const { planning } = expected
    if (planning.kind === 'already-deployed') {
      if (after !== null) throw servesAlready(after, at, kept.ledger)
      return planning
    }
    const { plan } = planning
    await refuseWhileAtWork(ports, kept.ledger, doer)
    refuseWhileOpen(kept.ledger)
    refuseIfRefused(plan, at)
    const asked = { at, ...whoAsks(scheduling), asked: ports.clock.now().toISOString(), run: doer.run.url }
    const from = plan.from === null ? null : idOf(plan.from)
    const follows = after === null ? { from } : { from, after: after.id }
    const before = kept.head === null ? emptyLedger(plan.app, plan.environment.name) : kept.ledger
    const [ledger, schedule] = withSchedule(before, { release: idOf(plan.release), ...follows, ...asked })
    const words = `${schedule.by} scheduled ${describeSchedule(schedule)}: ${schedule.reason}`
    const head = await ports.ledgers.append(kept.head, ledger, words)
    return head === null
      ? null
      : { kind: 'scheduled', schedule, plan, ledger, expected: expected.kept.ledger }
  })
}

const whoAsks = ({ maxLateness, by, reason }: ScheduleRequest) => ({ maxLateness, by, reason })
const idOf = ({ tag, sha }: Release) => ({ tag, sha })

/** A plan against the serving release would be outdated as soon as the open deployment has succeeded. */
function refuseWhileOpen({ deployment, environment }: Ledger): void {
  if (deployment === null) return
  throw new Problem('deployment-open', {
    what: openInWords(deployment, environment),
    why: 'A schedule is for what serves when it is asked for, and what will serve after that deployment is not known yet.',
    next: 'End that deployment first, then schedule this one. Nothing was changed.',
  })
}

function refuseIfRefused({ refusals: [refusal] }: Plan, at: Moment): void {
  if (refusal === undefined) return
  const { code, what, why, next } = refusal
  throw new Problem(code, {
    what: `As of ${momentInWords(at)}: ${what}`,
    why,
    next: `${next} Overrides and acknowledgements cannot be scheduled: a person who may give them deploys at that time.`,
  })
}

/** Returns true if an earlier schedule brings the release, perhaps at the very same time. */
function servesAlready(before: Schedule, at: Moment, { environment }: Ledger): Problem {
  const same = before.at.at === at.at
  return asProblem(same ? scheduledTwice(before, environment) : servesByThen(before, environment))
}
