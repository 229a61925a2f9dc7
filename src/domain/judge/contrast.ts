import type { EventCounts } from './counted.ts'
import type { Spread } from './spread.ts'
import { type FigureStretch, sum } from './stretch.ts'

/** The readings of a figure of one instance. `before`: while all served the older release. */
export interface Pair {
  readonly before: FigureStretch
  readonly during: FigureStretch
}

/** The test bed against the others, as logarithms: `log(2)` is twice as much. */
export interface Contrast {
  readonly estimate: number
  readonly deviation: number
  readonly freedom: number
  /** The part of the variance that more readings during the bake would make smaller. */
  readonly shrinking: number
  /** The events of a rate; null for a number. */
  readonly counted: EventCounts | null
}

/**
 * Instances of one service differ by themselves: two of three in less than a tenth. It is the experience of this many
 * instances, beside which the ones at hand count one each.
 */
const usual = { deviation: 0.1, instances: 8 }

/** Estimates the ratio of the test bed to the others, without what the test bed had more or less before its change. */
export function contrast(testBed: readonly Pair[], others: readonly Pair[], spread: Spread): Contrast {
  const during = { bed: pointsOf(testBed, 'during', spread), rest: pointsOf(others, 'during', spread) }
  const before = { bed: pointsOf(testBed, 'before', spread), rest: pointsOf(others, 'before', spread) }
  const offsets = offsetsOf(during.rest, [...before.bed, ...before.rest])
  const own = offsets.variance * (1 / testBed.length + 1 / others.length)
  const now = difference(during.bed, during.rest)
  const then =
    complete(before.bed, testBed) && complete(before.rest, others)
      ? difference(before.bed, before.rest)
      : { estimate: 0, variance: Number.POSITIVE_INFINITY }
  // The better the time before is known, the more of it is taken for the instances' own.
  const trust = own + then.variance === 0 ? 1 : own / (own + then.variance)
  const left = Number.isFinite(then.variance) ? trust * then.variance : own
  const variance = now.variance + left
  const counts = countsOf(testBed, others, spread)
  return {
    estimate: now.estimate - trust * then.estimate,
    deviation: Math.sqrt(variance),
    freedom: variance === 0 ? spread.freedom : freedomOf(now.variance, spread.freedom, left, offsets.freedom),
    shrinking: now.variance,
    counted: counts && {
      ...{ ...counts, expected: counts.expected + trust * then.estimate },
      ...{ deviation: Math.sqrt(left), freedom: offsets.freedom },
    },
  }
}

/** Counts the events of both sides during the bake; null for a number. Events that come in bursts count as fewer. */
function countsOf(
  testBed: readonly Pair[],
  others: readonly Pair[],
  { variance, alike }: Spread,
): Pick<EventCounts, 'here' | 'there' | 'expected'> | null {
  if (testBed.some(({ during }) => during.events === null)) return null
  const [here, there] = [amounts(testBed), amounts(others)]
  const burst = variance * alike
  return {
    here: here.events / burst,
    there: there.events / burst,
    expected: Math.log(here.of / there.of),
  }
}

const amounts = (pairs: readonly Pair[]): { readonly events: number; readonly of: number } => ({
  events: sum(pairs.map(({ during }) => during.events ?? 0)),
  of: sum(pairs.flatMap(({ during }) => during.readings.map(({ of }) => of))),
})

interface Point {
  readonly log: number
  readonly variance: number
}

function pointsOf(pairs: readonly Pair[], when: keyof Pair, { variance, alike }: Spread): Point[] {
  return pairs.flatMap((pair) => {
    const { readings, level, events } = pair[when]
    if (readings.length === 0) return []
    if (events === null) return [{ log: Math.log(level), variance: (variance * alike) / readings.length }]
    // Half an event more keeps the logarithm of none finite, and unbiased.
    const among = sum(readings.map(({ of }) => of))
    return [{ log: Math.log((events + 0.5) / among), variance: (variance * alike) / (events + 0.5) }]
  })
}

const complete = (points: readonly Point[], pairs: readonly Pair[]): boolean => points.length === pairs.length

function difference(bed: readonly Point[], rest: readonly Point[]): { estimate: number; variance: number } {
  const [here, there] = [meanOf(bed), meanOf(rest)]
  return { estimate: here.log - there.log, variance: here.variance + there.variance }
}

const meanOf = (points: readonly Point[]): Point => ({
  log: sum(points.map(({ log }) => log)) / points.length,
  variance: sum(points.map(({ variance }) => variance)) / points.length ** 2,
})

/** The variance between instances by themselves: what is usual, and what these ones show beyond their noise. */
function offsetsOf(
  during: readonly Point[],
  before: readonly Point[],
): { readonly variance: number; readonly freedom: number } {
  const shown = before.length > during.length ? before : during
  const { log } = meanOf(shown)
  const noise = (sum(shown.map((point) => point.variance)) * (shown.length - 1)) / shown.length
  const beyond = Math.max(0, sum(shown.map((point) => (point.log - log) ** 2)) - noise)
  const freedom = usual.instances + shown.length - 1
  return { variance: (usual.instances * usual.deviation ** 2 + beyond) / freedom, freedom }
}

/** Satterthwaite's: two estimated variances, each with the freedom that it was estimated with. */
function freedomOf(a: number, freedomOfA: number, b: number, freedomOfB: number): number {
  return (a + b) ** 2 / (a ** 2 / freedomOfA + b ** 2 / freedomOfB)
}
