import type { PermissionsFile } from '../workflow-file.ts'

export type Grant = 'none' | 'read' | 'write'

/** The permissions of a token; one that is not named is `none`. */
export type Grants = Readonly<Record<string, Grant>>

/** The names that `permissions:` knows. */
const scopes = [
  ...['actions', 'artifact-metadata', 'attestations', 'checks', 'contents', 'deployments', 'discussions'],
  ...['id-token', 'issues', 'models', 'packages', 'pages', 'pull-requests', 'security-events', 'statuses'],
] as const

const every = (grant: Grant): Grants => Object.fromEntries(scopes.map((scope) => [scope, grant]))

/** The grants of a repository made since 2023, where a workflow says nothing. */
export const standardGrants: Grants = { contents: 'read', packages: 'read' }

/** Every grant there is. */
export const allGrants: Grants = every('write')

export function grantsOf(permissions: PermissionsFile): Grants {
  if (permissions === 'write-all') return allGrants
  if (permissions === 'read-all') return every('read')
  return permissions as Grants
}

const strength: Readonly<Record<Grant, number>> = { none: 0, read: 1, write: 2 }

/** Returns each permission that is asked beyond the granted ones, as GitHub words it. */
export const excess = (asked: Grants, granted: Grants): string[] =>
  Object.entries(asked)
    .filter(([scope, grant]) => strength[grant] > strength[granted[scope] ?? 'none'])
    .map(
      ([scope, grant]) =>
        `requesting '${scope}: ${grant}', but is only allowed '${scope}: ${granted[scope] ?? 'none'}'`,
    )

/** The grants without any right to write. */
export const readOnly = (grants: Grants): Grants =>
  Object.fromEntries(
    Object.entries(grants)
      .filter(([scope]) => scope !== 'id-token')
      .map(([scope, grant]) => [scope, grant === 'write' ? 'read' : grant]),
  )
