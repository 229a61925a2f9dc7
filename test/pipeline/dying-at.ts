import type { Ledger } from '../../src/domain/ledger/ledger.ts'
import { durableLedger, type InMemory } from './in-memory.ts'

/** A run that is lost at one call of its ports. */
export interface DyingRun {
  /** Resolves with the ledger as it was kept when the run was lost. */
  readonly died: Promise<Ledger>
  /** Returns a port whose calls count. The run hears no answer of the one at which it is lost, nor of any after it. */
  dying<T extends object>(port: T): T
}

/** Counts the calls of ports, and loses the run at the nth, before it is made or after. */
export function dyingAt(memory: InMemory, call: number, when: 'before' | 'after'): DyingRun {
  const { promise: died, resolve: tell } = Promise.withResolvers<Ledger>()
  const never = new Promise<never>(() => {})
  let [calls, isLost] = [0, false]
  const lose = async (makeCall: () => unknown): Promise<never> => {
    isLost = true
    const ledger = durableLedger(memory)
    if (when === 'after') await makeCall()
    tell(ledger)
    return never
  }
  const dying = <T extends object>(port: T): T =>
    new Proxy(port, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name)
        if (typeof value !== 'function') return value
        return async (...args: unknown[]) => {
          if (isLost) return never
          calls += 1
          return calls === call ? lose(() => value(...args)) : value(...args)
        }
      },
    })
  return { died, dying }
}
