import { paged } from '../paging.ts'
import { type Call, created, requireLength } from '../reply.ts'
import { nodeId, type Site } from '../site.ts'
import { isoSeconds } from '../store/commits.ts'
import { type DeploymentRecord, type DeploymentWorld, findDeployment } from './deployments.ts'
import type { People } from './people.ts'
import type { NewStatus, StatusRecord } from './records.ts'

const longestDescription = 140

export function deploymentStatusAnswers(
  site: Site,
  { people, deployments, announce }: Pick<DeploymentWorld, 'people' | 'deployments' | 'announce'>,
) {
  return {
    'repos/list-deployment-statuses': (call: Call) => {
      const deployment = findDeployment(deployments, call)
      const newestFirst = deployment.statuses.toReversed()
      return paged(call, newestFirst, (items) =>
        items.map((item) => statusBody(site, people, deployment, item)),
      )
    },
    'repos/create-deployment-status': async (call: Call) => {
      const deployment = findDeployment(deployments, call)
      const wanted = call.body as NewStatus
      if (site.inForce('deployment-status-description'))
        requireLength(wanted.description ?? '', longestDescription, 'DeploymentStatus', 'description')
      const status = addStatus(site, deployments, deployment, call.actor, wanted)
      if (wanted.state === 'success' && (wanted.auto_inactive ?? true) && site.inForce('auto-inactive')) {
        for (const older of supersededBy(site, deployment, deployments)) {
          addStatus(site, deployments, older, call.actor, { state: 'inactive' })
        }
      }
      if (wanted.state !== 'inactive' || !site.inForce('inactive-starts-no-workflow'))
        await announce({ event: 'deployment_status', actor: call.actor })
      return created(statusBody(site, people, deployment, status))
    },
  }
}

/** The deployments that `auto_inactive` reaches: it spares transient and production deployments. */
function supersededBy(
  site: Site,
  deployment: DeploymentRecord,
  deployments: readonly DeploymentRecord[],
): DeploymentRecord[] {
  return deployments.filter(
    (older) =>
      older.id < deployment.id &&
      older.environment === deployment.environment &&
      ((!older.transient && !older.production) || !site.inForce('auto-inactive-spares-production')) &&
      older.statuses.at(-1)?.state === 'success',
  )
}

function addStatus(
  site: Site,
  deployments: readonly DeploymentRecord[],
  deployment: DeploymentRecord,
  creator: string,
  wanted: Pick<
    NewStatus,
    'state' | 'description' | 'environment' | 'environment_url' | 'log_url' | 'target_url'
  >,
): StatusRecord {
  const now = isoSeconds(site.clock())
  const moved = site.inForce('deployment-status-moves-environment') ? wanted.environment : undefined
  const [first, second] = site.inForce('deployment-status-log-url')
    ? [wanted.log_url, wanted.target_url]
    : [wanted.target_url, wanted.log_url]
  const status: StatusRecord = {
    id: 1 + deployments.reduce((sum, each) => sum + each.statuses.length, 0),
    state: wanted.state,
    description: wanted.description ?? '',
    environment: moved ?? deployment.environment,
    environmentUrl: wanted.environment_url ?? '',
    logUrl: first ?? second ?? '',
    creator: site.inForce('records-name-the-bot') ? creator : site.repository.owner,
    createdAt: now,
  }
  deployment.statuses.push(status)
  deployment.environment = status.environment
  deployment.updatedAt = now
  return status
}

function statusBody(site: Site, people: People, deployment: DeploymentRecord, status: StatusRecord) {
  const deploymentUrl = site.repoApi(`deployments/${deployment.id}`)
  return {
    id: status.id,
    node_id: nodeId('DeploymentStatus', status.id),
    url: `${deploymentUrl}/statuses/${status.id}`,
    state: status.state,
    description: status.description,
    environment: status.environment,
    environment_url: status.environmentUrl,
    log_url: status.logUrl,
    target_url: status.logUrl,
    creator: people.user(status.creator),
    created_at: status.createdAt,
    updated_at: status.createdAt,
    deployment_url: deploymentUrl,
    repository_url: site.repoApi(''),
    performed_via_github_app: null,
  }
}
