import { deviations, type FigureStretch, sum } from './stretch.ts'

/** How much the readings of a figure differ from one to the next, as all instances together show it. */
export interface Spread {
  /** The variance of one deviation. */
  readonly variance: number
  /** The readings that tell no more than one: each resembles the one before. */
  readonly alike: number
  /** The degrees of freedom that the variance was estimated with. */
  readonly freedom: number
}

/**
 * Estimates the spread from all stretches at once: the noise of a figure is taken to be of one kind on every instance,
 * because the readings of a single one are too few to tell it.
 */
export function spreadOf(stretches: readonly FigureStretch[]): Spread {
  const series = stretches.map(deviations).filter(({ length }) => length > 1)
  const squares = sum(series.map((one) => sum(one.map((e) => e * e))))
  const freedom = sum(series.map(({ length }) => length - 1))
  const counted = stretches.some(({ events }) => events !== null)
  if (freedom === 0) return { variance: counted ? 1 : 0, alike: 1, freedom: 1 }
  const found = squares / freedom
  // Events by chance alone do not resemble each other: readings do so by no more than what they vary beyond chance.
  const alike = likeness(series, squares, counted ? Math.max(0, 1 - 1 / found) : 1)
  return { variance: counted ? Math.max(1, found) : found, alike, freedom: Math.max(1, freedom / alike) }
}

/** The share by which readings that resemble each other look less alike than they are, in a series of twenty. */
const unseen = 0.25

/**
 * The integrated autocorrelation: one and twice the correlations of all lags, until a pair of neighbours shows none
 * any more; at least what the first lag alone would come to. `most` is the greatest correlation there can be.
 */
function likeness(series: readonly number[][], squares: number, most: number): number {
  if (squares === 0) return 1
  const at = (lag: number, alike: number) => Math.min(most, correlation(series, squares, lag, alike))
  const longest = Math.floor(Math.max(...series.map(({ length }) => length)) / 3)
  const first = Math.min(0.9, Math.max(0, at(1, 1)))
  let alike = 1
  for (let lag = 1; lag < longest; lag += 2) {
    const pair = at(lag, alike) + at(lag + 1, alike)
    if (pair <= 0) break
    alike += 2 * pair
  }
  const seen = Math.max(alike, (1 + first) / (1 - first))
  return seen + unseen * (seen - 1)
}

/** The mean was taken from the same readings, which makes them look less alike: `missing` gives that back. */
function correlation(series: readonly number[][], squares: number, lag: number, alike: number): number {
  let [products, pairs, readings] = [0, 0, 0]
  for (const one of series) {
    readings += one.length
    pairs += Math.max(0, one.length - lag)
    for (let at = lag; at < one.length; at += 1) products += (one[at] ?? 0) * (one[at - lag] ?? 0)
  }
  if (pairs === 0) return 0
  const missing = (alike * series.length) / readings
  return (products / pairs) * (readings / squares) * (1 - missing) + missing
}
