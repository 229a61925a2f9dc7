export interface PooledInstance {
  name: string
  port: number
}

/** An instance as the front door sees it. A failure is an answer of 500 or above, or none at all. */
export interface Member extends PooledInstance {
  in: boolean
  inflight: number
  requests: number
  failures: number
}

/** `at` is in milliseconds since the epoch; `size` is the number of instances in the pool from then on. */
export interface PoolChange {
  at: number
  instance: string
  change: 'in' | 'out'
  size: number
}

export interface Pool {
  readonly members: readonly Member[]
  readonly history: readonly PoolChange[]
  set(member: Member, isIn: boolean): void
  /** The next instance in turn, or undefined when the pool is empty. */
  choose(): Member | undefined
  size(): number
  /** The smallest size there was from `since` on; without it, since every instance was in for the first time (0 if never). */
  lowest(since?: number): number
}

export function createPool(instances: readonly PooledInstance[]): Pool {
  const members = instances.map(({ name, port }): Member => {
    return { name, port, in: false, inflight: 0, requests: 0, failures: 0 }
  })
  const history: PoolChange[] = []
  let turn = 0

  const size = () => sizeOf(members)

  return {
    members,
    history,
    size,

    set(member, isIn) {
      if (member.in === isIn) return
      member.in = isIn
      history.push({ at: Date.now(), instance: member.name, change: isIn ? 'in' : 'out', size: size() })
    },

    choose() {
      const candidates = members.filter((member) => member.in)
      return candidates[turn++ % candidates.length]
    },

    lowest: (since) => lowestOf({ members, history }, since),
  }
}

export const sizeOf = (members: readonly Readonly<Member>[]): number =>
  members.filter((member) => member.in).length

export function lowestOf({ members, history }: Pick<Pool, 'members' | 'history'>, since?: number): number {
  const from =
    since === undefined
      ? history.findIndex((change) => change.size === members.length)
      : history.findLastIndex((change) => change.at <= since)
  return from === -1 ? 0 : Math.min(...history.slice(from).map((change) => change.size))
}
