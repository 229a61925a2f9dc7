import type { EnvironmentPolicy } from '../../domain/config/policy.ts'
import { standing } from '../../domain/journal/standing.ts'
import type { Underway } from '../../domain/ledger/underway.ts'
import type { Plan } from '../../domain/plan/plan.ts'
import type { Mode } from '../../domain/plan/undertaking.ts'
import { Problem } from '../../domain/problem.ts'
import { approvalIn, approvalsInWords } from '../../domain/question/approvals.ts'
import { ruleFor, ruleOf, ruleToday } from '../../domain/question/gate.ts'
import type { Ports } from '../ports.ts'
import { checkReviewers } from './approvals.ts'
import type { Doer } from './doer.ts'

/**
 * The one gate. Every command that acts on an environment comes through here before it holds the environment or runs
 * a command of a release, and is judged by the policy of now.
 */

export type Passage =
  /** `note`: the approvers; null if the policy requires no approval. */
  | { readonly kind: 'open'; readonly note: string | null }
  /** Named people are asked, and none has approved yet: the question is written, and nothing else is done. */
  | { readonly kind: 'asks' }

type GatePorts = Pick<Ports, 'repository'>

/** Judges a run that begins a deployment, or resumes the one under way. Throws if the gate is closed. */
export async function passGate(
  { repository }: GatePorts,
  policy: EnvironmentPolicy,
  plan: Plan,
  underway: Underway | null,
  { run }: Doer,
): Promise<Passage> {
  const rule = ruleToday(policy, plan)
  if (rule.kind === 'none') return { kind: 'open', note: null }
  if (rule.kind === 'reviewers')
    return { kind: 'open', note: await checkReviewers(repository, policy.name, rule, run) }
  if (underway === null) return { kind: 'asks' }
  return resumed(policy, underway, rule.from)
}

/** Judges a run by the policy alone, where nothing is under way: at most the approvals of the run are read. */
export async function passPolicy(
  { repository }: GatePorts,
  policy: EnvironmentPolicy,
  mode: Mode,
  { run }: Doer,
): Promise<Passage> {
  const rule = ruleFor(policy, mode)
  if (rule.kind === 'named') return { kind: 'asks' }
  if (rule.kind === 'none') return { kind: 'open', note: null }
  return { kind: 'open', note: await checkReviewers(repository, policy.name, rule, run) }
}

/** A run that resumes a deployment needs no second approval; but the first one must have been given. */
function resumed(
  { name }: EnvironmentPolicy,
  { plan, journal, number }: Underway,
  from: readonly string[],
): Passage {
  const yes = approvalIn(journal)
  if (yes !== null) return { kind: 'open', note: approvalsInWords(yes) }
  const asks = ruleOf(plan).kind === 'named'
  if (asks || standing(plan, journal).pause !== null) return { kind: 'asks' }
  throw new Problem('approval-missing', {
    what: `None of the people that the config names has approved deployment ${number} of ${name}.`,
    why: 'It began before the config asked for their approval, and its run has ended.',
    next: `Have one of ${from.join(', ')} answer it with Rollgate's form: retry resumes it, abandon ends it.`,
  })
}
