import type { ApprovalRule, EnvironmentPolicy, NamedRule } from '../config/policy.ts'
import type { Underway } from '../ledger/underway.ts'
import { rollsBack } from '../plan/modes.ts'
import { isSameDeed, type Plan } from '../plan/plan.ts'
import type { Mode } from '../plan/undertaking.ts'
import { approveStep } from '../step/steps-in.ts'
import { approvalIn, approvalsIn, type GivenApproval, samePerson } from './approvals.ts'
import { type Decision, isWayBackDecision } from './decision.ts'
import { awaits, type Pause } from './pause.ts'

type Policy = Pick<EnvironmentPolicy, 'approval' | 'answers' | 'rollbackNotSelf' | 'rollbackAtLeast'>

/** People who may give an answer: `login` or `org/team`. */
export interface Answerers {
  readonly from: readonly string[]
  /** True if the people who asked for the deployment are barred although they are named. */
  readonly notSelf: boolean
}

/**
 * The approval that the policy of an environment wants for a mode. One person may go back alone: going back is free from
 * `not-self` and `at-least` unless the policy binds it.
 */
export function ruleFor(
  { approval, rollbackNotSelf = false, rollbackAtLeast = 1 }: Policy,
  mode: Mode,
): ApprovalRule {
  if (approval.kind !== 'named' || !rollsBack(mode)) return approval
  return needing({ ...approval, notSelf: approval.notSelf && rollbackNotSelf }, rollbackAtLeast)
}

/** Leaves one out, so that the digest of a plan for one approver is the same in every version. */
const needing = ({ atLeast: _, ...rule }: NamedRule, people: number): NamedRule =>
  people === 1 ? rule : { ...rule, atLeast: people }

/** The number of different people whose approval a rule needs. */
export const neededBy = (rule: ApprovalRule): number => (rule.kind === 'named' ? (rule.atLeast ?? 1) : 1)

/** The approval that a plan was made with. */
export const ruleOf = ({ steps }: Pick<Plan, 'steps'>): ApprovalRule =>
  approveStep(steps)?.rule ?? { kind: 'none' }

/**
 * Returns the approval that a stored plan needs today. Today's policy says who may approve; the stricter of
 * the two rules says what is needed, so that a gate which the config has opened since stays closed for the
 * stored plan.
 */
export function ruleToday(policy: Policy, plan: Pick<Plan, 'mode' | 'steps'>): ApprovalRule {
  const [now, planned] = [ruleFor(policy, plan.mode), ruleOf(plan)]
  if (now.kind === 'none') return planned
  if (now.kind === 'named' && planned.kind === 'named')
    return needing(
      { ...now, notSelf: now.notSelf || planned.notSelf },
      Math.max(neededBy(now), neededBy(planned)),
    )
  if (now.kind === 'reviewers' && planned.kind === 'reviewers')
    return { ...now, allowBypass: now.allowBypass && planned.allowBypass }
  return now
}

/** The people who may answer a question; null if the gate of the run is enough. */
export function answerersOf(
  policy: Policy,
  plan: Pick<Plan, 'mode' | 'steps'>,
  pause: Pick<Pause, 'kind'>,
  decision: Decision,
): Answerers | null {
  const rule = ruleToday(policy, plan)
  const approvers = rule.kind === 'named' ? { from: rule.from, notSelf: rule.notSelf } : null
  if (awaits(pause) === 'approval') return approvers
  if (policy.answers !== undefined) return { from: policy.answers, notSelf: false }
  const free = isWayBackDecision(decision) && policy.rollbackNotSelf !== true
  return approvers === null ? null : { ...approvers, notSelf: approvers.notSelf && !free }
}

/** The people who may halt: those who may answer. Null where everybody may who can run the form. */
export const haltersOf = ({ answers, approval }: Policy): readonly string[] | null =>
  answers ?? (approval.kind === 'named' ? approval.from : null)

/** The approval before a plan is executed; `given` if named people have approved the deployment that is resumed. */
export function approvalAskedFor(
  plan: Plan,
  { deployment }: { readonly deployment: Underway | null },
): ApprovalRule['kind'] | 'given' {
  const { kind } = ruleOf(plan)
  const resumes = deployment !== null && isSameDeed(deployment.plan, plan)
  return kind === 'named' && resumes && approvalIn(deployment.journal) !== null ? 'given' : kind
}

/** Returns true if named people have yet to approve a deployment: nothing of its release runs before. */
export const waitsForNames = ({ plan, journal }: Pick<Underway, 'plan' | 'journal'>): boolean =>
  ruleOf(plan).kind === 'named' && approvalIn(journal) === null

/** The approvals of a deployment that waits for more of them, or that has them. */
export interface ApprovalCount {
  readonly given: readonly GivenApproval[]
  readonly needed: number
  /** The people and teams that may still approve, as the plan names them. */
  readonly others: readonly string[]
}

/** Counts the approvals of a deployment. A policy that asks for more since is the one that counts. */
export function countApprovals({ plan, journal }: Pick<Underway, 'plan' | 'journal'>): ApprovalCount | null {
  const rule = ruleOf(plan)
  if (rule.kind !== 'named') return null
  const given = approvalsIn(journal)
  const asked = journal.flatMap((event) => (event.kind === 'approved' ? [event.needed] : []))
  const barred = rule.notSelf ? (journal.find((event) => event.kind === 'opened')?.by ?? []) : []
  const out = [...given.map(({ by }) => by), ...barred]
  return {
    given,
    needed: Math.max(neededBy(rule), ...asked),
    others: rule.from.filter((name) => !out.some((login) => samePerson(login, name))),
  }
}
