import type { ApprovalRule } from '../../domain/config/policy.ts'
import type { Journal } from '../../domain/journal/journal.ts'
import { Problem } from '../../domain/problem.ts'
import { approvalIn, approvalsInWords } from '../../domain/question/approvals.ts'
import { known } from '../../domain/reading.ts'
import type { Run } from '../../domain/release/release.ts'
import type { Repository, Reviews } from '../ports.ts'

type Reviewers = Extract<ApprovalRule, { kind: 'reviewers' }>

/**
 * GitHub's gate is checked, not trusted: an environment that does not exist lets every job through. Returns
 * the approvers.
 */
export async function checkReviewers(
  repository: Repository,
  environment: string,
  rule: Reviewers,
  run: Run,
): Promise<string> {
  const { approved, rejected } = await reviewsOf(repository, run, environment)
  const [refusal] = rejected
  if (refusal !== undefined)
    throw new Problem('approval-rejected', {
      what: `${refusal.by} rejected this run for ${environment}.`,
      why: refusal.comment === '' ? 'No reason was given.' : `The reason given: ${refusal.comment}`,
      next: 'Nothing was changed. Start a new run when the reason is gone.',
    })
  if (approved.length > 0) return `${approvalsInWords(approved)}${ofAttempt(run)}`
  // An approval shows by itself that the environment has reviewers; without one it may have lost them since the plan.
  await checkRules(repository, environment, rule)
  if (rule.allowBypass) return 'no approval: the rules were bypassed'
  throw new Problem('approval-missing', {
    what: `No approval of this run for ${environment}.`,
    why: 'An administrator let the job through without a review, or the job that runs this step does not name the environment.',
    next: `Give the job "environment: { name: ${environment}, deployment: false }" and have a reviewer approve it; to accept what administrators let through set requires.approval.allow-bypass: true.`,
  })
}

/** GitHub lists the reviews of all attempts of a run together: the approval of a later attempt may be that of the first. */
const ofAttempt = ({ attempt }: Run): string =>
  attempt === 1 ? '' : ` (in one of the ${attempt} attempts of this run: GitHub does not tell which)`

/**
 * Reads the reviews of a run. A run without reviews is possible; but a run that GitHub does not show may have
 * been rejected.
 */
export async function reviewsOf(
  repository: Pick<Repository, 'approvals'>,
  { id, url }: Pick<Run, 'id' | 'url'>,
  environment: string,
): Promise<Reviews> {
  const reviews = known(await repository.approvals(id, environment))
  if (reviews !== null) return reviews
  throw new Problem('permission-missing', {
    what: `GitHub shows no run ${id}, so that its approvals are not known: ${url}`,
    why: 'The run was deleted, or the token belongs to another repository.',
    next: 'Start a new run, with a token that has `actions: read` here. Nothing was changed.',
  })
}

/** The words for an approval by named people. The step `approve` only runs once enough of them have said yes. */
export function namedApproval(journal: Journal): string {
  const yes = approvalIn(journal)
  return yes === null ? 'approved' : approvalsInWords(yes)
}

/** Comes first: the environment must have the gate that its config asks for. */
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
