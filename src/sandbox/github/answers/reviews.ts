import type { RestEndpointMethodTypes } from '@octokit/rest'
import { type Call, ok, Refusal } from '../reply.ts'
import type { Site } from '../site.ts'
import { isApp } from '../tokens.ts'
import { type Environment, type Environments, environmentSummary, reviewerBodies } from './environments.ts'
import type { People } from './people.ts'
import { askedRun } from './runs.ts'
import type { StoredReview, WorkflowRun, WorkflowRuns } from './workflow-runs.ts'

type Review = RestEndpointMethodTypes['actions']['reviewPendingDeploymentsForRun']['parameters']

export function reviewAnswers(site: Site, people: People, environments: Environments, runs: WorkflowRuns) {
  const summaries = (name: string) => {
    const environment = environments.find(name)
    return environment === undefined ? [] : [environmentSummary(site, environment)]
  }
  const waitedFor = (run: WorkflowRun) => run.waitingFor.flatMap((name) => environments.find(name) ?? [])
  return {
    'actions/get-reviews-for-run': (call: Call) => {
      const run = askedRun(runs, call)
      const every = site.inForce('approvals-of-every-attempt')
      const reviews = runs.reviews(run.id).filter(({ attempt }) => every || attempt === run.attempt)
      return ok(
        reviews.map((review) => ({
          environments: summaries(review.environment),
          state: review.state ?? 'approved',
          user: people.user(review.user),
          comment: review.comment ?? '',
          ...(site.inForce('approvals-without-attempt-and-time') ? {} : momentOf(review)),
        })),
      )
    },
    'actions/get-pending-deployments-for-run': (call: Call) => {
      const run = askedRun(runs, call)
      return ok(
        waitedFor(run).map((environment) => ({
          environment: environmentSummary(site, environment),
          wait_timer: environment.rules.waitTimer ?? 0,
          wait_timer_started_at: environment.rules.waitTimer === undefined ? null : run.createdAt,
          current_user_can_approve: refusalOf(site, people, environment, run, call.actor) === undefined,
          reviewers: reviewerBodies(people, environment.rules),
        })),
      )
    },
    'actions/review-pending-deployments-for-run': (call: Call) => {
      const run = askedRun(runs, call)
      const { environment_ids: ids, state, comment } = call.body as Review
      const reviewed = waitedFor(run).filter(({ id }) => ids.includes(id))
      if (reviewed.length === 0) throw new Refusal(422, 'No pending deployment requests to approve or reject')
      for (const environment of reviewed) {
        const refusal = refusalOf(site, people, environment, run, call.actor)
        if (refusal !== undefined) throw refusal
        runs.addReview(run.id, { environment: environment.name, user: call.actor, comment, state })
      }
      runs.set(reviewedRun(site, runs, run, reviewed, state))
      // A job without a Deployment has none to show.
      return ok([])
    },
  }
}

const momentOf = ({ attempt, at }: StoredReview) => ({ run_attempt: attempt, created_at: at })

/** The reason for which this user may not review; undefined if there is none. */
function refusalOf(
  site: Site,
  people: People,
  { rules }: Environment,
  run: WorkflowRun,
  login: string,
): Refusal | undefined {
  if (isApp(login) && site.inForce('apps-cannot-approve'))
    return new Refusal(403, 'Resource not accessible by integration')
  const { users = [], teams = [] } = rules.reviewers ?? {}
  const named = users.includes(login) || teams.some((slug) => people.isMember(slug, login))
  if (!named && site.inForce('only-reviewers-approve'))
    return new Refusal(422, 'You are not a required reviewer of this environment')
  const own = rules.preventSelfReview === true && run.actor === login
  return own && site.inForce('prevent-self-review')
    ? new Refusal(422, 'The user who started this run cannot review it')
    : undefined
}

/** The run after a review: it goes on once every environment is approved, and ends if one is rejected. */
function reviewedRun(
  site: Site,
  runs: WorkflowRuns,
  run: WorkflowRun,
  reviewed: readonly Environment[],
  state: Review['state'],
) {
  const { id } = run
  if (state === 'rejected' && site.inForce('rejection-ends-the-run'))
    return { id, status: 'completed', conclusion: 'failure', waitingFor: [] } as const
  const done = reviewed.filter((environment) => isApproved(site, runs, run, environment))
  const waitingFor = run.waitingFor.filter((name) => !done.some((one) => one.name === name))
  return { id, waitingFor, status: waitingFor.length > 0 ? 'waiting' : 'queued' } as const
}

function isApproved(site: Site, runs: WorkflowRuns, run: WorkflowRun, { name, rules }: Environment): boolean {
  const approvals = runs.reviews(run.id).filter((one) => one.environment === name && one.state === 'approved')
  const needed = site.inForce('one-approval-suffices') ? 1 : (rules.reviewers?.users?.length ?? 1)
  return new Set(approvals.map(({ user }) => user)).size >= needed
}
