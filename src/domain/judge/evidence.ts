/** The finding about one figure; a journal keeps it, so that it is small. */
export interface FigureEvidence {
  readonly name: string
  /** `open`: the readings tell neither. `not-compared`: one side has no figure, or none with a share. */
  readonly found: 'worse' | 'no-worse' | 'open' | 'not-compared'
  /** False for a figure that is only watched. */
  readonly decides: boolean
  readonly here: Side
  readonly there: Side
  /** The ratio of the test bed to the others; null where none can be told. */
  readonly ratio: Ratio | null
}

export interface Side {
  readonly readings: number
  /** The mean, or the share of events; null without readings. */
  readonly level: number | null
  /** The events of a rate, among so many; null for a number. */
  readonly counted: { readonly count: number; readonly of: number } | null
}

/** The ratio with the interval in which it lies nine times out of ten. */
export interface Ratio {
  readonly best: number
  readonly low: number
  readonly high: number
}

/** Four digits are enough to compare by eye. */
export const short = (value: number): number => Number(value.toPrecision(4))
