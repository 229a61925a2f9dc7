import type { Recipe } from '../../domain/config/config.ts'
import { handedOn, type Ledger } from '../../domain/journal/ledger.ts'
import type { HandedOn, Underway } from '../../domain/journal/underway.ts'
import { differences, isSameDeed, type Plan } from '../../domain/plan/plan.ts'
import { refusalsToday } from '../../domain/plan/refusals.ts'
import { uploads } from '../../domain/plan/standard-order.ts'
import { Problem } from '../../domain/problem.ts'
import type { Release } from '../../domain/release/release.ts'
import { freezingOf } from '../../domain/schedule/freeze.ts'
import { frozen } from '../../domain/schedule/freeze-words.ts'
import type { Doer } from '../lock/doer.ts'
import { type Passage, passGate } from '../lock/gate.ts'
import { refuseInTheWay } from '../lock/in-the-way.ts'
import { takeLock } from '../lock/take-lock.ts'
import { isToBegin, surveyWhatIsFree } from '../plan/foresee.ts'
import { listHosts } from '../plan/inventory.ts'
import { refuseUnproven } from '../plan/proof.ts'
import type { Request } from '../plan/request.ts'
import { type ConfigReader, recall, type Survey } from '../plan/survey.ts'
import type { Ports } from '../ports.ts'
import type { Context, Stop } from '../run/context.ts'
import { putRecordsRight, rightingRecords } from '../run/correct-records.ts'
import { type Concluded, conclude } from '../run/drive.ts'

export type Deployed =
  | { readonly kind: 'already-deployed'; readonly release: Release }
  | ({ readonly kind: 'done' } & Concluded)

/** The findings before the gate: the present plan, and whether this run may execute it. */
export type Approached =
  | { readonly kind: 'already-deployed'; readonly release: Release; readonly surveyed: Survey }
  | {
      readonly kind: 'planned'
      readonly surveyed: Survey
      readonly plan: Plan
      readonly passage: Passage
    }

/** Reads, plans and judges. `planned` is the plan that was shown to the approver. Writes nothing, and runs no command. */
export async function approach(
  ports: Ports,
  config: ConfigReader,
  request: Request,
  planned: Plan | null,
  doer: Doer,
): Promise<Approached> {
  const surveyed = await surveyWhatIsFree(ports, config, request, planned, doer)
  const { kept, policy, planning } = surveyed
  if (planning.kind === 'already-deployed') {
    await refuseInTheWay(ports, kept.ledger, doer)
    return { ...planning, surveyed }
  }
  const { plan } = planning
  refuseIfRefused(plan)
  await refuseToBeginLate(ports, surveyed, plan)
  const underway = goingOn(kept.ledger, plan)
  if (planned !== null && (underway === null || !resumes(underway, planned))) refuseIfChanged(planned, plan)
  const passage = await passGate(ports, policy, plan, underway, doer)
  return { kind: 'planned', surveyed, plan, passage }
}

/** As `approach`; a run that is refused puts the records right, as one that deploys does later. */
const approachRighting = (...given: Parameters<typeof approach>): Promise<Approached> => {
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

/** Takes one release to one environment; if named people have yet to approve it, only their question is written. */
export async function deploy(
  ports: Ports,
  config: ConfigReader,
  request: Request,
  planned: Plan | null,
  doer: Doer,
  stop: Stop,
  beforeLock: BeforeLock,
): Promise<Deployed> {
  const approached = await approachRighting(ports, config, request, planned, doer)
  const { kept, policy } = approached.surveyed
  await putRecordsRight(ports, kept.ledger, policy.url, doer)
  if (approached.kind === 'already-deployed') return { kind: approached.kind, release: approached.release }
  return { kind: 'done', ...(await begin(ports, config, approached, doer, stop, beforeLock)) }
}

/** Called before the environment is locked, with what a later step needs to find it again. */
export type BeforeLock = (app: string, environment: string) => void

export type PassedOrAsked =
  | Extract<Approached, { kind: 'already-deployed' }>
  | { readonly kind: 'passed'; readonly note: string | null }
  /** Named people are asked now; the question is in the ledger, and nothing else was done. */
  | ({ readonly kind: 'asked' } & Concluded)

/**
 * Runs the gate alone, before anything of the release is checked out: passes it, or writes the question of
 * named people.
 */
export async function passOrAsk(...given: Parameters<typeof deploy>): Promise<PassedOrAsked> {
  const [ports, config, request, planned, doer, stop, beforeLock] = given
  const approached = await approachRighting(ports, config, request, planned, doer)
  if (approached.kind === 'already-deployed') return approached
  const { passage } = approached
  if (passage.kind === 'open') return { kind: 'passed', note: passage.note }
  return { kind: 'asked', ...(await begin(ports, config, approached, doer, stop, beforeLock)) }
}

/** Executes what has passed the gate, or writes its question. Inventories are asked only behind the gate. */
export async function begin(
  ports: Ports,
  config: ConfigReader,
  { surveyed: { kept, recipe }, plan, passage }: Extract<Approached, { kind: 'planned' }>,
  doer: Doer,
  stop: Stop,
  beforeLock: BeforeLock,
): Promise<Concluded> {
  const whole = passage.kind === 'asks' ? plan : await listHosts(ports, config, plan, stop)
  refuseIfRefused(whole)
  beforeLock(plan.app, plan.environment.name)
  const session = await takeLock(ports, kept, whole, handedOnBy(recipe), doer)
  // A deployment that goes on is executed as it was planned.
  const context = { ports, plan: session.deployment.plan, session, stop }
  return conclude({ ...context, ...approvalOf(passage) }, doer.run)
}

/** Returns the approver, for the step that shows it. */
export const approvalOf = (passage: Passage): Pick<Context, 'approval'> =>
  passage.kind === 'open' && passage.note !== null ? { approval: passage.note } : {}

/** A later deployment may have to build this release again, where hosts get a file of it. */
const handedOnBy = ({ steps, services }: Recipe): HandedOn =>
  handedOn({ ...steps, build: services.some(uploads) ? steps.build : null })

export function refuseIfRefused({ refusals: [refusal] }: Plan): void {
  if (refusal !== undefined) throw new Problem(refusal.code, refusal)
}

/**
 * A deployment whose run ended before anything had changed would begin now, whenever it was planned. While it asks to
 * be approved it may ask on.
 */
async function refuseToBeginLate(
  { ledgers }: Pick<Ports, 'ledgers'>,
  { kept, policy, timetable }: Survey,
  plan: Plan,
): Promise<void> {
  const underway = kept.ledger.deployment
  if (underway === null || !isToBegin(kept.ledger, plan)) return
  const [refusal] = refusalsToday(plan, policy, kept.ledger)
  if (refusal !== undefined) throw new Problem(refusal.code, refusal)
  await refuseUnproven(ledgers, policy, kept.ledger, plan)
  const freezing = freezingOf(plan.mode, timetable)
  if (freezing === null) return
  const action = { mode: plan.mode, environment: policy.name, mayOverride: policy.freezeOverride }
  const { code, next, ...words } = frozen(freezing, { ...action, timetable, override: null })
  throw new Problem(code, {
    ...words,
    next: `${next} Deployment ${underway.number} has changed nothing yet: answer it with the decide workflow, by retry with that reason or by abandon.`,
  })
}

/** Returns true if the deployment under way has this plan, with or without its hosts. */
const resumes = ({ plan }: Underway, { digest }: Plan): boolean =>
  plan.digest === digest || plan.shownAs === digest

/** Throws if the present plan is not the approved one. */
export function refuseIfChanged(planned: Plan, now: Plan): void {
  const moved = differences(planned, now)
  if (moved.length === 0) return
  throw new Problem('plan-changed', {
    what: `The plan that was approved no longer holds: ${moved.join('; ')}.`,
    why: 'The world moved between the plan and now, so what would be done is not what was approved.',
    next: 'Start a new run: it makes a new plan to look at. Nothing was changed.',
  })
}
