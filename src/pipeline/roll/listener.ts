/** The listener to a change. */
export interface Listener {
  /** The installation begins, which is mostly a wait. */
  installs(): void
  /** No request reaches the instance any more. */
  out(): void
  /** Requests may reach it from now on. */
  back(): void
  /** The old slot gets no request any more, and the new one serves alone. */
  handedOver(): void
  /** The new slot is out of traffic again, and the old one serves alone. */
  takenBack(): void
}

/** Tells a listener, as a link of a chain that a failure ends. */
export function told(tell: () => void): null {
  tell()
  return null
}
