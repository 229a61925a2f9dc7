import type { InForce } from '../rules/in-force.ts'
import type { Faults } from './faults.ts'
import type { Limits } from './limits.ts'
import type { OpenRecord } from './log.ts'
import type { Answers, SiteReply } from './reply.ts'
import type { RepositoryName } from './site.ts'
import type { Tokens } from './tokens.ts'
import type { Violations } from './violations.ts'

export interface Incoming {
  readonly method: string
  readonly url: URL
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly bytes: Buffer
}

export interface Parts {
  readonly repository: RepositoryName
  readonly inForce: InForce
  readonly answers: Answers
  readonly tokens: Tokens
  readonly faults: Faults
  readonly violations: Violations
  readonly limits: Limits
  readonly records: OpenRecord[]
  /** The last answer to each reading request, for the fault `stale`. */
  readonly earlier: Map<string, SiteReply>
}
