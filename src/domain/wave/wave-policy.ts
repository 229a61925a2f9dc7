/** The environment that follows once a release is proven in this one. */
export interface Wave {
  readonly environment: string
  /** Milliseconds for which this environment must have kept the release first, as the policy of that one asks. */
  readonly lasts: number
}
