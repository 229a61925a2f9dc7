import type { OpenRecord } from './log.ts'

/**
 * A break of GitHub's description. A `response` violation is the sandbox's own fault, and so is a `crash`
 * unless a hook of the test threw; the others are the caller's.
 */
export interface Violation {
  readonly kind: 'unknown-operation' | 'request' | 'response' | 'crash'
  /** `POST /repos/acme/shop/deployments`. */
  readonly request: string
  /** Number of the request in the log. */
  readonly number: number
  readonly faults: readonly string[]
}

export interface Violations {
  readonly all: readonly Violation[]
  add(kind: Violation['kind'], record: OpenRecord, faults: readonly string[]): void
}

export function violations(): Violations {
  const all: Violation[] = []
  return {
    all,
    add(kind, { method, path, number }, faults) {
      if (faults.length > 0) all.push({ kind, request: `${method} ${path}`, number, faults })
    },
  }
}
