import type { Figures } from './series.ts'
import { stretchOf } from './stretch.ts'

/** The readings of an instance, in the order of time. `before`: while it still served the older release. */
export interface InstanceReadings {
  readonly name: string
  readonly before: readonly Figures[]
  readonly during: readonly Figures[]
}

/** The readings of a bake, on both sides. */
export interface Trial {
  readonly testBed: readonly InstanceReadings[]
  readonly others: readonly InstanceReadings[]
  /** Milliseconds from the first reading of the bake to the last. */
  readonly length: number
}

/** The most others to read: more of them tell little, and a ledger keeps what was read of each. */
const mostOthers = 20

/** Returns instances to compare with, evenly out of all. */
export const someOf = (others: readonly string[]): string[] => {
  const step = Math.max(1, others.length / mostOthers)
  return Array.from(
    { length: Math.min(mostOthers, others.length) },
    (_, at) => others[Math.floor(at * step)] ?? '',
  )
}

/** Returns the readings of one instance, out of readings of all. */
export const amongReadings = (name: string, taken: readonly Readonly<Record<string, Figures>>[]): Figures[] =>
  taken.flatMap((all) => (Object.hasOwn(all, name) ? [all[name] ?? {}] : []))

/** The figures of an instance over the whole bake: means, and events among all. */
export function overall({ during }: InstanceReadings): Figures {
  const names = [...new Set(during.flatMap(Object.keys))]
  return Object.fromEntries(
    names.map((name) => {
      const { level, events, readings } = stretchOf(name, during)
      const of = readings.reduce((all, reading) => all + reading.of, 0)
      return [name, events === null ? level : { count: events, of }]
    }),
  )
}

/** The time before the change that figures are asked for as well, as so many times the bake. */
const timesBefore = 6
const leastBefore = 10 * 60_000
const mostBefore = 24 * 3_600_000

/** Returns how long before the change instances are looked at, to know how they differ by themselves. */
export const lengthBefore = (bake: number): number =>
  Math.min(mostBefore, Math.max(leastBefore, timesBefore * bake))
