import { readdirSync, readFileSync } from 'node:fs'

/** What the kernel says of a process. */
export interface ProcessStat {
  /** Ended, but not yet collected by its parent; in a container whose first process collects nobody, for ever. */
  readonly zombie: boolean
  readonly group: number
  /** When it started, in the kernel's own count. */
  readonly start: string
}

/** Null where there is no such process, or no `/proc`. */
export function statOf(pid: number): ProcessStat | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The program's name comes second, in parentheses, and may hold anything.
    const words = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { zombie: words[0] === 'Z', group: Number(words[2]), start: words[19] ?? '' }
  } catch {
    return null
  }
}

/** Everybody in `/proc`; null where there is none. */
export function allStats(): ProcessStat[] | null {
  try {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
    return pids.flatMap((pid) => statOf(Number(pid)) ?? [])
  } catch {
    return null
  }
}
