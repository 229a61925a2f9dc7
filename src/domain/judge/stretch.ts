import type { Figure, Figures } from './series.ts'

/** The readings of one figure of one instance over one stretch of time, in their order. */
export interface FigureStretch {
  readonly readings: readonly Share[]
  /** The mean, or the events among all that could be. */
  readonly level: number
  /** The events of a rate; null for a number. */
  readonly events: number | null
}

/** A reading as a part of a whole: a number is itself among one. */
interface Share {
  readonly amount: number
  readonly of: number
}

/** Returns the readings of a figure. Where some of them are rates the bare numbers are left out. */
export function stretchOf(name: string, all: readonly Figures[], counts = false): FigureStretch {
  const said = figuresOf(name, all)
  const counted = counts || said.some((figure) => typeof figure !== 'number')
  const readings = said.flatMap((figure) =>
    typeof figure !== 'number'
      ? [{ amount: figure.count, of: figure.of }]
      : counts || !counted
        ? [{ amount: figure, of: 1 }]
        : [],
  )
  const amount = sum(readings.map((reading) => reading.amount))
  const of = sum(readings.map((reading) => reading.of))
  return { readings, level: of === 0 ? 0 : amount / of, events: counted ? amount : null }
}

/** True if bare numbers are counts: whole ones, of which one is zero. No time and no size is ever zero. */
export function countsThings(name: string, all: readonly Figures[]): boolean {
  const said = figuresOf(name, all)
  return said.includes(0) && said.every((one) => typeof one === 'number' && Number.isInteger(one) && one >= 0)
}

const figuresOf = (name: string, all: readonly Figures[]): Figure[] =>
  all.flatMap((figures) => {
    const figure = Object.hasOwn(figures, name) ? figures[name] : undefined
    return figure === undefined ? [] : [figure]
  })

/** Returns how far each reading is from its level, in parts of what a reading is expected to differ. */
export function deviations({ readings, level, events }: FigureStretch): number[] {
  if (level <= 0) return []
  return readings.map(({ amount, of }) =>
    events === null ? amount / level - 1 : (amount - level * of) / Math.sqrt(level * of),
  )
}

export const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0)
