import type { Service } from '../../src/domain/config/service.ts'
import { found } from '../../src/domain/reading.ts'
import type { Ports, Variables } from '../../src/pipeline/ports.ts'
import { aCommand, aService, older } from '../domain/a-plan.ts'
import { type InMemory, inMemory } from './in-memory.ts'

type SlotName = 'a' | 'b'

interface Slot {
  installed: string | null
  running: string | null
  /** The running process has passed its self test. */
  proven: boolean
  inPool: boolean
}

/** Instances of two slots behind a front door, in memory. Slot a of each serves the older release. */
export interface SlotWorld {
  readonly memory: InMemory
  readonly instances: ReadonlyMap<string, Readonly<Record<SlotName, Slot>>>
  /** Everything that no start-first change may ever do. */
  readonly breaches: string[]
  /** The releases in the pool, an instance each, with the slot that is up beside: `v1.1.0` or `v1.0.0 v1.1.0 (b up)`. */
  traffic(): string[]
  /** The effects so far. */
  effects(): number
  /** From the nth effect on nothing of this run happens any more. `done`: the nth itself still does. */
  killAt(n: number, done: boolean): Promise<'killed'>
  /** Another run works from now on. */
  revive(): void
}

const slots = { a: { PORT: '4001' }, b: { PORT: '5001' } }

export const inSlots = (instances: number, change: Partial<Service['rollout']> = {}): Service =>
  aService(
    'web',
    instances,
    { order: { kind: 'start-first', slots }, ...change },
    {
      traffic: {
        kind: 'command',
        leave: aCommand('leave'),
        enter: aCommand('enter'),
        serving: { kind: 'run', command: aCommand('in-pool') },
        timeout: 10_000,
      },
    },
  )

export function aSlotWorld(names: readonly string[]): SlotWorld {
  const memory = inMemory()
  const idle = (): Slot => ({ installed: null, running: null, proven: false, inPool: false })
  const serving = (): Slot => ({ installed: older.tag, running: older.tag, proven: true, inPool: true })
  const instances = new Map(names.map((name) => [name, { a: serving(), b: idle() }]))
  const breaches: string[] = []
  let count = 0
  let death: { at: number; done: boolean; die(): void } | null = null
  let dead = false
  const forever = () => new Promise<never>(() => {})

  const at = ({ ROLLGATE_INSTANCE: name = '', ROLLGATE_SLOT: slot = '' }: Variables): Slot => {
    const found = instances.get(name)?.[slot as SlotName]
    if (found === undefined) throw new Error(`nothing at ${name}/${slot}`)
    return found
  }
  const breach = (so: boolean, what: string) => so && breaches.push(what)

  function effect(what: string, seen: Variables): void {
    const slot = at(seen)
    const place = `${seen.ROLLGATE_INSTANCE}-${seen.ROLLGATE_SLOT}`
    switch (what) {
      case 'leave':
        slot.inPool = false
        break
      case 'enter':
        breach(slot.running === null || !slot.proven, `${place} entered unproven`)
        slot.inPool = true
        break
      case 'stop':
        breach(slot.inPool, `${place} stopped in traffic`)
        slot.running = null
        break
      case 'install':
        breach(slot.running !== null, `${place} was installed over a process`)
        slot.installed = seen.ROLLGATE_RELEASE ?? null
        break
      case 'start':
        breach(slot.inPool, `${place} started in traffic`)
        slot.running = slot.installed
        slot.proven = false
        break
    }
    for (const [name, { a, b }] of instances)
      breach(
        ![a, b].some(({ inPool, running }) => inPool && running !== null),
        `${name} is down after ${what}`,
      )
  }

  /** Does an effect, unless the run dies there. */
  async function perform(what: string, seen: Variables): Promise<void> {
    if (dead) await forever()
    count += 1
    const dies = death !== null && count >= death.at
    if (!dies || death?.done === true) effect(what, seen)
    if (!dies) return
    dead = true
    death?.die()
    await forever()
  }

  memory.prober.replyBy('version', (seen) => {
    const { running } = at(seen)
    return running === null ? { kind: 'absent', why: 'refused' } : { kind: 'yes', text: running }
  })
  const alive = (seen: Variables) =>
    at(seen).running === null
      ? ({ kind: 'absent', why: 'refused' } as const)
      : ({ kind: 'yes', text: '' } as const)
  memory.prober.replyBy('is-alive', alive)
  memory.prober.replyBy('self-test', (seen) => {
    at(seen).proven ||= at(seen).running !== null
    return alive(seen)
  })
  memory.prober.replyBy('in-pool', (seen) =>
    at(seen).inPool ? { kind: 'yes', text: '' } : { kind: 'no', why: 'out', text: '' },
  )

  const { fleet } = memory.ports
  const ports: Ports = {
    ...memory.ports,
    fleet: (recipe) => ({
      ...fleet(recipe),
      async run(instance, command, seen, watch) {
        const finished = await fleet(recipe).run(instance, command, seen, watch)
        await perform(command.run, seen)
        return finished
      },
    }),
    traffic: () => ({
      async leave(_instance, seen) {
        await perform('leave', seen)
        return null
      },
      async enter(instance, seen, watch) {
        await perform('enter', seen)
        return memory.traffic.enter(instance.name, watch)
      },
      knows: async () => found(true),
      serves: async (_instance, seen) => (dead ? forever() : found(at(seen).inPool)),
    }),
  }

  return {
    memory: { ...memory, ports },
    instances,
    breaches,
    traffic: () =>
      [...instances.values()].map(({ a, b }) => {
        const serve = [a, b].filter(({ inPool }) => inPool).map(({ running }) => running ?? 'nothing')
        const beside = [a, b].filter(({ inPool, running }) => !inPool && running !== null)
        return `${serve.join(' ')}${beside.length > 0 ? ' (another is up)' : ''}`
      }),
    effects: () => count,
    killAt: (n, done) =>
      new Promise((resolve) => {
        death = { at: n, done, die: () => resolve('killed') }
      }),
    revive() {
      if (!dead) throw new Error('no run was lost')
      dead = false
      death = null
    },
  }
}
