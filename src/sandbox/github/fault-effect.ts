export type FaultEffect =
  | { readonly kind: 'latency'; readonly ms: number }
  /** Answered with this status, nothing done. */
  | {
      readonly kind: 'status'
      readonly status: number
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: unknown
    }
  /** The connection is destroyed before anything is done. */
  | { readonly kind: 'drop' }
  /** Everything is done, then the connection is destroyed. */
  | { readonly kind: 'lost-response' }
  /** A reading is answered as it was the last time, before the writings since; at first as if nothing were there. */
  | { readonly kind: 'stale' }
  /** 200 with a body that is no JSON, nothing done. */
  | { readonly kind: 'garbage' }

export type FaultKind = FaultEffect['kind']
