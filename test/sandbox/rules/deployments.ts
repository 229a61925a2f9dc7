import { over, type ProbedGitHub, refused, shop } from './server.ts'

const standard = { ...shop, environment: 'staging', auto_merge: false, required_contexts: [] as string[] }

async function deploy({ octokit }: ProbedGitHub, more: object = {}): Promise<number> {
  const { data } = await octokit.repos.createDeployment({ ...standard, ref: 'main', ...more })
  if (!('id' in data)) throw new Error('no deployment')
  return data.id
}

type NewState = 'success' | 'inactive' | 'queued'

const say = ({ octokit }: ProbedGitHub, deployment_id: number, state: NewState, more: object = {}) =>
  octokit.repos.createDeploymentStatus({ ...shop, deployment_id, state, ...more })

/** A probe that begins with one commit on the default branch. */
const deployed = (ask: (probed: ProbedGitHub) => Promise<boolean>) =>
  over(async (probed) => {
    await probed.github.commit('main', { a: '1' }, 'One', { tag: 'v1' })
    return ask(probed)
  })

export const deploymentProbes = {
  'deployment-defaults': deployed(async ({ octokit }) => {
    const made = octokit.repos.createDeployment({ ...shop, ref: 'main', auto_merge: false })
    return (await made.catch(() => null))?.status === 201
  }),
  'deployment-production-by-name': deployed(async (probed) => {
    await deploy(probed, { environment: 'production' })
    return probed.github.deployments[0]?.production === true
  }),
  'deployment-auto-merge': deployed(async ({ github, octokit }) => {
    await github.commit('main', { a: '2' }, 'Two')
    const { auto_merge: _, ...asked } = standard
    return refused(202, octokit.repos.createDeployment({ ...asked, ref: 'v1' }))
  }),
  'deployment-required-contexts': deployed(async ({ github, octokit }) => {
    github.commitStatus(await github.commit('main', { a: '2' }, 'Two'), 'ci', 'pending')
    const { required_contexts: _, ...asked } = standard
    return refused(409, octokit.repos.createDeployment({ ...asked, ref: 'main' }))
  }),
  'deployment-sha-is-fixed': deployed(async (probed) => {
    const deployment_id = await deploy(probed)
    const tip = await probed.github.commit('main', { a: '2' }, 'Two')
    const { data } = await probed.octokit.repos.getDeployment({ ...shop, deployment_id })
    return data.sha !== tip
  }),
  'deployment-creates-environment': deployed(async (probed) => {
    await deploy(probed, { environment: 'typo' })
    const asked = { ...shop, environment_name: 'typo' }
    return refused(200, probed.octokit.repos.getEnvironment(asked))
  }),
  'deployment-status-description': deployed(async (probed) =>
    refused(422, say(probed, await deploy(probed), 'queued', { description: 'x'.repeat(141) })),
  ),
  'deployment-status-states': deployed(async (probed) =>
    refused(422, say(probed, await deploy(probed), 'waiting' as NewState)),
  ),
  'deployment-status-log-url': deployed(async (probed) => {
    const log = { log_url: 'https://log.example.com/', target_url: 'https://target.example.com/' }
    const { data } = await say(probed, await deploy(probed), 'queued', log)
    return data.target_url === log.log_url
  }),
  'deployment-status-moves-environment': deployed(async (probed) => {
    await say(probed, await deploy(probed), 'queued', { environment: 'elsewhere' })
    return probed.github.deployments[0]?.environment === 'elsewhere'
  }),
  'auto-inactive': deployed(async (probed) => {
    for (const turn of ['first', 'second'])
      await say(probed, await deploy(probed), 'success', { description: turn })
    return probed.github.deployments[0]?.statuses.at(-1)?.state === 'inactive'
  }),
  'auto-inactive-spares-production': deployed(async (probed) => {
    for (const environment of ['production', 'production'])
      await say(probed, await deploy(probed, { environment }), 'success')
    return probed.github.deployments[0]?.statuses.at(-1)?.state === 'success'
  }),
  'active-deployment-is-kept': deployed(async (probed) => {
    await deploy(probed, { environment: 'other' })
    const deployment_id = await deploy(probed)
    await say(probed, deployment_id, 'success')
    return refused(422, probed.octokit.repos.deleteDeployment({ ...shop, deployment_id }))
  }),
  'last-deployment-may-go': deployed(async (probed) => {
    const deployment_id = await deploy(probed)
    await say(probed, deployment_id, 'success')
    return refused(204, probed.octokit.repos.deleteDeployment({ ...shop, deployment_id }))
  }),
  'deployment-filters-are-exact': deployed(async (probed) => {
    await deploy(probed)
    const { data } = await probed.octokit.repos.listDeployments({ ...shop, environment: 'stag' })
    return data.length === 0
  }),
  'records-name-the-bot': deployed(async (probed) => {
    await deploy(probed)
    return probed.github.deployments[0]?.creator === 'github-actions[bot]'
  }),
}
