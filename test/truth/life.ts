import type { Ports } from '../../src/pipeline/ports.ts'

/** The life of one run: it dies at one of its effects, and from then on nothing of it happens. */
export interface Life {
  /** The ports of the run that may die. */
  mortal(ports: Ports): Ports
  /** Does an effect of a world that has several in one call; after the death it is a later run's. */
  around(what: string, effect: () => void): Promise<void>
  /** Resolves when the run has died. */
  readonly died: Promise<'died'>
  hasDied(): boolean
  /** The effects so far. */
  effects(): number
  /** A later run works from now on. */
  bury(): void
}

/** The calls that change something. Every other call only looks, or has its effects through `around`. */
const changes = new Set<string | symbol>([
  ...['run', 'leave', 'enter', 'handOver', 'restart', 'append', 'open', 'say', 'take', 'add'],
  ...['begin', 'finish', 'clear', 'prepare', 'stop'],
])

/** Calls that return at once, so that a dead run cannot be kept from them: they do nothing by themselves. */
const factories = new Set<string | symbol>(['fleet', 'traffic', 'engine', 'detour', 'door', 'rest', 'now'])

/** The ports through which a run reaches the world. */
const outside = [
  ...(['shell', 'bareShell', 'prober', 'fleet', 'traffic', 'engine', 'detour', 'door', 'ledgers'] as const),
  ...(['asks', 'record', 'repository', 'releases', 'issues', 'workspace', 'depot', 'clock'] as const),
]

const forever = <T>(): Promise<T> => new Promise(() => {})

/** `at`: the number of the effect at which the run dies. `done`: that effect itself still happens. */
export function aLife(at = Number.POSITIVE_INFINITY, done = false): Life {
  let count = 0
  let dead = false
  let buried = false
  let tell: (died: 'died') => void = () => {}
  const died = new Promise<'died'>((resolve) => {
    tell = resolve
  })

  async function die(effect: () => unknown): Promise<never> {
    if (done) await effect()
    dead = true
    tell('died')
    return forever()
  }

  async function perform<T>(effect: () => T | Promise<T>): Promise<T> {
    count += 1
    if (count === at) return die(effect)
    const result = await effect()
    return dead ? forever() : result
  }

  const call = (target: object, key: string | symbol, value: (...given: unknown[]) => unknown) => {
    const does = (given: unknown[]): unknown => Reflect.apply(value, target, given)
    if (factories.has(key))
      return (...given: unknown[]) => {
        const made = does(given)
        return typeof made === 'object' && made !== null && !(made instanceof Date) ? reach(made) : made
      }
    return async (...given: unknown[]): Promise<unknown> => {
      if (dead) return forever()
      if (changes.has(key)) return perform(() => does(given))
      const seen = await does(given)
      return dead ? forever() : seen
    }
  }

  const reach = <T extends object>(port: T): T =>
    new Proxy(port, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key)
        if (typeof value === 'function') return call(target, key, value as (...given: unknown[]) => unknown)
        return typeof value === 'object' && value !== null ? reach(value) : value
      },
    })

  return {
    mortal(ports) {
      const reached = reach(ports)
      return { ...ports, ...Object.fromEntries(outside.map((port) => [port, reached[port]])) }
    },
    around: async (_what, effect) => (buried ? effect() : dead ? forever() : perform(effect)),
    died,
    hasDied: () => dead,
    effects: () => count,
    bury() {
      buried = true
    },
  }
}
