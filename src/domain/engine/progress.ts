import type { EngineSeen, Replicas } from './engine-seen.ts'

/** True if a look tells something new. `counts`: the numbers of replicas count as news, too. */
export const changed = (before: EngineSeen, now: EngineSeen, counts: boolean): boolean =>
  newsOf(before) !== newsOf(now) || (counts && !sameReplicas(before.replicas, now.replicas))

/** The facts that a person wants to hear of at once: the first replica that serves, and the last older one, among them. */
const newsOf = ({ rollout, wanted, noticed, phase, troubles, replicas }: EngineSeen): string =>
  JSON.stringify([
    rollout,
    wanted,
    noticed,
    phase,
    replicas.ready > 0,
    replicas.old > 0,
    [...new Set(troubles.map(({ reason }) => reason))].sort(),
  ])

const sameReplicas = (one: Replicas, other: Replicas): boolean =>
  one.wanted === other.wanted &&
  one.updated === other.updated &&
  one.ready === other.ready &&
  one.old === other.old
