import * as z from 'zod/mini'
import type { Path } from '../../yaml/source.ts'
import type { ServiceValue } from '../services.ts'

/**
 * A rule about several keys of a service. It is reported at `at`, and asked as soon as all that it reads could be
 * read, whatever else is wrong in the same service.
 */
export function rule(
  at: string[],
  reads: string[][],
  words: string | ((service: ServiceValue) => string),
  holds: (service: ServiceValue) => boolean,
) {
  return z.refine<ServiceValue>(holds, {
    path: at,
    params: { own: at, orAt: reads.slice(1) },
    error: (issue) => (typeof words === 'string' ? words : words(issue.input as ServiceValue)),
    when: readable(reads),
  })
}

/** Returns true if all keys that a rule reads could be read. */
export function readable(reads: string[][]) {
  return ({ value, issues }: z.core.ParsePayload): boolean =>
    typeof value === 'object' && value !== null && !issues.some((issue) => hides(issue, reads))
}

/** An unknown key of the service itself hides nothing; one further down may be the key that the rule reads. */
function hides(issue: z.core.$ZodRawIssue, reads: Path[]): boolean {
  const path = issue.path ?? []
  if (issue.code === 'unrecognized_keys' && path.length === 0) return false
  return reads.some((read) => meet(path, read))
}

function meet(one: readonly PropertyKey[], other: Path): boolean {
  return one.slice(0, other.length).every((part, index) => part === other[index])
}
