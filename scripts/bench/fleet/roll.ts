import type { Cost } from './gauge.ts'

/** A roll of all hosts to one release, some of them at a time. */
export interface Roll {
  readonly release: string
  readonly width: number
  /** Ends it early. */
  readonly signal: AbortSignal
}

export interface Rolled extends Cost {
  /** Milliseconds of the roll alone, where more than that was done. */
  readonly rolling: number | null
}
