import { type Need, type OperationId, operations } from './operations.ts'
import { Refusal } from './reply.ts'

export type TokenAccess = 'read' | 'write'

/** The grants of a workflow's `permissions:`; `metadata: read` comes with every token. */
export type Permissions = Partial<
  Record<'actions' | 'checks' | 'contents' | 'deployments' | 'issues' | 'members' | 'statuses', TokenAccess>
>

interface Token {
  readonly actor: string
  readonly permissions: Readonly<Record<string, TokenAccess>>
}

export interface Tokens {
  /** Registers a token and returns its text. */
  issue(actor: string, permissions: Permissions): string
  /** The login behind an `authorization` header, where it is a known one. */
  actor(authorization: string | undefined): string | undefined
  /** The login behind the header; throws the refusal when the token may not do this. */
  authorise(authorization: string | undefined, operation: OperationId): string
}

export function tokens(): Tokens {
  const known = new Map<string, Token>()
  const find = (authorization: string | undefined) =>
    known.get(authorization?.replace(/^(?:token|bearer)\s+/i, '') ?? '')

  return {
    issue(actor, permissions) {
      const text = `ghs_sandbox_${known.size + 1}`
      known.set(text, { actor, permissions: { ...permissions, metadata: 'read' } })
      return text
    },
    actor: (authorization) => find(authorization)?.actor,
    authorise(authorization, operation) {
      if (authorization === undefined) throw new Refusal(401, 'Requires authentication')
      const token = find(authorization)
      if (token === undefined) throw new Refusal(401, 'Bad credentials')
      requireAccess(token, operations[operation])
      return token.actor
    },
  }
}

function requireAccess(token: Token, need: Need): void {
  const [permission = '', access] = need.split(':')
  const granted = token.permissions[permission]
  if (granted === 'write' || (granted === 'read' && access === 'read')) return
  throw new Refusal(
    403,
    'Resource not accessible by integration',
    {},
    { 'x-accepted-github-permissions': `${permission}=${access}` },
  )
}
