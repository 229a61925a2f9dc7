import { over, refused, shop } from './server.ts'

export const tokenProbes = {
  'permission-per-request': over(({ client }) =>
    refused(403, client('github-actions[bot]', { contents: 'read' }).repos.listDeployments(shop)),
  ),
  'unseen-is-not-found': over(({ client }) =>
    refused(404, client('mallory', { contents: 'read' }, 'stranger').repos.get(shop)),
  ),
  'workflow-token-has-no-members': over(async ({ github, octokit }) => {
    github.team('releasers', ['grace'])
    const asked = { org: 'acme', team_slug: 'releasers', username: 'grace' }
    return refused(403, octokit.teams.getMembershipForUserInOrg(asked))
  }),
  'fork-token-reads-only': over(async ({ github, client }) => {
    await github.commit('main', { a: '1' }, 'One')
    const fork = client('github-actions[bot]', { deployments: 'write' }, 'fork')
    return refused(403, fork.repos.createDeployment({ ...shop, ref: 'main', auto_merge: false }))
  }),
  'tokens-are-long': over(async ({ github }) => /^ghs_.{400,}$/.test(github.token('ada', {}))),
  'supported-api-version': over(({ octokit }) =>
    refused(400, octokit.repos.get({ ...shop, headers: { 'x-github-api-version': '1999-01-01' } })),
  ),
  'bodies-follow-the-description': over(({ octokit }) =>
    refused(422, octokit.request('POST /repos/acme/shop/issues', { title: ['no text'] })),
  ),
  'immutability-setting-needs-admin': over(({ octokit }) =>
    refused(403, octokit.request('GET /repos/acme/shop/immutable-releases')),
  ),
}
