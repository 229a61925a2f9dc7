import { duration } from '../durations.ts'
import type { Figure, FigureReading } from '../judge/series.ts'

/** The stretch of time of a bake, in milliseconds since 1970. */
export interface BakeStretch {
  readonly from: number
  readonly until: number
}

/** The judgement of figures against their limits, with a line a figure as evidence. */
export interface LimitsJudged {
  readonly kind: 'within' | 'exceeded' | 'inconclusive'
  /** One sentence, without its dot. */
  readonly what: string
  readonly lines: readonly string[]
}

/**
 * Holds the readings of a stretch of time against the limits of figures. A reading above its limit is found whatever else is
 * missing; a stretch with a hole, or a limit without a figure, is no ground for a good verdict. `over`: the share of the
 * stretch that has passed. Before its end a rate is above its limit only if it stays so without any further event.
 */
export function judgeLimits(
  readings: readonly FigureReading[],
  atMost: Readonly<Record<string, number>>,
  stretch: BakeStretch,
  over = 1,
): LimitsJudged {
  const inside = readings.filter(({ at }) => at !== null && at >= stretch.from && at <= stretch.until)
  const judged = Object.entries(atMost).map(([name, limit]) =>
    judgeFigure({ name, limit, over }, inside, stretch),
  )
  const lines = judged.map(({ words }) => words)
  const exceeded = judged.filter(({ kind }) => kind === 'exceeded')
  if (exceeded.length > 0)
    return { kind: 'exceeded', what: exceeded.map(({ words }) => words).join('; '), lines }
  const hole = holeIn(inside, stretch)
  if (hole !== null) return { kind: 'inconclusive', what: hole, lines }
  const missing = judged.filter(({ kind }) => kind === 'missing')
  if (missing.length > 0)
    return { kind: 'inconclusive', what: missing.map(({ words }) => words).join('; '), lines }
  return { kind: 'within', what: lines.join('; '), lines }
}

interface FigureJudged {
  readonly kind: 'within' | 'exceeded' | 'missing'
  readonly words: string
}

interface FigureLimit {
  readonly name: string
  readonly limit: number
  readonly over: number
}

function judgeFigure(
  { name, limit, over }: FigureLimit,
  readings: readonly FigureReading[],
  stretch: BakeStretch,
): FigureJudged {
  const having = readings.filter(({ figures }) => Object.hasOwn(figures, name))
  const seen = having.flatMap(({ figures }) => figures[name] ?? [])
  const [worst, least] = [worstOf(seen, 1), worstOf(seen, over)]
  if (worst === null || least === null) return { kind: 'missing', words: `${name} is in no reading` }
  const words = `${name} ${short(worst)}, at most ${short(limit)}, in ${seen.length} readings`
  if (least > limit) return { kind: 'exceeded', words }
  // A source may lose one figure, and still tell the others.
  const hole = holeIn(having, stretch)
  return hole === null ? { kind: 'within', words } : { kind: 'missing', words: `${words}, and ${hole}` }
}

/** A rate is that of all readings together: one error among two requests is no third of all. Any other figure is its highest. */
function worstOf(seen: readonly Figure[], over: number): number | null {
  if (seen.length === 0) return null
  const rates = seen.filter((figure) => typeof figure !== 'number')
  const numbers = seen.filter((figure) => typeof figure === 'number')
  const of = rates.reduce((sum, rate) => sum + rate.of, 0)
  const rate = of === 0 ? [] : [(rates.reduce((sum, { count }) => sum + count, 0) / of) * over]
  return Math.max(...numbers, ...rate)
}

/** The longest time without a reading. */
const longestHole = ({ from, until }: BakeStretch): number => Math.max(60_000, (until - from) / 5)

/** Returns a stretch of time without readings, in words; null without one. */
function holeIn(readings: readonly FigureReading[], stretch: BakeStretch): string | null {
  if (readings.length === 0) return 'no reading is of the time that was to be watched'
  const times = [stretch.from, ...readings.map(({ at }) => at ?? stretch.from), stretch.until]
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? time))
  const widest = Math.max(...gaps)
  return widest > longestHole(stretch)
    ? `no reading is of ${duration(widest)} of the time that was to be watched`
    : null
}

/** Four digits are enough to compare by eye. */
const short = (value: number): string => String(Number(value.toPrecision(4)))
