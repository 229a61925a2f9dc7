/** Counts the kills of all endings of a run of tests, for one line at its end. */
export interface Tally {
  /** Notes a kill: what is wrong afterwards is nothing where it ended as undisturbed. */
  count(ending: string, faults: readonly string[]): void
  line(): string
}

export function aTally(): Tally {
  const kills = new Map<string, { well: number; all: number }>()
  return {
    count(ending, faults) {
      const { well, all } = kills.get(ending) ?? { well: 0, all: 0 }
      kills.set(ending, { well: well + (faults.length === 0 ? 1 : 0), all: all + 1 })
    },
    line() {
      const sum = (of: 'well' | 'all') => [...kills.values()].reduce((total, one) => total + one[of], 0)
      const each = [...kills].map(([ending, { well, all }]) => `${ending} ${well} of ${all}`)
      return `${sum('well')} of ${sum('all')} kills in ${kills.size} endings ended as undisturbed: ${each.join(', ')}`
    },
  }
}
