import type { FigureEvidence } from '../judge/evidence.ts'

/** The result of comparing the test bed with the instances that still serve the older release. */
export interface Verdict {
  readonly kind: 'better-or-equal' | 'worse' | 'inconclusive'
  /** The failure in one sentence. */
  readonly what: string
  /** The figures of the judgement, line by line. */
  readonly tail: readonly string[]
  /** The figures one by one; none where something else decided. */
  readonly evidence: readonly FigureEvidence[]
  /** The further time in milliseconds that would tell; null where no time is known to. */
  readonly longer: number | null
}

/** A verdict that no figures led to. */
export const plainVerdict = (kind: Verdict['kind'], what: string, tail: readonly string[] = []): Verdict => ({
  kind,
  what,
  tail,
  evidence: [],
  longer: null,
})
