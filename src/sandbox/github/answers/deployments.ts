import type { RestEndpointMethodTypes } from '@octokit/rest'
import type { Announce } from '../events.ts'
import { paged } from '../paging.ts'
import {
  type Call,
  created,
  noContent,
  notFound,
  numberParam,
  ok,
  Refusal,
  type SiteReply,
} from '../reply.ts'
import { nodeId, type Site } from '../site.ts'
import { compare } from '../store/ancestry.ts'
import { isoSeconds } from '../store/commits.ts'
import { resolveCommit } from '../store/history.ts'
import type { CommitStatuses } from './commit-statuses.ts'
import type { Environments } from './environments.ts'
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

/** The things that a Deployment is made of and stands beside. */
export interface DeploymentWorld {
  readonly people: People
  readonly commitStatuses: CommitStatuses
  readonly environments: Environments
  readonly deployments: DeploymentRecord[]
  readonly announce: Announce
}

export function deploymentAnswers(site: Site, world: DeploymentWorld) {
  const { people, commitStatuses, environments, deployments } = world
  return {
    'repos/list-deployments': async (call: Call) => {
      const newestFirst = deployments.filter((deployment) => isAskedFor(site, call, deployment)).reverse()
      const bodies = await Promise.all(newestFirst.map((item) => deploymentBody(site, people, item)))
      return paged(call, bodies)
    },
    'repos/get-deployment': async (call: Call) =>
      ok(await deploymentBody(site, people, findDeployment(deployments, call))),
    'repos/delete-deployment': (call: Call) => {
      const deployment = findDeployment(deployments, call)
      requireDeletable(site, deployment, deployments)
      deployments.splice(deployments.indexOf(deployment), 1)
      return noContent
    },
    'repos/create-deployment': async (call: Call) => {
      const wanted = call.body as NewDeployment
      requireNamed(site, wanted)
      const first = site.inForce('branch-before-tag') ? 'branch' : 'tag'
      const sha = await resolveCommit(site.git, wanted.ref, first)
      if (sha === undefined) throw new Refusal(422, `No ref found for: ${wanted.ref}`)
      const merged = await autoMerged(site, wanted, sha)
      if (merged !== undefined) return merged
      requireContexts(site, commitStatuses, wanted, sha)
      const deployment = newDeployment(site, call.actor, wanted, sha, (deployments.at(-1)?.id ?? 0) + 1)
      deployments.push(deployment)
      if (site.inForce('deployment-creates-environment')) environments.name(deployment.environment)
      await world.announce({ event: 'deployment', actor: call.actor })
      return created(await deploymentBody(site, people, deployment))
    },
  }
}

export function findDeployment(deployments: readonly DeploymentRecord[], call: Call): DeploymentRecord {
  const id = numberParam(call, 'deployment_id')
  const found = deployments.find((deployment) => deployment.id === id)
  if (found === undefined) throw notFound()
  return found
}

function isAskedFor(site: Site, call: Call, deployment: DeploymentRecord): boolean {
  if (!site.inForce('deployment-filters-are-exact')) return true
  return (['sha', 'ref', 'task', 'environment'] as const).every((filter) => {
    const asked = call.query[filter]
    return asked === undefined || asked === deployment[filter]
  })
}

/** Without the defaults, a request has to name everything. */
function requireNamed(site: Site, { environment, task }: NewDeployment): void {
  if (site.inForce('deployment-defaults') || (environment !== undefined && task !== undefined)) return
  throw new Refusal(422, 'Validation Failed')
}

/** Any status but a success makes a Deployment inactive, and so does a newer active one. */
function requireDeletable(
  site: Site,
  deployment: DeploymentRecord,
  deployments: readonly DeploymentRecord[],
): void {
  const isOnly = deployments.length === 1 && site.inForce('last-deployment-may-go')
  if (isOnly || !site.inForce('active-deployment-is-kept')) return
  const newer = deployments.slice(deployments.indexOf(deployment) + 1)
  const superseded = newer.some((one) => one.environment === deployment.environment && isActive(one))
  if (superseded || !isActive(deployment)) return
  throw new Refusal(
    422,
    'We cannot delete an active deployment unless it is the only deployment in a given environment.',
  )
}

const isActive = ({ statuses }: DeploymentRecord): boolean =>
  (statuses.at(-1)?.state ?? 'success') === 'success'

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
    creator: site.inForce('records-name-the-bot') ? creator : site.repository.owner,
    transient: wanted.transient_environment ?? false,
    production:
      wanted.production_environment ??
      (environment === 'production' && site.inForce('deployment-production-by-name')),
    createdAt: now,
    updatedAt: now,
    statuses: [],
  }
}

async function deploymentBody(site: Site, people: People, deployment: DeploymentRecord) {
  const fixed = site.inForce('deployment-sha-is-fixed')
  const sha = fixed ? undefined : await resolveCommit(site.git, deployment.ref)
  const url = site.repoApi(`deployments/${deployment.id}`)
  return {
    id: deployment.id,
    node_id: nodeId('Deployment', deployment.id),
    url,
    sha: sha ?? deployment.sha,
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
