import { quantile } from '../../../src/domain/judge/chances.ts'
import { chanceOfMore, chiSquared, logFactorial, normal } from './distributions.ts'
import type { Goal, JudgeRow } from './rows.ts'
import { beforeTimes, type Conditions, swing } from './trials.ts'

/**
 * Returns the best share that any test reaches in a row while it calls at most one of a hundred identical releases
 * worse: the greatest share of differences found, or the least share left inconclusive. The test is told what no judge
 * knows: how much the instances differ by themselves, and how much readings swing and resemble each other. Where
 * measured instances are alike it is not told, because it must keep its word however much others differ. Null where
 * nothing stands in the way.
 */
export function bestShare({ conditions }: JudgeRow, { verdict, at }: Goal): number | null {
  if (verdict === 'worse' && at === 'most') return null
  const drawn = Object.values(conditions.figures)
  const [figure] = drawn.toSorted((a, b) => noiseOf(b) - noiseOf(a))
  if (figure === undefined) return null
  if (verdict === 'worse')
    return figure.kind === 'count'
      ? foundAmongCounts(conditions, figure.mean)
      : measured(conditions, noiseOf(figure), ({ critical, contrast, deviation }) =>
          chanceOfMore((critical - contrast) / deviation),
        )
  if (figure.kind === 'count') return null
  // A test bed that is called no worse is three tenths worse with a chance of at most a twentieth.
  const open = measured({ ...conditions, times: 1 }, noiseOf(figure), ({ doubtful, deviation }) =>
    chanceOfMore((Math.log(1.3) - doubtful) / deviation),
  )
  return Math.max(0, open - falseAlarm)
}

const falseAlarm = 0.01

const noiseOf = (drawn: Conditions['figures'][string]): number =>
  drawn.kind === 'latency' ? drawn.spread / drawn.mean : 0

/** The test bed's part in the variance of a difference to the mean of the others is one, and theirs is the rest. */
const bothSides = ({ fleet }: Conditions): number => 1 + 1 / (fleet - 1)

/** The variance of the mean of so many readings of variance one, each resembling the one before. */
function varianceOfMean(length: number, likeness: number): number {
  const pairs = Array.from({ length: length - 1 }, (_, at) => (length - 1 - at) * likeness ** (at + 1))
  return (length + 2 * pairs.reduce((all, one) => all + one, 0)) / length ** 2
}

/** The variance of the logarithm that is left of the instances' own differences once the time before is known. */
function ownLeft(conditions: Conditions, noise: (readings: number) => number): number {
  const own = conditions.offset ** 2 * bothSides(conditions)
  const then = conditions.before
    ? noise(beforeTimes * conditions.readings) * bothSides(conditions)
    : Number.POSITIVE_INFINITY
  return Number.isFinite(then) && own > 0 ? (own * then) / (own + then) : own
}

/** Among all events of a bake each is the test bed's with one chance: the test that counts them is the most powerful. */
function foundAmongCounts(conditions: Conditions, mean: number): number {
  const { fleet, readings, likeness, times } = conditions
  const swings = (length: number) => (likeness === 0 ? 0 : swing ** 2 * varianceOfMean(length, likeness))
  const deviation = Math.sqrt(
    ownLeft(conditions, (length) => 1 / (mean * length) + swings(length)) +
      swings(readings) * bothSides(conditions),
  )
  const all = (fleet - 1 + times) * mean * readings
  const reach = Math.ceil(6 * Math.sqrt(all))
  const odds = -Math.log(fleet - 1)
  let [found, weights] = [0, 0]
  for (let events = Math.max(1, Math.floor(all) - reach); events <= all + reach; events += 1) {
    const weight = Math.exp(events * Math.log(all) - all - logFactorial(events))
    const alike = shares(events, odds, deviation)
    const worse = shares(events, odds + Math.log(times), deviation)
    found += weight * power(alike, worse)
    weights += weight
  }
  return found / weights
}

/** The chance of each count of the test bed's among so many events, weighed over the deviation of the odds. */
function shares(events: number, odds: number, deviation: number): number[] {
  const chances = Array.from({ length: events + 1 }, () => 0)
  for (const { at, weight } of deviation === 0 ? [{ at: 0, weight: 1 }] : normal) {
    const odd = odds + deviation * at
    const [here, there] = [-Math.log1p(Math.exp(-odd)), -Math.log1p(Math.exp(odd))]
    for (let count = 0; count <= events; count += 1) {
      const ways = logFactorial(events) - logFactorial(count) - logFactorial(events - count)
      chances[count] =
        (chances[count] ?? 0) + weight * Math.exp(ways + count * here + (events - count) * there)
    }
  }
  return chances
}

/** Takes the greatest counts until one of a hundred identical releases is called worse, the last one in part. */
function power(alike: readonly number[], worse: readonly number[]): number {
  let [spent, found] = [0, 0]
  for (let count = alike.length - 1; count >= 0; count -= 1) {
    const [here, there] = [alike[count] ?? 0, worse[count] ?? 0]
    if (spent + here > falseAlarm) return found + (there * (falseAlarm - spent)) / here
    spent += here
    found += there
  }
  return found
}

interface Place {
  /** The least difference that is called worse, and the deviations of one that may be three tenths worse. */
  readonly critical: number
  readonly doubtful: number
  readonly contrast: number
  readonly deviation: number
}

/** A difference of logarithms is normal; where its deviation is not told it is seen from the others alone. */
function measured(conditions: Conditions, noise: number, chance: (place: Place) => number): number {
  const { readings, likeness, times, fleet, offset } = conditions
  const variance = noise ** 2 * varianceOfMean(readings, likeness)
  const left = ownLeft(conditions, (length) => noise ** 2 * varianceOfMean(length, likeness))
  const deviation = Math.sqrt(left + variance * bothSides(conditions))
  const contrast = Math.log(times)
  if (offset > 0 || conditions.before)
    return chance({ critical: 2.326 * deviation, doubtful: 1.645 * deviation, contrast, deviation })
  const freedom = fleet - 2
  const seen = chiSquared(freedom)
  return seen.reduce((all, { at, weight }) => {
    const shown = deviation * Math.sqrt(at / freedom)
    const [critical, doubtful] = [quantile(0.99, freedom) * shown, quantile(0.95, freedom) * shown]
    return all + weight * chance({ critical, doubtful, contrast, deviation })
  }, 0)
}
