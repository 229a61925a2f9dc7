import type { RulesTable } from '../rule.ts'
import { documented, inferred, left } from './row.ts'

const creating = 'OpenAPI description 23.0.2, repos/create-deployment'
const saying = 'OpenAPI description 23.0.2, repos/create-deployment-status'
const deleting = 'OpenAPI description 23.0.2, repos/delete-deployment'
const graph = 'GraphQL schema'
const read = '2026-10'

/** Deployments and their statuses. */
export const deploymentRules = {
  'deployment-defaults': documented(
    'A Deployment is one of `production` with the task `deploy` unless the request names others.',
    creating,
    read,
  ),
  'deployment-production-by-name': documented(
    '`production_environment` is true unless it is sent only where the environment is named `production`.',
    creating,
    read,
  ),
  'deployment-auto-merge': documented(
    '`auto_merge` is true unless it is sent: where the default branch is ahead of the ref, the answer is 202 and no Deployment is made.',
    creating,
    read,
  ),
  'deployment-required-contexts': documented(
    'Without `required_contexts` every commit status of the ref must be a success; otherwise the answer is 409.',
    creating,
    read,
  ),
  'deployment-sha-is-fixed': documented(
    'The SHA of a Deployment is resolved when it is made, and stays when its ref moves.',
    creating,
    read,
  ),
  'deployment-creates-environment': inferred(
    'A Deployment for an environment that does not exist creates it, without any protection.',
    'docs: deployments-and-environments, which says so of jobs',
    '2026-11',
  ),
  'deployment-status-description': documented(
    'The description of a deployment status has at most 140 characters; a longer one is refused with 422.',
    saying,
    read,
  ),
  'deployment-status-states': documented(
    'REST takes the states error, failure, inactive, in_progress, queued, pending and success; `waiting` is refused with 422.',
    saying,
    read,
  ),
  'deployment-status-log-url': documented(
    '`log_url` replaces `target_url` where both are sent.',
    saying,
    read,
  ),
  'deployment-status-moves-environment': documented(
    'A status may move its Deployment to another environment.',
    saying,
    read,
  ),
  'auto-inactive': documented(
    'A success makes the older successful Deployments of the same environment inactive unless `auto_inactive` is false.',
    saying,
    read,
  ),
  'auto-inactive-spares-production': documented(
    '`auto_inactive` spares transient and production Deployments.',
    saying,
    read,
  ),
  'active-deployment-is-kept': documented(
    'While a repository has several Deployments, an active one cannot be deleted: 422.',
    deleting,
    read,
  ),
  'last-deployment-may-go': documented(
    'The only Deployment of a repository can be deleted in any state.',
    deleting,
    read,
  ),
  'deployment-filters-are-exact': inferred(
    'The list of Deployments is filtered by the exact `sha`, `ref`, `task` and `environment`, case included.',
    'OpenAPI description 23.0.2, repos/list-deployments, which says nothing of the case',
    read,
  ),
  'records-name-the-bot': inferred(
    "A record made with a workflow's token names `github-actions[bot]` as its creator, never the person behind the run.",
    'docs: automatic token authentication, by which the token is that of an App',
    read,
  ),
  'deployment-merge-conflict': left(
    'documented',
    '`auto_merge` answers 409 where the default branch does not merge into the ref.',
    creating,
    read,
    'The sandbox merges nothing; it answers that it merged, which ends a deployment in the same way.',
  ),
  'deployment-abandoned': left(
    'documented',
    'A pending Deployment that is not updated for 30 minutes shows as ABANDONED.',
    graph,
    read,
    'Only GraphQL shows that state, and Rollgate asks REST alone.',
  ),
  'deployment-destroyed': left(
    'documented',
    'An inactive transient Deployment shows as `destroyed`.',
    graph,
    read,
    'Only GraphQL and the pages show that state; Rollgate makes no transient Deployment.',
  ),
  'deployment-of-older-workflows': left(
    'inferred',
    'A workflow token may create a Deployment of a commit whose workflows differ from the default branch.',
    'no page bars it; the page of repos/create-release bars releases alone',
    read,
    'Nothing says otherwise, so nothing is refused; it is to be proved on a live repository.',
  ),
  'linked-artifact-records': left(
    'documented',
    'Organisations can record deployments by digest under `artifacts/metadata/deployment-record`.',
    'OpenAPI description 23.0.2',
    read,
    'Rollgate does not use it.',
  ),
} as const satisfies RulesTable
