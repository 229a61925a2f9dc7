import type { ApprovalRule } from '../domain/config.ts'
import type { Journal } from '../domain/journal.ts'
import { Problem } from '../domain/problem.ts'
import { known } from '../domain/reading.ts'
import type { Context } from './context.ts'
import type { Approval, Repository } from './ports.ts'
import type { StepEnd } from './step.ts'

type Rule = Exclude<ApprovalRule, { kind: 'none' }>

/** GitHub's gate is checked, not trusted: an environment that does not exist lets every job through. */
export async function checkApprovals({ ports, plan, session }: Context, rule: Rule): Promise<StepEnd> {
  if (rule.kind === 'named') return { kind: 'succeeded', note: namedApproval(session.journal) }
  const environment = plan.environment.name
  const run = session.deployment.holder
  if (run === null) throw new Error('approvals are checked by the run that holds the deployment')
  const { approved, rejected } = await ports.repository.approvals(run.id, environment)
  const [refusal] = rejected
  if (refusal !== undefined)
    throw new Problem('approval-rejected', {
      what: `${refusal.by} rejected this run for ${environment}.`,
      why: refusal.comment === '' ? 'No reason was given.' : `The reason given: ${refusal.comment}`,
      next: 'Nothing has changed. Start a new run when the reason is gone.',
    })
  if (approved.length > 0) return { kind: 'succeeded', note: approved.map(inWords).join('; ') }
  // An approval shows by itself that the environment has reviewers; without one it may have lost them since the plan.
  await checkRules(ports.repository, environment, rule)
  if (rule.allowBypass) return { kind: 'succeeded', note: 'nobody approved: the rules were bypassed' }
  throw new Problem('approval-missing', {
    what: `Nobody approved this run for ${environment}.`,
    why: 'An administrator let the job through without a review, or the job that runs this step does not name the environment.',
    next: `Give the job "environment: { name: ${environment}, deployment: false }" and have a reviewer approve it; to accept what administrators let through set requires.approval.allow-bypass: true.`,
  })
}

const inWords = ({ by, comment }: Approval): string =>
  `approved by ${by}${comment === '' ? '' : `: ${comment}`}`

/** This step only runs once somebody whom the rule names has said yes. */
function namedApproval(journal: Journal): string {
  const yes = journal.findLast((event) => event.kind === 'decided' && event.decision === 'approve')
  return yes?.kind === 'decided' ? inWords({ by: yes.by, comment: yes.reason }) : 'approved'
}

/** Before anything else: the environment must have the gate that its config asks for. */
export async function checkRules(
  repository: Repository,
  environment: string,
  rule: ApprovalRule,
): Promise<void> {
  if (rule.kind !== 'reviewers') return
  const rules = known(await repository.environmentRules(environment))
  if (rules === null)
    throw new Problem('environment-unprotected', {
      what: `There is no environment ${environment} in this repository.`,
      why: 'A job that names an unknown environment makes it, without any protection.',
      next: `Create ${environment} under Settings, Environments, with required reviewers; or correct its name in the config.`,
    })
  if (rules.reviewers.length > 0) return
  throw new Problem('environment-unprotected', {
    what: `The environment ${environment} has no required reviewers.`,
    why: 'They were never set, or the plan of this repository does not have them (private repositories have them on Enterprise only).',
    next: `Add required reviewers to ${environment}; where GitHub has none, name the people: requires: { approval: { from: [login], not-self: true } }.`,
  })
}
