/** A figure of one reading: a number, or the events counted among so many. Less is better. */
export type Figure = number | Rate

/** `of` is 1 where nothing says among how many: the events are then those of one equal stretch of time. */
export interface Rate {
  readonly count: number
  readonly of: number
}

export type Figures = Readonly<Record<string, Figure>>

/** The figures of an instance at one time, in milliseconds; null for a reading of now. */
export interface FigureReading {
  readonly at: number | null
  readonly figures: Figures
}

/** The most figures of a reading: the first ones by name count, so that a ledger stays small. */
const mostFigures = 20

/**
 * Reads what `figures` answers: one JSON object is a reading of now; a JSON array, or a JSON object a line, is the
 * series of an interval, and each of its readings says its `at`. Returns null for any other text, or without figures.
 */
export function readSeries(text: string): readonly FigureReading[] | null {
  const said = jsonIn(text) ?? jsonLinesIn(text)
  if (said === null) return null
  const series = Array.isArray(said)
  const readings = (series ? said : [said]).flatMap((one: unknown) => readingIn(one))
  const dated = series ? readings.filter(({ at }) => at !== null) : readings
  return dated.length === 0 ? null : dated.toSorted((a, b) => (a.at ?? 0) - (b.at ?? 0))
}

/** True if the answer is the series of an interval, and not a single reading of now. */
export const isSeries = (readings: readonly FigureReading[]): boolean =>
  readings.some(({ at }) => at !== null)

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** One line that is no JSON makes the whole answer unreadable: half a series is no series. */
function jsonLinesIn(text: string): unknown[] | null {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const read = lines.map(jsonIn)
  return read.length === 0 || read.includes(null) ? null : read
}

function readingIn(said: unknown): FigureReading[] {
  if (said === null || typeof said !== 'object' || Array.isArray(said)) return []
  const { at, ...rest } = said as Record<string, unknown>
  const figures = Object.entries(rest)
    .flatMap(([name, value]): [string, Figure][] => {
      const figure = figureIn(value)
      return figure === null ? [] : [[name, figure]]
    })
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .slice(0, mostFigures)
  return figures.length === 0 ? [] : [{ at: timeIn(at), figures: Object.fromEntries(figures) }]
}

function figureIn(value: unknown): Figure | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (value === null || typeof value !== 'object') return null
  const { count, of, total } = value as Record<string, unknown>
  const among = of ?? total ?? 1
  return isAmount(count) && isAmount(among) && among > 0 ? { count, of: among } : null
}

const isAmount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0

/** An ISO time, or the seconds since 1970, as monitoring systems print them. */
function timeIn(at: unknown): number | null {
  if (typeof at === 'number' && Number.isFinite(at)) return at * 1000
  const parsed = typeof at === 'string' ? Date.parse(at) : Number.NaN
  return Number.isNaN(parsed) ? null : parsed
}
