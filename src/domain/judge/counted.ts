import { chanceOfLess, density } from './chances.ts'

/** Events of the test bed and of the others, as many as there would be were each of them by itself. */
export interface EventCounts {
  readonly here: number
  readonly there: number
  /** The logarithm of the test bed's events to those of the others that is expected of identical releases. */
  readonly expected: number
  /** The deviation of that logarithm: how the instances differ by themselves. */
  readonly deviation: number
  readonly freedom: number
}

/** The places at which the difference between instances is weighed, in its deviations. */
const places = Array.from({ length: 17 }, (_, at) => (at - 8) / 2)

/**
 * Returns the chance of so many events of the test bed, or more, if it had `ratio` times the others' rate as a
 * logarithm. Among all events each is the test bed's with one chance, so that the rate itself need not be known; half
 * of the chance of exactly so many counts. The chance is weighed over what instances differ by themselves.
 */
export function chanceOfCount(
  { here, there, expected, deviation, freedom }: EventCounts,
  ratio: number,
): number {
  const weighed = places.map((place) => {
    const share = 1 / (1 + Math.exp(-(expected + ratio + deviation * place)))
    return { weight: density(place, freedom), chance: chanceOfLess(share, here + 0.5, there + 0.5) }
  })
  const weights = weighed.reduce((all, { weight }) => all + weight, 0)
  return weighed.reduce((all, { weight, chance }) => all + weight * chance, 0) / weights
}

/** Returns the ratio, as a logarithm, at which so many events have this chance. */
export function ratioAt(counted: EventCounts, chance: number): number {
  let [low, high] = [-8, 8]
  for (let turn = 0; turn < 20; turn += 1) {
    const middle = (low + high) / 2
    if (chanceOfCount(counted, middle) < chance) low = middle
    else high = middle
  }
  return (low + high) / 2
}
