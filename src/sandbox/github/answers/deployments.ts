import type { RestEndpointMethodTypes } from '@octokit/rest'
import { paged } from '../paging.ts'
import { type Call, created, notFound, numberParam, ok, Refusal, type SiteReply } from '../reply.ts'
import { nodeId, type Site } from '../site.ts'
import { compare } from '../store/ancestry.ts'
import { isoSeconds } from '../store/commits.ts'
import { resolveCommit } from '../store/history.ts'
import type { CommitStatuses } from './commit-statuses.ts'
import type { People } from './people.ts'
import type { StatusRecord } from './records.ts'

type NewDeployment = RestEndpointMethodTypes['repos']['createDeployment']['parameters']

export interface DeploymentRecord {
  /** 1 for the first deployment of this sandbox. */
  readonly id: number
  readonly sha: string
  readonly ref: string
  readonly task: string
  readonly payload: Readonly<Record<string, unknown>> | string
  readonly originalEnvironment: string
  /** May be changed by a status. */
  environment: string
  readonly description: string | null
  readonly creator: string
  readonly transient: boolean
  readonly production: boolean
  readonly createdAt: string
  updatedAt: string
  /** Oldest first. */
  readonly statuses: StatusRecord[]
}

export function deploymentAnswers(
  site: Site,
  people: People,
  commitStatuses: CommitStatuses,
  deployments: DeploymentRecord[],
) {
  return {
    'repos/list-deployments': (call: Call) => {
      const newestFirst = deployments.filter((deployment) => isAskedFor(call, deployment)).reverse()
      return paged(call, newestFirst, (items) => items.map((item) => deploymentBody(site, people, item)))
    },
    'repos/get-deployment': (call: Call) =>
      ok(deploymentBody(site, people, findDeployment(deployments, call))),
    'repos/create-deployment': async (call: Call) => {
      const wanted = call.body as NewDeployment
      const sha = await resolveCommit(site.git, wanted.ref)
      if (sha === undefined) throw new Refusal(422, `No ref found for: ${wanted.ref}`)
      const merged = await autoMerged(site, wanted, sha)
      if (merged !== undefined) return merged
      requireContexts(site, commitStatuses, wanted, sha)
      const deployment = newDeployment(site, call.actor, wanted, sha, deployments.length + 1)
      deployments.push(deployment)
      return created(deploymentBody(site, people, deployment))
    },
  }
}

export function findDeployment(deployments: readonly DeploymentRecord[], call: Call): DeploymentRecord {
  const id = numberParam(call, 'deployment_id')
  const found = deployments.find((deployment) => deployment.id === id)
  if (found === undefined) throw notFound()
  return found
}

function isAskedFor(call: Call, deployment: DeploymentRecord): boolean {
  return (['sha', 'ref', 'task', 'environment'] as const).every((filter) => {
    const asked = call.query[filter]
    return asked === undefined || asked === deployment[filter]
  })
}

/**
 * GitHub's standard `auto_merge: true` merges a default branch that is ahead into the ref and makes no
 * deployment. The sandbox gives that answer and leaves the ref unchanged.
 */
async function autoMerged(site: Site, wanted: NewDeployment, sha: string): Promise<SiteReply | undefined> {
  if (wanted.auto_merge === false || !site.inForce('deployment-auto-merge')) return undefined
  const { defaultBranch } = site.repository
  const tip = await resolveCommit(site.git, `refs/heads/${defaultBranch}`)
  if (tip === undefined || ((await compare(site.git, sha, tip))?.aheadBy ?? 0) === 0) return undefined
  const message = `Auto-merged ${defaultBranch} into ${wanted.ref} on deployment.`
  return { kind: 'json', status: 202, body: { message } }
}

/** Without `required_contexts` every context of the commit must be a success; with it, the named ones. */
function requireContexts(
  site: Site,
  commitStatuses: CommitStatuses,
  wanted: NewDeployment,
  sha: string,
): void {
  if (!site.inForce('deployment-required-contexts')) return
  const known = commitStatuses.of(sha)
  const required = wanted.required_contexts ?? [...known.keys()]
  const contexts = required.map((context) => ({ context, state: known.get(context) ?? 'pending' }))
  if (contexts.every(({ state }) => state === 'success')) return
  throw new Refusal(409, `Conflict: Commit status checks failed for ${wanted.ref}`, {
    errors: [{ resource: 'Deployment', field: 'required_contexts', code: 'invalid', contexts }],
  })
}

function newDeployment(
  site: Site,
  creator: string,
  wanted: NewDeployment,
  sha: string,
  id: number,
): DeploymentRecord {
  const environment = wanted.environment ?? 'production'
  const now = isoSeconds(site.clock())
  return {
    id,
    sha,
    ref: wanted.ref,
    task: wanted.task ?? 'deploy',
    payload: wanted.payload ?? {},
    originalEnvironment: environment,
    environment,
    description: wanted.description ?? null,
    creator,
    transient: wanted.transient_environment ?? false,
    production: wanted.production_environment ?? environment === 'production',
    createdAt: now,
    updatedAt: now,
    statuses: [],
  }
}

function deploymentBody(site: Site, people: People, deployment: DeploymentRecord) {
  const url = site.repoApi(`deployments/${deployment.id}`)
  return {
    id: deployment.id,
    node_id: nodeId('Deployment', deployment.id),
    url,
    sha: deployment.sha,
    ref: deployment.ref,
    task: deployment.task,
    payload: deployment.payload,
    original_environment: deployment.originalEnvironment,
    environment: deployment.environment,
    description: deployment.description,
    creator: people.user(deployment.creator),
    created_at: deployment.createdAt,
    updated_at: deployment.updatedAt,
    statuses_url: `${url}/statuses`,
    repository_url: site.repoApi(''),
    transient_environment: deployment.transient,
    production_environment: deployment.production,
    performed_via_github_app: null,
  }
}
