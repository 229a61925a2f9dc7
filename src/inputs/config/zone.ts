/**
 * Returns true if the runtime knows a zone by this name. An offset is not a zone: it does not say when clocks
 * change.
 */
export function isZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

/** The names that the runtime lists. It takes further ones, as of zones that were renamed. */
export const zones = (): readonly string[] => Intl.supportedValuesOf('timeZone')
