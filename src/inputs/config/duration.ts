const units = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 } as const

/** Whole numbers with their units, the largest first, each at most once. */
export const durationPattern = /^(?=\d)(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/

/** The longest wait that a timer of Node can hold is some minutes more than this. */
export const longestDuration = 24 * units.d

/** Returns the milliseconds of `90s`, `10m` or `1h30m`; null for any other text. */
export function parseDuration(text: string): number | null {
  const parts = durationPattern.exec(text)?.slice(1)
  if (parts === undefined) return null
  return Object.values(units).reduce((sum, unit, index) => sum + unit * Number(parts[index] ?? 0), 0)
}

/** The shortest way to write it: 5400000 is `1h30m`. */
export function showDuration(milliseconds: number): string {
  let rest = milliseconds
  const parts = Object.entries(units).map(([name, unit]) => {
    const count = Math.floor(rest / unit)
    rest -= count * unit
    return count === 0 ? '' : `${count}${name}`
  })
  return parts.join('') || '0s'
}
