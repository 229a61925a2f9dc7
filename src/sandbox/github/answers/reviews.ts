import { type Call, ok } from '../reply.ts'
import type { Site } from '../site.ts'
import { type Environments, environmentSummary, reviewerBodies } from './environments.ts'
import type { People } from './people.ts'
import { askedRun } from './runs.ts'
import type { WorkflowRuns } from './workflow-runs.ts'

export function reviewAnswers(site: Site, people: People, environments: Environments, runs: WorkflowRuns) {
  const summaries = (name: string) => {
    const environment = environments.find(name)
    return environment === undefined ? [] : [environmentSummary(site, environment)]
  }
  return {
    'actions/get-reviews-for-run': (call: Call) => {
      const reviews = runs.reviews(askedRun(runs, call).id)
      return ok(
        reviews.map(({ environment, user, comment = '', state = 'approved' }) => ({
          environments: summaries(environment),
          state,
          user: people.user(user),
          comment,
        })),
      )
    },
    'actions/get-pending-deployments-for-run': (call: Call) => {
      const run = askedRun(runs, call)
      const waiting = run.waitingFor.flatMap((name) => environments.find(name) ?? [])
      return ok(
        waiting.map((environment) => ({
          environment: environmentSummary(site, environment),
          wait_timer: environment.rules.waitTimer ?? 0,
          wait_timer_started_at: environment.rules.waitTimer === undefined ? null : run.createdAt,
          current_user_can_approve: environment.rules.reviewers?.users?.includes(call.actor) ?? false,
          reviewers: reviewerBodies(people, environment.rules),
        })),
      )
    },
  }
}
