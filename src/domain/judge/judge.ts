import { plainVerdict, type Verdict } from '../rolling/verdict.ts'
import { chanceAbove, quantile } from './chances.ts'
import { type Contrast, contrast, type Pair } from './contrast.ts'
import { chanceOfCount, ratioAt } from './counted.ts'
import { type FigureEvidence, type Ratio, type Side, short } from './evidence.ts'
import { holm } from './holm.ts'
import { moreTime } from './more-time.ts'
import { spreadOf } from './spread.ts'
import { countsThings, type FigureStretch, stretchOf, sum } from './stretch.ts'
import type { InstanceReadings, Trial } from './trial.ts'

export interface JudgeRules {
  /** The share by which the test bed may be worse. */
  readonly tolerance: number
  /** The fewest readings of an instance. */
  readonly readings: number
  /** Figures that watch without deciding. */
  readonly watchedOnly: 'none' | 'all' | readonly string[]
}

/** The chance that identical releases are called worse. */
const falseAlarm = 0.01
/** The chance that the ratio lies above its interval, or below. */
const doubt = 0.05
/** The ratio that a bake must be able to exclude: a doubled rate, or three tenths more of anything else. */
const sought = { counted: 2, measured: 1.3 }
/** A rate that is surely below it is none, whatever the others have. */
const negligible = 0.001

/** Judges a test bed by its figures against those of the others. */
export function judge(trial: Trial, rules: JudgeRules): Verdict {
  const { testBed, others } = enough(trial, rules)
  const silent = trial.testBed.filter((one) => !testBed.includes(one)).map(({ name }) => name)
  if (silent.length > 0)
    return noData(`${silent.join(', ')} has fewer than ${rules.readings} readings of figures.`)
  if (others.length === 0) return noData(`None of the others has ${rules.readings} readings of figures.`)
  const names = [
    ...new Set([...testBed, ...others].flatMap(({ during }) => during.flatMap(Object.keys))),
  ].sort()
  const compared = names.map((name) => compare(name, { ...trial, testBed, others }, rules))
  const found = decided(compared)
  if (found.every((one) => !one.decides || one.found === 'not-compared'))
    return rules.watchedOnly === 'none'
      ? { ...noData('No figure is known of the test bed and of the others.'), evidence: found }
      : said('better-or-equal', 'No figure decides: all of them are only watched.', found)
  return conclude(found, compared, trial)
}

const noData = (what: string): Verdict => plainVerdict('inconclusive', what)

const enough = (trial: Trial, { readings }: JudgeRules): Pick<Trial, 'testBed' | 'others'> => ({
  testBed: trial.testBed.filter(({ during }) => during.length >= readings),
  others: trial.others.filter(({ during }) => during.length >= readings),
})

/** A figure with what the arithmetic says, before the others are known. */
interface Compared {
  readonly evidence: FigureEvidence
  /** Null where it cannot be told. */
  readonly contrast: Contrast | null
  /** The chance of such a difference between identical releases. */
  readonly chance: number
  readonly limit: number
  readonly tolerance: number
  /** True if it is no worse without any arithmetic. */
  readonly harmless: boolean
}

function compare(name: string, trial: Trial, { tolerance, watchedOnly, readings }: JudgeRules): Compared {
  const all = [...trial.testBed, ...trial.others].flatMap(({ before, during }) => [...before, ...during])
  const counts = countsThings(name, all)
  const pairs = (side: readonly InstanceReadings[]): Pair[] =>
    side.map(({ before, during }) => ({
      before: stretchOf(name, before, counts),
      during: stretchOf(name, during, counts),
    }))
  const [bed, rest] = [pairs(trial.testBed), pairs(trial.others).filter((pair) => has(pair, readings))]
  const [here, there] = [sideOf(bed), sideOf(rest)]
  const comparable =
    bed.every((pair) => has(pair, readings)) && rest.length > 0 && haveShares([...bed, ...rest])
  const told = comparable
    ? contrast(bed, rest, spreadOf([...bed, ...rest].flatMap((p) => [p.before, p.during])))
    : null
  const counted = here.counted !== null
  return {
    evidence: {
      name,
      found: comparable ? 'open' : 'not-compared',
      decides: watchedOnly !== 'all' && (watchedOnly === 'none' || !watchedOnly.includes(name)),
      here,
      there,
      ratio: told === null ? null : ratioOf(told),
    },
    contrast: told,
    chance: told === null ? 1 : chanceOf(told),
    limit: Math.log(Math.max(counted ? sought.counted : sought.measured, 1 + 2 * tolerance)),
    tolerance,
    harmless: isNegligible(here),
  }
}

const has = ({ during }: Pair, readings: number): boolean => during.readings.length >= readings

/** A number that is not above zero is no share of another one. */
const haveShares = (pairs: readonly Pair[]): boolean =>
  pairs.every(({ before, during }) => hasShare(during) && (before.readings.length === 0 || hasShare(before)))

const hasShare = ({ level, events }: FigureStretch): boolean => events !== null || level > 0

function sideOf(pairs: readonly Pair[]): Side {
  const during = pairs.map((pair) => pair.during).filter(({ readings }) => readings.length > 0)
  const events = during.some((stretch) => stretch.events !== null)
  const count = sum(during.map((stretch) => stretch.events ?? 0))
  const of = sum(during.flatMap(({ readings }) => readings.map((reading) => reading.of)))
  const mean = sum(during.map(({ level }) => level)) / during.length
  return {
    readings: sum(during.map(({ readings }) => readings.length)),
    level: during.length === 0 ? null : short(events ? count / of : mean),
    counted: events ? { count, of } : null,
  }
}

/** True if the share of events is surely too small to matter. Without `of` there is no share. */
function isNegligible({ counted, readings }: Side): boolean {
  if (counted === null || counted.of <= readings) return false
  const z = 1.645
  const most = counted.count + z ** 2 / 2 + z * Math.sqrt(counted.count + z ** 2 / 4) + 0.5
  return most / counted.of < negligible
}

function ratioOf(contrast: Contrast): Ratio {
  const best = short(Math.exp(contrast.estimate))
  const [low, high] = intervalOf(contrast).map((end) => short(Math.exp(end)))
  return { best, low: low ?? best, high: high ?? best }
}

function intervalOf({ estimate, deviation, freedom, counted }: Contrast): [number, number] {
  if (counted !== null) return [ratioAt(counted, doubt), ratioAt(counted, 1 - doubt)]
  const reach = deviation === 0 ? 0 : quantile(1 - doubt, freedom) * deviation
  return [estimate - reach, estimate + reach]
}

function chanceOf({ estimate, deviation, freedom, counted }: Contrast): number {
  if (counted !== null) return chanceOfCount(counted, 0)
  if (deviation === 0) return estimate > 0 ? 0 : 1
  return chanceAbove(estimate / deviation, freedom)
}

function decided(compared: readonly Compared[]): FigureEvidence[] {
  const deciding = compared.filter(({ evidence, contrast }) => evidence.decides && contrast !== null)
  const chances = holm(deciding.map(({ chance }) => chance))
  return compared.map((one) => {
    const place = deciding.indexOf(one)
    return { ...one.evidence, found: findingOf(one, place < 0 ? one.chance : (chances[place] ?? 1)) }
  })
}

function findingOf(
  { evidence, contrast, limit, tolerance, harmless }: Compared,
  chance: number,
): FigureEvidence['found'] {
  if (contrast === null || evidence.ratio === null) return 'not-compared'
  if (chance < falseAlarm && contrast.estimate > Math.log(1 + tolerance)) return 'worse'
  return harmless || Math.log(evidence.ratio.high) < limit ? 'no-worse' : 'open'
}

function conclude(
  found: readonly FigureEvidence[],
  compared: readonly Compared[],
  { length }: Trial,
): Verdict {
  const deciding = found.filter(({ decides }) => decides)
  const named = (kind: FigureEvidence['found']) => deciding.filter((one) => one.found === kind)
  const [worse, open] = [named('worse'), named('open')]
  if (worse.length > 0)
    return said('worse', `The test bed is worse: ${worse.map(inWords).join('; ')}.`, found)
  if (open.length === 0) {
    const names = named('no-worse').map(({ name }) => name)
    return said('better-or-equal', `Not worse than the others in ${names.join(', ')}.`, found)
  }
  const times = open.map(({ name }) => {
    const one = compared.find(({ evidence }) => evidence.name === name)
    return one?.contrast == null ? null : moreTime(one.contrast, one.limit, length)
  })
  const longer = times.includes(null) ? null : Math.max(...times.map((time) => time ?? 0))
  return { ...said('inconclusive', notTold(open, longer), found), longer }
}

const said = (kind: Verdict['kind'], what: string, evidence: readonly FigureEvidence[]): Verdict => ({
  ...plainVerdict(kind, what, evidence.filter(({ found }) => found !== 'not-compared').map(inWords)),
  evidence,
})

function notTold(open: readonly FigureEvidence[], longer: number | null): string {
  const names = open.map(({ name }) => name).join(', ')
  const rest =
    longer === null
      ? 'more readings would not tell, because instances differ by themselves: have `figures` print the series of the time before the change as well'
      : `about ${minutes(longer)} more would tell`
  return `The readings do not tell if the test bed is worse in ${names}: ${rest}.`
}

const minutes = (time: number): string => {
  const whole = Math.max(1, Math.ceil(time / 60_000))
  return whole === 1 ? '1 minute' : whole < 120 ? `${whole} minutes` : `${Math.round(whole / 60)} hours`
}

/** A figure in one line, for logs and for ledgers of 0.1.0. */
const inWords = ({ name, here, there, ratio, decides }: FigureEvidence): string => {
  const times = ratio === null ? '' : ` (${ratio.best} times, ${ratio.low} to ${ratio.high})`
  return `${name} is ${sideInWords(here)}, the others have ${sideInWords(there)}${times}${decides ? '' : ', only watched'}`
}

const sideInWords = ({ level, counted }: Side): string => {
  if (level === null) return 'nothing'
  if (counted === null) return String(level)
  return `${short(counted.count)} of ${short(counted.of)}`
}
