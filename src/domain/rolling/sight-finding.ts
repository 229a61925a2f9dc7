/** The result of one question about an instance. */
export type SightFinding<T> =
  /** `why` says more, where a `no` has a reason. */
  | { readonly kind: 'found'; readonly value: T; readonly why: string | null }
  /** The instance was asked, and gave no usable answer. */
  | { readonly kind: 'unanswered'; readonly why: string }
  /** The instance can be asked, but not by this run. */
  | { readonly kind: 'unasked'; readonly why: string }
  /** The config has no such question. */
  | { readonly kind: 'none'; readonly why: string }
