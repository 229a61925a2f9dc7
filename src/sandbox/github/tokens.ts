import { createHash } from 'node:crypto'
import type { InForce } from '../rules/in-force.ts'
import type { EnforcedRule } from '../rules/table.ts'
import { type Need, type OperationId, operations } from './operations.ts'
import { notFound, Refusal } from './reply.ts'

export type TokenAccess = 'read' | 'write'

/** The grants of a workflow's `permissions:`; `metadata: read` comes with every token. */
export type Permissions = Partial<
  Record<
    'actions' | 'administration' | 'checks' | 'contents' | 'deployments' | 'issues' | 'members' | 'statuses',
    TokenAccess
  >
>

/** The run that a token was made for, or the account behind it. */
export type TokenOrigin = 'repository' | 'fork' | 'stranger'

/** The login of every workflow's own token. */
export const workflowLogin = 'github-actions[bot]'

/** True for the login of an App; the token of a workflow is one's. */
export const isApp = (login: string): boolean => login.endsWith('[bot]')

interface Token {
  readonly actor: string
  readonly origin: TokenOrigin
  readonly permissions: Readonly<Record<string, TokenAccess>>
}

export interface Tokens {
  /** Registers a token and returns its text. A `stranger` may not see the repository. */
  issue(actor: string, permissions: Permissions, origin?: TokenOrigin): string
  /** The login behind an `authorization` header, where it is a known one. */
  actor(authorization: string | undefined): string | undefined
  /** The login behind the header; throws the refusal when the token may not do this. */
  authorise(authorization: string | undefined, operation: OperationId): string
}

export function tokens(inForce: InForce): Tokens {
  const known = new Map<string, Token>()
  const find = (authorization: string | undefined) =>
    known.get(authorization?.replace(/^(?:token|bearer)\s+/i, '') ?? '')

  return {
    issue(actor, permissions, origin = 'repository') {
      const text = textOf(known.size + 1, inForce('tokens-are-long'))
      known.set(text, { actor, origin, permissions: granted(inForce, actor, permissions, origin) })
      return text
    },
    actor: (authorization) => find(authorization)?.actor,
    authorise(authorization, operation) {
      if (authorization === undefined) throw new Refusal(401, 'Requires authentication')
      const token = find(authorization)
      if (token === undefined) throw new Refusal(401, 'Bad credentials')
      if (token.origin === 'stranger') throw unseen(inForce)
      if (inForce(rulesOfNeeds[operation] ?? 'permission-per-request'))
        requireAccess(token, operations[operation])
      return token.actor
    },
  }
}

/** The needs that are rules of their own. */
const rulesOfNeeds: Readonly<Partial<Record<OperationId, EnforcedRule>>> = {
  'repos/check-immutable-releases': 'immutability-setting-needs-admin',
}

/** A text in the form of GitHub's: a prefix, then a JSON Web Token. */
function textOf(number: number, isLong: boolean): string {
  if (!isLong) return `ghs_sandbox_${number}`
  const part = (name: string, length: number) =>
    createHash('shake256', { outputLength: length }).update(`${name} ${number}`).digest('base64url')
  return `ghs_1_${part('header', 60)}.${part('claims', 120)}.${part('signature', 200)}`
}

function granted(
  inForce: InForce,
  actor: string,
  permissions: Permissions,
  origin: TokenOrigin,
): Token['permissions'] {
  const reads = origin === 'fork' && inForce('fork-token-reads-only')
  const { members, administration, ...ofWorkflows } = permissions
  const all = actor === workflowLogin && inForce('workflow-token-has-no-members') ? ofWorkflows : permissions
  const access = Object.entries(all).map(([name, given]) => [name, reads ? 'read' : given])
  return { ...Object.fromEntries(access), metadata: 'read' }
}

const unseen = (inForce: InForce): Refusal =>
  inForce('unseen-is-not-found') ? notFound() : new Refusal(403, 'Forbidden')

function requireAccess(token: Token, need: Need): void {
  const [permission = '', access] = need.split(':')
  const given = token.permissions[permission]
  if (given === 'write' || (given === 'read' && access === 'read')) return
  throw new Refusal(
    403,
    'Resource not accessible by integration',
    {},
    { 'x-accepted-github-permissions': `${permission}=${access}` },
  )
}
