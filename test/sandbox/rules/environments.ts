import { impossible, over, type ProbedGitHub, refused, shop } from './server.ts'

/** A run that waits for the reviewers of production. */
async function waiting({ github }: ProbedGitHub, actor = 'ada', rules: object = {}): Promise<void> {
  await github.commit('main', { a: '1' }, 'One')
  github.environment('production', { reviewers: { users: ['ada', 'grace'] }, ...rules })
  github.run({ id: 7, actor, waitingFor: ['production'] })
}

const review = (
  { client }: ProbedGitHub,
  by: string,
  state: 'approved' | 'rejected' = 'approved',
  comment: string | undefined = 'Seen',
) =>
  client(by).actions.reviewPendingDeploymentsForRun({
    ...shop,
    run_id: 7,
    environment_ids: [1],
    state,
    comment: comment as string,
  })

const rulesOf = async ({ octokit }: ProbedGitHub, environment_name: string) =>
  (await octokit.repos.getEnvironment({ ...shop, environment_name })).data

export const environmentProbes = {
  'environment-names-have-no-case': over(async ({ github, octokit }) => {
    github.environment('production')
    return refused(200, octokit.repos.getEnvironment({ ...shop, environment_name: 'Production' }))
  }),
  'environment-name-length': over(async ({ github }) =>
    impossible(() => github.environment('x'.repeat(256))),
  ),
  'environment-name-encoded': over(async ({ github, octokit }) => {
    github.environment('eu/production')
    return refused(404, octokit.request('GET /repos/acme/shop/environments/eu/production'))
  }),
  'reviewers-at-most-six': over(async ({ github }) =>
    impossible(() => github.environment('production', { reviewers: { users: [...'abcdefg'] } })),
  ),
  'wait-timer-range': over(async ({ github }) =>
    impossible(() => github.environment('production', { waitTimer: 43_201 })),
  ),
  'private-repository-without-reviewers': over(
    async (probed) => {
      await waiting(probed)
      return (await rulesOf(probed, 'production')).protection_rules?.length === 0
    },
    { tier: 'private-team' },
  ),
  'private-repository-of-free-plan': over(
    async (probed) => {
      await waiting(probed, 'ada', { branchPolicy: 'protected' })
      return (await rulesOf(probed, 'production')).deployment_branch_policy === null
    },
    { tier: 'private-free' },
  ),
  'one-approval-suffices': over(async (probed) => {
    await waiting(probed)
    await review(probed, 'grace')
    return probed.github.runs[0]?.waitingFor.length === 0
  }),
  'only-reviewers-approve': over(async (probed) => {
    await waiting(probed)
    return refused(422, review(probed, 'mallory'))
  }),
  'apps-cannot-approve': over(async (probed) => {
    await waiting(probed, 'ada', { reviewers: { users: ['helper[bot]'] } })
    return refused(403, review(probed, 'helper[bot]'))
  }),
  'prevent-self-review': over(async (probed) => {
    await waiting(probed, 'ada', { preventSelfReview: true })
    return refused(422, review(probed, 'ada'))
  }),
  'rejection-ends-the-run': over(async (probed) => {
    await waiting(probed)
    await review(probed, 'grace', 'rejected')
    return probed.github.runs[0]?.conclusion === 'failure'
  }),
  'review-needs-comment': over(async (probed) => {
    await waiting(probed)
    const body = { environment_ids: [1], state: 'approved' }
    const call = probed
      .client('grace')
      .request('POST /repos/acme/shop/actions/runs/7/pending_deployments', body)
    return refused(422, call)
  }),
  'approvals-without-attempt-and-time': over(async (probed) => {
    await waiting(probed)
    await review(probed, 'grace')
    const { data } = await probed.octokit.actions.getReviewsForRun({ ...shop, run_id: 7 })
    return data.length === 1 && !data.some((each) => 'run_attempt' in each || 'created_at' in each)
  }),
  'approvals-of-every-attempt': over(async (probed) => {
    await waiting(probed)
    await review(probed, 'grace')
    probed.github.run({ id: 7, attempt: 2 })
    const { data } = await probed.octokit.actions.getReviewsForRun({ ...shop, run_id: 7 })
    return data.length === 1
  }),
  'waiting-is-a-status': over(async (probed) => {
    await waiting(probed)
    const { data } = await probed.octokit.actions.listWorkflowRunsForRepo({ ...shop, status: 'waiting' })
    return data.total_count === 1
  }),
}
