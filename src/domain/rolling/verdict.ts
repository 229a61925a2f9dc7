/** The result of comparing the test bed with the instances that still serve the older release. */
export interface Verdict {
  readonly kind: 'better-or-equal' | 'worse' | 'inconclusive'
  /** The failure in one sentence. */
  readonly what: string
  /** The figures of the judgement, line by line. */
  readonly tail: readonly string[]
}
