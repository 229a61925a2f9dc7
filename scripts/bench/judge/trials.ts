import { judge } from '../../../src/domain/judge/judge.ts'
import type { Figure, Figures } from '../../../src/domain/judge/series.ts'
import type { InstanceReadings } from '../../../src/domain/judge/trial.ts'
import type { Verdict } from '../../../src/domain/rolling/verdict.ts'
import { type Chance, chanceOf } from './chance.ts'

/** A figure as the trials draw it. */
export type Drawn =
  /** Events by chance, with this mean in a reading, among 500. */
  | { readonly kind: 'count'; readonly mean: number }
  /** Milliseconds around a mean. */
  | { readonly kind: 'latency'; readonly mean: number; readonly spread: number }

/** Releases of which it is known if one is worse, and what can be read of them. */
export interface Conditions {
  readonly figures: Readonly<Record<string, Drawn>>
  readonly fleet: number
  /** Readings of the bake, of every instance. */
  readonly readings: number
  /** True if `figures` prints the series of the time before the change as well: six times the bake. */
  readonly before: boolean
  /** How much a reading resembles the one before: of a count a fifth of its mean swings. */
  readonly likeness: number
  /** The standard deviation of what instances differ by themselves. */
  readonly offset: number
  /** The test bed has so many times as much as the others. */
  readonly times: number
}

export const errors = (mean: number): Conditions['figures'] => ({ errors: { kind: 'count', mean } })
export const p95: Conditions['figures'] = { p95: { kind: 'latency', mean: 200, spread: 20 } }
export const three: Conditions['figures'] = {
  ...errors(5),
  ...p95,
  p99: { kind: 'latency', mean: 400, spread: 60 },
}

/** The share by which the rate of events swings where readings resemble each other. */
export const swing = 0.2

/** The time before is so many times the bake. */
export const beforeTimes = 6

/** The share of each verdict among so many trials. */
export function shares(
  conditions: Conditions,
  trials: number,
  seed: number,
): Record<Verdict['kind'], number> {
  const chance = chanceOf(seed)
  const found = { 'better-or-equal': 0, worse: 0, inconclusive: 0 }
  for (let trial = 0; trial < trials; trial += 1) found[once(conditions, chance)] += 1 / trials
  return found
}

function once(conditions: Conditions, chance: Chance): Verdict['kind'] {
  const all = Array.from({ length: conditions.fleet }, (_, at) => instance(conditions, chance, at))
  const trial = { testBed: all.slice(0, 1), others: all.slice(1), length: 600_000 }
  return judge(trial, { tolerance: 0.1, readings: 5, watchedOnly: 'none' }).kind
}

/** An instance differs from the others by the same share in all its figures, before as well as during the bake. */
function instance(conditions: Conditions, chance: Chance, at: number): InstanceReadings {
  const own = Math.exp(conditions.offset * chance.normal())
  const { readings, before, times } = conditions
  return {
    name: `web-${at + 1}`,
    before: before ? drawn(conditions, chance, beforeTimes * readings, own) : [],
    during: drawn(conditions, chance, readings, at === 0 ? own * times : own),
  }
}

function drawn({ figures, likeness }: Conditions, chance: Chance, length: number, own: number): Figures[] {
  const series = Object.entries(figures).map(([name, drawn]): [string, Figure[]] => [
    name,
    chance.alike(length, likeness).map((normal) => reading(drawn, own, normal, likeness, chance)),
  ])
  return Array.from({ length }, (_, at) =>
    Object.fromEntries(series.map(([name, values]) => [name, values[at] ?? 0])),
  )
}

function reading(drawn: Drawn, own: number, normal: number, likeness: number, chance: Chance): Figure {
  if (drawn.kind === 'latency') return own * (drawn.mean + drawn.spread * normal)
  const swings = likeness === 0 ? 1 : Math.exp(swing * normal - swing ** 2 / 2)
  return { count: chance.events(drawn.mean * own * swings), of: 500 }
}
