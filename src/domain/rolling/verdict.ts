/** What came of holding the test bed against the instances that still serve the release before. */
export interface Verdict {
  readonly kind: 'better-or-equal' | 'worse' | 'inconclusive'
  /** One sentence. */
  readonly what: string
  /** What it was judged by, line by line. */
  readonly tail: readonly string[]
}
