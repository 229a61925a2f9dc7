import { over, type ProbedGitHub, refused, shop } from './server.ts'

const form = 'on: { workflow_dispatch: { inputs: { release: {}, note: {} } } }'

/** A repository with a form, whose first release has none yet. */
async function dispatchable({ github }: ProbedGitHub): Promise<string> {
  await github.commit('main', { '.github/workflows/form.yml': 'on: push' }, 'One', { tag: 'v1' })
  await github.branch('other', await github.commit('side', { '.github/workflows/side.yml': form }, 'Side'))
  return github.commit('main', { '.github/workflows/form.yml': form }, 'Two')
}

const dispatch = ({ octokit }: ProbedGitHub, more: object = {}) =>
  octokit.actions.createWorkflowDispatch({ ...shop, workflow_id: 'form.yml', ref: 'main', ...more })

const repositoryDispatch = ({ octokit }: ProbedGitHub, client_payload: Record<string, string>) =>
  octokit.repos.createDispatchEvent({ ...shop, event_type: 'asked', client_payload })

const dispatched = (status: number, more: object) =>
  over(async (probed) => {
    await dispatchable(probed)
    return refused(status, dispatch(probed, more))
  })

const numbered = (many: number) =>
  Object.fromEntries(Array.from({ length: many }, (_, at) => [`input-${at}`, 'x']))

export const eventProbes = {
  'workflow-token-starts-no-workflow': over(async ({ github, octokit }) => {
    await github.commit('main', { '.github/workflows/released.yml': 'on: [release]' }, 'One')
    await octokit.repos.createRelease({ ...shop, tag_name: 'v1' })
    return github.runs.length === 0
  }),
  'inactive-starts-no-workflow': over(async ({ github, client }) => {
    await github.commit('main', { '.github/workflows/told.yml': 'on: deployment_status' }, 'One')
    const { repos } = client('helper[bot]')
    await repos.createDeployment({ ...shop, ref: 'main', auto_merge: false, required_contexts: [] })
    await repos.createDeploymentStatus({ ...shop, deployment_id: 1, state: 'inactive' })
    return github.runs.length === 0
  }),
  'dispatch-on-branch-or-tag': over(async (probed) =>
    refused(422, dispatch(probed, { ref: await dispatchable(probed) })),
  ),
  'dispatch-file-on-default-branch': dispatched(404, { workflow_id: 'side.yml', ref: 'other' }),
  'dispatch-runs-file-of-ref': dispatched(422, { ref: 'v1' }),
  'dispatch-known-inputs': dispatched(422, { inputs: { nothing: 'x' } }),
  'dispatch-inputs-at-most-25': over(async ({ github, octokit }) => {
    const inputs = numbered(26)
    const text = `on: { workflow_dispatch: { inputs: ${JSON.stringify(inputs)} } }`
    await github.commit('main', { '.github/workflows/form.yml': text }, 'One')
    const asked = { ...shop, workflow_id: 'form.yml', ref: 'main', inputs }
    return refused(422, octokit.actions.createWorkflowDispatch(asked))
  }),
  'dispatch-inputs-length': dispatched(422, { inputs: { note: 'x'.repeat(65_536) } }),
  'dispatch-run-details': dispatched(204, {}),
  'repository-dispatch-payload': over(async (probed) => {
    await dispatchable(probed)
    return refused(422, repositoryDispatch(probed, numbered(11)))
  }),
  'repository-dispatch-length': over(async (probed) => {
    await dispatchable(probed)
    return refused(422, repositoryDispatch(probed, { note: 'x'.repeat(65_536) }))
  }),
}
