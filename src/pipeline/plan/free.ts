import { standing } from '../../domain/journal/standing.ts'
import type { Ledger } from '../../domain/ledger/ledger.ts'
import type { Obstacle } from '../../domain/ledger/obstacle.ts'
import { hasBegun } from '../../domain/ledger/underway.ts'
import type { Plan } from '../../domain/plan/plan.ts'
import { Problem, type ProblemCode } from '../../domain/problem.ts'
import type { ShownPlan } from '../../domain/shown/shown-plan.ts'
import type { Doer } from '../lock/doer.ts'
import { obstacleFor, obstacleProblem } from '../lock/in-the-way.ts'
import type { Ports } from '../ports.ts'
import type { Request } from './request.ts'
import { type ConfigReader, recall, type Survey, survey } from './survey.ts'

export type SeenAhead = Pick<
  Ports,
  'repository' | 'releases' | 'ledgers' | 'calendar' | 'clock' | 'asks' | 'issues'
>

/**
 * Returns true if a plan resumes a deployment that has changed nothing yet and has no open question: only
 * then it may be refused.
 */
export const isToBegin = ({ deployment }: Ledger, plan: Plan): boolean =>
  deployment?.plan.digest === plan.digest &&
  !hasBegun(deployment) &&
  standing(plan, deployment.journal).pause === null

/** Codes of problems that an open deployment may be the reason for: nothing serves yet, or nothing did before. */
const mayBeForAnOpenOne: readonly ProblemCode[] = ['nothing-serves', 'nothing-to-roll-back-to']

/** Surveys. Where no target is found because a deployment is open, that deployment is the answer. */
export async function surveyOrObstacle(
  ports: SeenAhead,
  config: ConfigReader,
  request: Request,
  shown: ShownPlan | null,
  doer: Doer,
): Promise<Survey | { readonly ledger: Ledger; readonly obstacle: Obstacle }> {
  try {
    return await survey(ports, config, request, shown)
  } catch (thrown) {
    if (!(thrown instanceof Problem) || !mayBeForAnOpenOne.includes(thrown.code)) throw thrown
    const { ledger } = await recall(ports, config, request)
    const obstacle = await obstacleFor(ports, ledger, doer)
    if (obstacle === null) throw thrown
    return { ledger, obstacle }
  }
}

/** Surveys behind the gate. Throws for an open deployment where that is why there is no target. */
export async function surveyWhatIsFree(
  ports: SeenAhead,
  config: ConfigReader,
  request: Request,
  shown: ShownPlan | null,
  doer: Doer,
): Promise<Survey> {
  const surveyed = await surveyOrObstacle(ports, config, request, shown, doer)
  if ('obstacle' in surveyed) throw obstacleProblem(surveyed.obstacle, surveyed.ledger)
  return surveyed
}
