import { over, type ProbedGitHub, shop, statusOf } from './server.ts'

const standard = { ...shop, environment: 'staging', auto_merge: false, required_contexts: [] as string[] }

async function deploy({ octokit }: ProbedGitHub, more: object = {}): Promise<number> {
  const { data } = await octokit.repos.createDeployment({ ...standard, ref: 'main', ...more })
  if (!('id' in data)) throw new Error('no deployment')
  return data.id
}

export const deploymentProbes = {
  'deployment-auto-merge': over(async ({ github, octokit }) => {
    await github.commit('main', { a: '1' }, 'One', { tag: 'v1' })
    await github.commit('main', { a: '2' }, 'Two')
    const { auto_merge: _, ...asked } = standard
    return (await statusOf(octokit.repos.createDeployment({ ...asked, ref: 'v1' }))) === 202
  }),
  'deployment-required-contexts': over(async ({ github, octokit }) => {
    github.commitStatus(await github.commit('main', { a: '1' }, 'One'), 'ci', 'pending')
    const { required_contexts: _, ...asked } = standard
    return (await statusOf(octokit.repos.createDeployment({ ...asked, ref: 'main' }))) === 409
  }),
  'deployment-status-description': over(async (probed) => {
    await probed.github.commit('main', { a: '1' }, 'One')
    const deployment_id = await deploy(probed)
    const status = { ...shop, deployment_id, state: 'queued' as const, description: 'x'.repeat(141) }
    return (await statusOf(probed.octokit.repos.createDeploymentStatus(status))) === 422
  }),
  'auto-inactive-spares-production': over(async (probed) => {
    await probed.github.commit('main', { a: '1' }, 'One')
    for (const environment of ['production', 'production']) {
      const deployment_id = await deploy(probed, { environment })
      await probed.octokit.repos.createDeploymentStatus({ ...shop, deployment_id, state: 'success' })
    }
    return probed.github.deployments[0]?.statuses.at(-1)?.state === 'success'
  }),
}
