import { isMap, isScalar, parseDocument, type YAMLMap } from 'yaml'
import { code, markdownTable } from './markdown-table.ts'

/** The reusable workflows, in the order in which a reader meets them. */
export const reusable = [
  'deploy',
  'rollback',
  'restart',
  'task',
  'decide',
  'status',
  'reconcile',
  'watch',
  'releases',
  'block',
  'release',
  'rehearse',
  'schedule',
  'dispatch',
] as const

export interface Workflow extends WithJobs {
  readonly call: YAMLMap
}

/** A workflow and the permissions of its jobs. */
export interface WithJobs {
  readonly file: string
  readonly jobs: readonly Job[]
}

interface Job {
  readonly name: string
  readonly permissions: readonly Permission[]
}

export interface Permission {
  readonly scope: string
  readonly access: string
  /** The comment at its end. */
  readonly why: string
}

export function readWorkflow(file: string, text: string): Workflow {
  const call = parseDocument(text).getIn(['on', 'workflow_call'])
  if (!isMap(call)) throw new Error(`${file} is not a reusable workflow`)
  return { ...readJobs(file, text), call }
}

/** Reads the jobs of any workflow. */
export function readJobs(file: string, text: string): WithJobs {
  const jobs = parseDocument(text).get('jobs')
  if (!isMap(jobs)) throw new Error(`${file} has no jobs`)
  return {
    file,
    jobs: jobs.items.map(({ key, value }) => ({ name: String(key), permissions: permissionsOf(value) })),
  }
}

function permissionsOf(job: unknown): Permission[] {
  const permissions = isMap(job) ? job.get('permissions') : null
  if (!isMap(permissions)) return []
  return permissions.items.map(({ key, value }) => ({
    scope: String(key),
    access: String(value),
    why: isScalar(value) ? (value.comment ?? '').trim() : '',
  }))
}

/** The inputs and outputs of a reusable workflow. */
export function callTables({ call }: Workflow): string {
  const inputs = entriesOf(call, 'inputs').map(([name, input]) => [
    input.required === true ? `**${code(name)}**` : code(name),
    String(input.description),
    input.default === undefined || input.default === '' ? '' : code(String(input.default)),
  ])
  const outputs = entriesOf(call, 'outputs').map(([name, { description }]) => [
    code(name),
    String(description),
  ])
  return `${markdownTable(['input', 'meaning', 'default'], inputs)}\n\n${markdownTable(['output', 'meaning'], outputs)}`
}

function entriesOf(call: YAMLMap, key: string): [string, Record<string, unknown>][] {
  const found = call.get(key)
  return isMap(found) ? Object.entries(found.toJSON() as Record<string, Record<string, unknown>>) : []
}

/** Returns the most that any job of any workflow asks for, with the fullest of the reasons. */
export function usersPermissions(workflows: readonly WithJobs[]): string {
  const most = new Map<string, Permission>()
  for (const permission of workflows.flatMap(({ jobs }) => jobs).flatMap(({ permissions }) => permissions)) {
    const known = most.get(permission.scope)
    if (known === undefined || outdoes(permission, known)) most.set(permission.scope, permission)
  }
  return markdownTable(
    ['permission', 'why'],
    [...most.values()].map(({ scope, access, why }) => [code(`${scope}: ${access}`), why]),
  )
}

const outdoes = (one: Permission, other: Permission): boolean =>
  one.access === other.access ? one.why.length > other.why.length : one.access === 'write'

/** The permissions of every job, with the reasons that stand beside them. */
export function permissionsTable(workflows: readonly WithJobs[]): string {
  const rows = workflows.flatMap(({ file, jobs }) =>
    jobs.flatMap(({ name, permissions }) =>
      permissions.map(({ scope, access, why }) => [code(file), code(name), code(`${scope}: ${access}`), why]),
    ),
  )
  return markdownTable(['workflow', 'job', 'permission', 'why'], rows)
}
