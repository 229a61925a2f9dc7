import type { InForce } from '../../rules/in-force.ts'

/** A run or a job that wants to be in a group. */
export interface GroupMember {
  readonly queue: 'single' | 'max'
  readonly cancelInProgress: boolean
  /** Cancels the member while it runs. */
  cancel(): void
}

export interface ConcurrencyGroups {
  /** Waits for the place of the group. Returns `cancelled` if a newer member took the place in the queue. */
  enter(group: string, member: GroupMember): Promise<'entered' | 'cancelled'>
  /** Gives the place to the next member. */
  leave(group: string, member: GroupMember): void
}

interface Queued {
  readonly member: GroupMember
  answer(how: 'entered' | 'cancelled'): void
}

interface Group {
  running: GroupMember | null
  pending: Queued[]
}

/** The most members of a group with `queue: max` that wait. */
const longestQueue = 100

/** The concurrency groups of one repository: workflows and jobs of all of them share their names. */
export function concurrencyGroups(inForce: InForce): ConcurrencyGroups {
  const groups = new Map<string, Group>()
  const groupOf = (name: string): Group => {
    const key = inForce('concurrency-names-ignore-case') ? name.toLowerCase() : name
    const known = groups.get(key) ?? { running: null, pending: [] }
    groups.set(key, known)
    return known
  }
  const drop = (group: Group): void => {
    for (const { answer } of group.pending.splice(0)) answer('cancelled')
  }
  return {
    enter(name, member) {
      const group = groupOf(name)
      if (group.running === null) {
        group.running = member
        return Promise.resolve('entered')
      }
      if (member.cancelInProgress && inForce('concurrency-cancels-in-progress')) group.running.cancel()
      const queuesAll = member.queue === 'max' && inForce('concurrency-queue-max')
      if (queuesAll && group.pending.length >= longestQueue) return Promise.resolve('cancelled')
      if (!queuesAll && inForce('concurrency-one-pending')) drop(group)
      return new Promise((answer) => group.pending.push({ member, answer }))
    },
    leave(name, member) {
      const group = groupOf(name)
      if (group.running !== member) return
      const next = group.pending.shift()
      group.running = next?.member ?? null
      next?.answer('entered')
    },
  }
}
