import type { EnforcedRule } from '../rules/table.ts'
import { bodyConforms, parametersConform, unknownKeys } from './conformance.ts'
import type { Operation } from './description.ts'
import type { Incoming, Parts } from './incoming.ts'
import type { OpenRecord } from './log.ts'
import type { OperationId } from './operations.ts'
import { type Call, notFound, Refusal } from './reply.ts'
import type { Route } from './router.ts'
import type { RepositoryName } from './site.ts'

const apiVersions = new Set(['2022-11-28', '2026-03-10'])

/** Checks every request as GitHub does first: version, token, place, shape. */
export function accepted(parts: Parts, incoming: Incoming, found: Route, record: OpenRecord): Call {
  const { operation, params } = found
  const versioned = parts.inForce('supported-api-version')
  if (versioned && record.apiVersion !== undefined && !apiVersions.has(record.apiVersion)) {
    throw new Refusal(400, `${record.apiVersion} is not a supported version of the REST API`)
  }
  const actor = parts.tokens.authorise(incoming.headers.authorization, operation.id)
  requireRepository(parts.repository, params)
  const asked = Object.fromEntries(incoming.url.searchParams)
  requireShape(parts, operation, params, asked, record)
  const query = parts.inForce('page-size') ? withPageSize(asked) : asked
  const { url, bytes, headers } = incoming
  const { accept = '', 'content-type': contentType = 'application/octet-stream' } = headers
  const { body } = record
  return { operation: operation.id, params, query, body, bytes, contentType, accept, actor, url }
}

function requireRepository(repository: RepositoryName, params: Route['params']): void {
  const same = (given: string | undefined, own: string) =>
    given === undefined || given.toLowerCase() === own.toLowerCase()
  if (!same(params.owner, repository.owner) || !same(params.repo, repository.name)) throw notFound()
  if (!same(params.org, repository.owner)) throw notFound()
}

const largestPage = 100

function withPageSize({ per_page, ...query }: Readonly<Record<string, string>>): Record<string, string> {
  if (per_page === undefined) return query
  return { ...query, per_page: String(Math.min(largestPage, Number(per_page))) }
}

/** The bodies whose shape is a rule of its own. */
const rulesOfBodies: Readonly<Partial<Record<OperationId, EnforcedRule>>> = {
  'repos/create-deployment-status': 'deployment-status-states',
  'actions/review-pending-deployments-for-run': 'review-needs-comment',
  'actions/create-workflow-dispatch': 'dispatch-inputs-at-most-25',
  'repos/create-dispatch-event': 'repository-dispatch-payload',
}

function requireShape(
  parts: Parts,
  operation: Operation,
  params: Route['params'],
  query: Readonly<Record<string, string>>,
  record: OpenRecord,
): void {
  const kept = parts.inForce(rulesOfBodies[operation.id] ?? 'bodies-follow-the-description')
  const bodyFaults = kept ? bodyConforms(operation, record.body) : []
  const faults = [...parametersConform(operation, params, query), ...bodyFaults]
  parts.violations.add('request', record, [...faults, ...unknownKeys(operation, record.body)])
  if (bodyFaults.length > 0) throw new Refusal(422, `Invalid request.\n\n${bodyFaults.join('\n')}`)
}
