import type { GitHub } from './connection.ts'
import type { Asking } from './failures.ts'

/** The permissions that a token was seen to read with. The permissions of a token stay the same for as long as it lives. */
const seen = new WeakMap<GitHub, Set<string>>()

const subjectOf = ({ needs }: Asking): string => needs.split(':')[0] ?? needs

/** Notes that the token has read under this permission. */
export function noteSeen(github: GitHub, asking: Asking): void {
  seen.set(github, (seen.get(github) ?? new Set()).add(subjectOf(asking)))
}

/**
 * Returns true if the token can read under this permission in the repository. It is asked after a 404, and
 * mostly known by then: a deployment reads its config first. Otherwise a thing is read that every repository
 * has.
 */
export async function maySee(github: GitHub, asking: Asking): Promise<boolean> {
  const subject = subjectOf(asking)
  if (seen.get(github)?.has(subject)) return true
  const sample = samples[subject]
  if (sample === undefined) return false
  const visible = await sample(github).then(
    () => true,
    () => false,
  )
  if (visible) noteSeen(github, asking)
  return visible
}

const samples: Readonly<Record<string, (github: GitHub) => Promise<unknown>>> = {
  actions: ({ rest, place }) => rest.repos.getAllEnvironments({ ...place, per_page: 1 }),
  issues: ({ rest, place }) => rest.issues.listForRepo({ ...place, per_page: 1 }),
  contents: ({ rest, place }) => rest.git.listMatchingRefs({ ...place, ref: 'heads' }),
}
