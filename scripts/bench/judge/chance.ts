/** Chance that is the same at every run: one seed, one story. */
export interface Chance {
  /** Draws between none and one. */
  share(): number
  /** Draws from the standard normal distribution. */
  normal(): number
  /** Draws from the Poisson distribution with this mean. */
  events(mean: number): number
  /** Draws so many from the standard normal distribution, each resembling the one before by `likeness`. */
  alike(length: number, likeness: number): number[]
}

export function chanceOf(seed: number): Chance {
  let state = seed | 0
  function share(): number {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - share())) * Math.cos(2 * Math.PI * share())
  function events(mean: number): number {
    if (mean <= 0) return 0
    if (mean > 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()))
    const end = Math.exp(-mean)
    let count = -1
    for (let left = 1; left > end; left *= share()) count += 1
    return count
  }
  function alike(length: number, likeness: number): number[] {
    const fresh = Math.sqrt(1 - likeness ** 2)
    let last = normal()
    return Array.from({ length }, () => {
      const now = last
      last = likeness * last + fresh * normal()
      return now
    })
  }
  return { share, normal, events, alike }
}
