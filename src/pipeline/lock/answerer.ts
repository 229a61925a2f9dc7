import type { EnvironmentPolicy } from '../../domain/config/policy.ts'
import type { Underway } from '../../domain/ledger/underway.ts'
import { Problem } from '../../domain/problem.ts'
import type { Decision } from '../../domain/question/decision.ts'
import { answerersOf, ruleToday } from '../../domain/question/gate.ts'
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
  const opened = journal.find((event) => event.kind === 'opened')
  const asked = (login: string) => opened?.by.some((one) => same(one, login)) ?? false
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

const same = (login: string, other: string): boolean => login.toLowerCase() === other.toLowerCase()
