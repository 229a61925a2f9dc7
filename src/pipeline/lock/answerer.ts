import type { EnvironmentPolicy } from '../../domain/config/policy.ts'
import type { Journal } from '../../domain/journal/journal.ts'
import type { Underway } from '../../domain/ledger/underway.ts'
import { Problem } from '../../domain/problem.ts'
import { approvalsIn, samePerson } from '../../domain/question/approvals.ts'
import type { Decision } from '../../domain/question/decision.ts'
import { answerersOf, neededBy, ruleToday } from '../../domain/question/gate.ts'
import { awaits, type Pause } from '../../domain/question/pause.ts'
import { known } from '../../domain/reading.ts'
import type { Ports } from '../ports.ts'
import { checkReviewers } from './approvals.ts'
import type { Doer } from './doer.ts'

/** Judges a person's answer, and the run that brings it. Throws where the person, or the run, may not. */
export async function checkAnswerer(
  { repository }: Pick<Ports, 'repository'>,
  policy: EnvironmentPolicy,
  { plan, journal }: Underway,
  pause: Pause,
  { decision, by }: { readonly decision: Decision; readonly by: string },
  { run }: Doer,
): Promise<void> {
  const rule = ruleToday(policy, plan)
  if (rule.kind === 'reviewers') await checkReviewers(repository, policy.name, rule, run)
  const answerers = answerersOf(policy, plan, pause, decision)
  if (answerers === null) return
  const asked = (login: string) => hasAsked(journal, login)
  const others = answerers.notSelf ? answerers.from.filter((name) => !asked(name)) : answerers.from
  const mayNot = (what: string, why: string) =>
    new Problem('approver-not-allowed', {
      what,
      why,
      next: `Ask one of ${others.join(', ')}. Nothing was changed, and the question still waits.`,
    })
  if (answerers.notSelf && asked(by))
    throw mayNot(
      `${by} asked for this deployment.`,
      awaits(pause) === 'approval'
        ? 'The config bars the requester from approving: not-self.'
        : `The config bars the requester from approving (not-self), and that binds the answer ${decision} too.`,
    )
  if (known(await repository.mayApprove(by, answerers)) !== null) return
  throw mayNot(
    awaits(pause) === 'approval'
      ? `${by} may not approve deployments to ${policy.name}.`
      : `${by} may not answer questions of ${policy.name}.`,
    'The config on the default branch names who may, as it is now.',
  )
}

/** True if a person asked for a deployment. */
const hasAsked = (journal: Journal, login: string): boolean =>
  journal.some((event) => event.kind === 'opened' && event.by.some((one) => samePerson(one, login)))

/** The approvals of a question, with the one that is given now. */
export interface ApprovalWeight {
  /** The logins of the others whose earlier approvals count. */
  readonly others: readonly string[]
  readonly needed: number
  readonly enough: boolean
}

/**
 * Counts the approvals by the policy of now: a person who is named no longer does not count. Throws for a second
 * approval by one person while a further person is needed.
 */
export async function weighApproval(
  { repository }: Pick<Ports, 'repository'>,
  policy: EnvironmentPolicy,
  { number, plan, journal }: Underway,
  by: string,
): Promise<ApprovalWeight> {
  const rule = ruleToday(policy, plan)
  if (rule.kind !== 'named') return { others: [], needed: 1, enough: true }
  const needed = neededBy(rule)
  const others: string[] = []
  for (const given of approvalsIn(journal)) {
    if (samePerson(given.by, by) || (rule.notSelf && hasAsked(journal, given.by))) continue
    if (known(await repository.mayApprove(given.by, rule)) !== null) others.push(given.by)
  }
  const enough = others.length + 1 >= needed
  if (!enough && approvalsIn(journal).some((given) => samePerson(given.by, by)))
    throw new Problem('approver-not-allowed', {
      what: `${by} has approved deployment ${number} of ${policy.name} already.`,
      why: `The config asks for ${needed} different people (requires.approval.at-least), and ${others.length + 1} of them have approved.`,
      next: `Ask another person to approve. ${by} may take the own approval back with withdraw.`,
    })
  return { others, needed, enough }
}
