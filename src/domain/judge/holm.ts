/**
 * Holm's correction: of several figures one looks worse by chance more easily than a single one does. Returns the
 * chances as they count among all of them.
 */
export function holm(chances: readonly number[]): number[] {
  const order = chances.map((_, at) => at).sort((a, b) => (chances[a] ?? 0) - (chances[b] ?? 0))
  const corrected = [...chances]
  let most = 0
  order.forEach((at, place) => {
    most = Math.max(most, Math.min(1, (chances[at] ?? 0) * (chances.length - place)))
    corrected[at] = most
  })
  return corrected
}
