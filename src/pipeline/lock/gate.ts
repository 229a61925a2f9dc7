import type { ApprovalRule, EnvironmentPolicy } from '../../domain/config/config.ts'
import type { Journal } from '../../domain/journal/journal.ts'
import { standing } from '../../domain/journal/standing.ts'
import type { Underway } from '../../domain/journal/underway.ts'
import type { Plan } from '../../domain/plan/plan.ts'
import type { Mode } from '../../domain/plan/undertaking.ts'
import { Problem } from '../../domain/problem.ts'
import type { Decision } from '../../domain/question/decision.ts'
import { answerersOf, approvalIn, ruleFor, ruleOf, ruleToday } from '../../domain/question/gate.ts'
import { awaits, type Pause } from '../../domain/question/pause.ts'
import { known } from '../../domain/reading.ts'
import type { Run } from '../../domain/release/release.ts'
import type { Approval, Ports, Repository, Reviews } from '../ports.ts'
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
  if (yes !== null) return { kind: 'open', note: inWords(yes) }
  const asks = ruleOf(plan).kind === 'named'
  if (asks || standing(plan, journal).pause !== null) return { kind: 'asks' }
  throw new Problem('approval-missing', {
    what: `None of the people whom the config names has approved deployment ${number} of ${name}.`,
    why: 'It began before the config asked for their approval, and its run has ended.',
    next: `Have one of ${from.join(', ')} answer it with the decide workflow: retry resumes it, abandon ends it.`,
  })
}

/** Judges a person's answer, and the run that brings it. Throws where the person, or the run, may not. */
export async function checkAnswerer(
  { repository }: GatePorts,
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
  if (approved.length > 0) return approved.map(inWords).join('; ')
  // An approval shows by itself that the environment has reviewers; without one it may have lost them since the plan.
  await checkRules(repository, environment, rule)
  if (rule.allowBypass) return 'no approval: the rules were bypassed'
  throw new Problem('approval-missing', {
    what: `No approval of this run for ${environment}.`,
    why: 'An administrator let the job through without a review, or the job that runs this step does not name the environment.',
    next: `Give the job "environment: { name: ${environment}, deployment: false }" and have a reviewer approve it; to accept what administrators let through set requires.approval.allow-bypass: true.`,
  })
}

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

/** The words for an approval by a named person. The step `approve` only runs once a named person has said yes. */
export function namedApproval(journal: Journal): string {
  const yes = approvalIn(journal)
  return yes === null ? 'approved' : inWords(yes)
}

const inWords = ({ by, comment }: Approval): string =>
  `approved by ${by}${comment === '' ? '' : `: ${comment}`}`

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
