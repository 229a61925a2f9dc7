import type { RulesTable } from '../rule.ts'
import { documented, inferred, left, reported } from './row.ts'

const environments = 'docs: actions/reference/workflows-and-actions/deployments-and-environments'
const gating = 'docs: data/reusables/gated-features/environments.md @602c9178'
const managing = 'docs: deploy/configure-and-manage-deployments/manage-environments'
const reviews = 'OpenAPI description 23.0.2, actions/review-pending-deployments-for-run'
const history = 'OpenAPI description 23.0.2, actions/get-reviews-for-run'
const read = '2026-10'

/** Environments, their protection, and the reviews of runs. */
export const environmentRules = {
  'environment-names-have-no-case': documented(
    'Names of environments have no case: `Production` is the environment `production`.',
    managing,
    '2026-11',
  ),
  'environment-name-length': documented(
    'The name of an environment has at most 255 characters.',
    managing,
    '2026-11',
  ),
  'environment-name-encoded': inferred(
    'A slash in the name of an environment is sent as `%2F`; otherwise the answer is 404.',
    'OpenAPI description 23.0.2, repos/get-environment, which asks for `%2F` and names no status',
    read,
  ),
  'reviewers-at-most-six': documented(
    'An environment has at most six required reviewers, users and teams together.',
    environments,
    read,
  ),
  'wait-timer-range': documented('A wait timer lasts 1 to 43,200 minutes.', environments, read),
  'private-repository-without-reviewers': documented(
    'A private repository below Enterprise has no required reviewers and no wait timer; configured ones are ignored.',
    gating,
    read,
  ),
  'private-repository-of-free-plan': documented(
    'A private repository of the Free plan has no rules of branches and tags for environments either.',
    gating,
    read,
  ),
  'one-approval-suffices': documented(
    'One approval of one required reviewer lets the job run.',
    environments,
    read,
  ),
  'only-reviewers-approve': inferred(
    'Only a required reviewer of the environment reviews a waiting job: otherwise 422.',
    `${reviews}, which names no status`,
    read,
  ),
  'apps-cannot-approve': inferred(
    'No token of an App, the token of a workflow included, reviews a waiting job: 403.',
    `${reviews}, enabledForGitHubApps: false, which names no status`,
    read,
  ),
  'prevent-self-review': documented(
    'With `prevent_self_review` the user who started the run cannot approve its job.',
    environments,
    read,
  ),
  'rejection-ends-the-run': documented('A rejected job fails its run.', environments, read),
  'review-needs-comment': documented(
    'A review names `environment_ids`, `state` and `comment`; one that lacks any of them is refused with 422.',
    reviews,
    read,
  ),
  'approvals-without-attempt-and-time': documented(
    'A review tells neither its attempt nor its time.',
    history,
    read,
  ),
  'approvals-of-every-attempt': inferred(
    'The reviews of all attempts of a run are listed together.',
    `${history}, which takes no attempt`,
    read,
  ),
  'waiting-is-a-status': reported(
    'A run that waits for a review has the status `waiting`, and the list of runs finds it by that.',
    'hephaestus-build/Hephaestus#1962',
    '2026-09-06',
  ),
  'environment-settings-need-admin': left(
    'documented',
    'The rules of an environment are changed by administrators only, never with the token of a workflow.',
    'OpenAPI description 23.0.2, repos/create-or-update-environment',
    read,
    'The sandbox answers no request that changes an environment; tests set them.',
  ),
  'reviewers-need-read': left(
    'documented',
    'A required reviewer has at least read access.',
    environments,
    read,
    'Users of the sandbox exist as soon as they are named; access is kept by token.',
  ),
  'self-review-of-a-re-run': left(
    'inferred',
    'It is not documented whether `prevent_self_review` bars the user who re-runs a run, or only the one who started it.',
    environments,
    read,
    'No source settles it. Rollgate leaves the rule of the environment to GitHub, and compares named approvers by itself.',
  ),
  'bypass-by-administrators': left(
    'documented',
    'An administrator may start a waiting job without a review, unless the environment disallows it.',
    environments,
    read,
    'A test starts the job without a review, which is all that Rollgate could see of it.',
  ),
  'approvals-of-jobs-without-deployment': left(
    'inferred',
    'It is not documented whether a review of a job with `deployment: false` appears in the list of reviews.',
    history,
    read,
    'The sandbox lists it; without it Rollgate refuses with `approval-missing`, which is to be proved on a live repository.',
  ),
  'custom-protection-rules': left(
    'documented',
    'At most six Apps add protection rules to an environment, and only the App answers its rule.',
    'OpenAPI description 23.0.2, actions/review-custom-gates-for-run; public preview',
    read,
    'The sandbox has no Apps that listen to webhooks.',
  ),
  'reviews-start-no-workflow': left(
    'inferred',
    'No workflow starts on `deployment_review` or `deployment_protection_rule`.',
    'docs: events that trigger workflows, which lists neither',
    read,
    'There is nothing to start.',
  ),
  'reviews-by-graphql': left(
    'documented',
    'GraphQL approves, rejects and lists reviews as well.',
    'GraphQL schema',
    read,
    'Rollgate asks REST alone.',
  ),
} as const satisfies RulesTable
