import type { ApprovalRule, EnvironmentPolicy } from '../config/policy.ts'
import type { Journal } from '../journal/journal.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Underway } from '../ledger/underway.ts'
import { modes } from '../plan/modes.ts'
import { isSameDeed, type Plan } from '../plan/plan.ts'
import type { Mode } from '../plan/undertaking.ts'
import { approveStep } from '../step/steps-in.ts'
import type { Decision } from './decision.ts'
import { awaits, type Pause } from './pause.ts'

type Policy = Pick<EnvironmentPolicy, 'approval' | 'answers' | 'rollbackNotSelf'>

/** People who may give an answer: `login` or `org/team`. */
export interface Answerers {
  readonly from: readonly string[]
  /** True if the people who asked for the deployment are barred although they are named. */
  readonly notSelf: boolean
}

/** The approval that the policy of an environment wants for a mode. Going back is free from `not-self` unless the policy binds it. */
export function ruleFor({ approval, rollbackNotSelf = false }: Policy, mode: Mode): ApprovalRule {
  if (approval.kind !== 'named' || !modes[mode].goesBack) return approval
  return { ...approval, notSelf: approval.notSelf && rollbackNotSelf }
}

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
    return { ...now, notSelf: now.notSelf || planned.notSelf }
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
  const free = decision === 'roll-back' && policy.rollbackNotSelf !== true
  return approvers === null ? null : { ...approvers, notSelf: approvers.notSelf && !free }
}

/** The approval before a plan is executed; `given` if named people have approved the deployment that is resumed. */
export function approvalAskedFor(
  plan: Plan,
  { deployment }: Pick<Ledger, 'deployment'>,
): ApprovalRule['kind'] | 'given' {
  const { kind } = ruleOf(plan)
  const resumes = deployment !== null && isSameDeed(deployment.plan, plan)
  return kind === 'named' && resumes && approvalIn(deployment.journal) !== null ? 'given' : kind
}

/** Returns true if named people have yet to approve a deployment: nothing of its release runs before. */
export const waitsForNames = ({ plan, journal }: Pick<Underway, 'plan' | 'journal'>): boolean =>
  ruleOf(plan).kind === 'named' && approvalIn(journal) === null

/** The words of the person who approved a deployment; null before an approval. */
export function approvalIn(journal: Journal): { readonly by: string; readonly comment: string } | null {
  const yes = journal.findLast((event) => event.kind === 'decided' && event.decision === 'approve')
  return yes?.kind === 'decided' ? { by: yes.by, comment: yes.reason } : null
}
