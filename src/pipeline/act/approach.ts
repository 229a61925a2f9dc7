import type { Ledger } from '../../domain/ledger/ledger.ts'
import type { Underway } from '../../domain/ledger/underway.ts'
import { isSameDeed, type Plan } from '../../domain/plan/plan.ts'
import type { Release } from '../../domain/release/release.ts'
import type { ShownPlan } from '../../domain/shown/shown-plan.ts'
import type { Doer } from '../lock/doer.ts'
import { type Passage, passGate } from '../lock/gate.ts'
import { refuseInTheWay } from '../lock/in-the-way.ts'
import { surveyWhatIsFree } from '../plan/free.ts'
import type { Request } from '../plan/request.ts'
import { type ConfigReader, recall, type Survey } from '../plan/survey.ts'
import type { Ports } from '../ports.ts'
import { rightingRecords } from '../run/correct-records.ts'
import { refuseIfChanged, refuseIfRefused, refuseToBeginLate } from './refuse.ts'

/** The findings before the gate: the present plan, and whether this run may execute it. */
export type Approached =
  | { readonly kind: 'already-deployed'; readonly release: Release; readonly surveyed: Survey }
  | {
      readonly kind: 'planned'
      readonly surveyed: Survey
      readonly plan: Plan
      readonly passage: Passage
    }

/** Reads, plans and judges. `shown` is the plan as the approver saw it. Writes nothing, and runs no command. */
export async function approach(
  ports: Ports,
  config: ConfigReader,
  request: Request,
  shown: ShownPlan | null,
  doer: Doer,
): Promise<Approached> {
  const surveyed = await surveyWhatIsFree(ports, config, request, shown, doer)
  const { kept, policy, planning } = surveyed
  if (planning.kind === 'already-deployed') {
    await refuseInTheWay(ports, kept.ledger, doer)
    return { ...planning, surveyed }
  }
  const { plan } = planning
  refuseIfRefused(plan)
  await refuseToBeginLate(ports, surveyed, plan)
  const underway = goingOn(kept.ledger, plan)
  if (shown !== null && (underway === null || !resumes(underway, shown))) refuseIfChanged(shown, plan)
  const passage = await passGate(ports, policy, plan, underway, doer)
  return { kind: 'planned', surveyed, plan, passage }
}

/** Approaches the gate; a refused run corrects the records, as a deploying run does later. */
export const approachRighting = (...given: Parameters<typeof approach>): Promise<Approached> => {
  const [ports, config, request, , doer] = given
  return rightingRecords(
    ports,
    () => recall(ports, config, request),
    doer,
    () => approach(...given),
  )
}

/** The deployment that is under way, where the plan is its plan. */
const goingOn = ({ deployment }: Ledger, plan: Plan): Underway | null =>
  deployment !== null && isSameDeed(deployment.plan, plan) ? deployment : null

/** Returns true if the deployment under way has this plan, with or without its hosts. */
const resumes = ({ plan }: Underway, { digest }: ShownPlan): boolean =>
  plan.digest === digest || plan.shownAs === digest
