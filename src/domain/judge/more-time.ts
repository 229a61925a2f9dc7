import type { Contrast } from './contrast.ts'

/** The deviations that an interval reaches up, and those that four of five estimates stay within. */
const reach = 1.645 + 0.842

/**
 * Returns the further time after which a difference would be told, in milliseconds. Null if no time would: what remains
 * is how instances differ by themselves. A difference that looks small is taken for none, a big one for half of it.
 */
export function moreTime(
  { estimate, deviation, shrinking }: Contrast,
  limit: number,
  length: number,
): number | null {
  const room = limit - Math.min(Math.max(0, estimate), limit / 2)
  const stays = Math.max(0, deviation ** 2 - shrinking)
  const allowed = (room / reach) ** 2 - stays
  if (allowed <= 0) return null
  const times = Math.max(1.25, shrinking / allowed)
  return Math.ceil(((times - 1) * length) / 60_000) * 60_000
}
