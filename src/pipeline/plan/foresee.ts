import { standing } from '../../domain/journal/standing.ts'
import type { Ledger } from '../../domain/ledger/ledger.ts'
import { type Obstacle, obstacleInWords } from '../../domain/ledger/obstacle.ts'
import type { Underway } from '../../domain/ledger/underway.ts'
import { modes } from '../../domain/plan/modes.ts'
import { isSameDeed, type Plan } from '../../domain/plan/plan.ts'
import { refusalsToday } from '../../domain/plan/refusals.ts'
import { refusing } from '../../domain/plan/seal.ts'
import { hasExpired } from '../../domain/question/deadline.ts'
import { ruleOf } from '../../domain/question/gate.ts'
import { awaits, type Pause } from '../../domain/question/pause.ts'
import type { Release } from '../../domain/release/release.ts'
import type { Signals } from '../../domain/signal/signal.ts'
import type { Doer } from '../lock/doer.ts'
import { obstacleFor, obstacleTo } from '../lock/in-the-way.ts'
import type { Ports } from '../ports.ts'
import type { SeenAhead } from './free.ts'
import { isToBegin, surveyOrObstacle } from './free.ts'
import type { Request } from './request.ts'
import { missingServers } from './slots-there.ts'
import type { ConfigReader } from './survey.ts'

/** The result of a run behind the gate, as far as it can be known before a reviewer is asked. */
export type Foreseen =
  | { readonly kind: 'already-deployed'; readonly release: Release }
  /** `obstacle`: the reason to refuse the plan, if the environment is not free. */
  | {
      readonly kind: 'planned'
      readonly plan: Plan
      readonly ledger: Ledger
      readonly obstacle: Obstacle | null
      /** The signals that were read, whether they hold it or not. */
      readonly signals: Signals
    }
  /** Nothing can be planned before the obstacle has ended: the serving release of that time is unknown. */
  | { readonly kind: 'kept-waiting'; readonly ledger: Ledger; readonly obstacle: Obstacle }
  /** The requested deployment itself has an open question, so that another run of it would do nothing. */
  | { readonly kind: 'waits'; readonly ledger: Ledger; readonly underway: Underway; readonly pause: Pause }

/**
 * Plans, and refuses what the run behind the gate would refuse. Changes nothing. Without `balancers` none is asked: a
 * command line reads GitHub alone.
 */
export async function foresee(
  ports: SeenAhead,
  config: ConfigReader,
  request: Request,
  doer: Doer,
  balancers: Pick<Ports, 'fleet' | 'traffic'> | null = null,
): Promise<Foreseen> {
  const surveyed = await surveyOrObstacle(ports, config, request, null, doer)
  if ('obstacle' in surveyed) return { kind: 'kept-waiting', ...surveyed }
  const { ledger } = surveyed.kept
  if (surveyed.planning.kind === 'already-deployed') {
    const obstacle = await obstacleFor(ports, ledger, doer)
    return obstacle === null ? surveyed.planning : { kind: 'kept-waiting', ledger, obstacle }
  }
  const { plan } = surveyed.planning
  const waiting = waitingIn(ledger, plan, ports.clock.now())
  if (waiting !== null) return waiting
  const obstacle = await obstacleBefore(ports, ledger, plan, doer)
  const [today] = isToBegin(ledger, plan) ? refusalsToday(plan, surveyed.policy, ledger) : []
  const missing = balancers === null ? null : await missingServers(balancers, plan)
  const refusal = obstacle === null ? (today ?? missing ?? undefined) : obstacleInWords(obstacle, ledger)
  const shown = refusal === undefined ? plan : refusing(plan, refusal)
  return { kind: 'planned', plan: shown, ledger, obstacle, signals: surveyed.signals }
}

/**
 * A build holds no environment, unless named people are asked about it in the ledger. A command that resumes
 * the deployment under way is stopped by a live run alone.
 */
async function obstacleBefore(
  ports: SeenAhead,
  ledger: Ledger,
  plan: Plan,
  doer: Doer,
): Promise<Obstacle | null> {
  if (!modes[plan.mode].changesEnvironment && ruleOf(plan).kind !== 'named') return null
  const obstacle = await obstacleTo(ports, ledger, plan, doer)
  const { deployment } = ledger
  const goesOn = deployment !== null && isSameDeed(deployment.plan, plan)
  return goesOn && (obstacle?.kind === 'left' || obstacle?.kind === 'question') ? null : obstacle
}

/** The next run ends an expired wait, and asks for an approval again. */
function waitingIn(ledger: Ledger, plan: Plan, now: Date): Extract<Foreseen, { kind: 'waits' }> | null {
  const underway = ledger.deployment
  if (underway === null || !isSameDeed(underway.plan, plan)) return null
  const { pause } = standing(underway.plan, underway.journal)
  if (pause === null || awaits(pause) !== 'answer' || hasExpired(pause, now)) return null
  return { kind: 'waits', ledger, underway, pause }
}
