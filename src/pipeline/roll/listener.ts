/** The listener to a change. */
export interface Listener {
  /** The installation begins, which is mostly a wait. */
  installs(): void
  /** No request reaches the instance any more. */
  out(): void
  /** Requests may reach it from now on. */
  back(): void
}
