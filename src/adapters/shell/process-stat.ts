import { readdirSync, readFileSync } from 'node:fs'

/** The state of a process as the kernel shows it. */
export interface ProcessStat {
  /**
   * Ended, but not yet collected by its parent. In a container whose first process collects no children it
   * stays so for ever.
   */
  readonly zombie: boolean
  readonly group: number
  /** The start time, in the kernel's own count. */
  readonly start: string
}

/** Null where there is no such process, or no `/proc`. */
export function statOf(pid: number): ProcessStat | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The program's name comes second, in parentheses, and may contain any character.
    const words = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { zombie: words[0] === 'Z', group: Number(words[2]), start: words[19] ?? '' }
  } catch {
    return null
  }
}

/** Lists the processes in `/proc`; null without `/proc`. */
export function allStats(): ProcessStat[] | null {
  return allPids()?.flatMap((pid) => statOf(pid) ?? []) ?? null
}

/** The groups of all processes that were started with one of these in their environment, as `NAME=value`. */
export function groupsWith(variables: readonly string[]): number[] {
  if (variables.length === 0) return []
  const pids = allPids()?.filter((pid) => environmentOf(pid).some((entry) => variables.includes(entry))) ?? []
  return [...new Set(pids.flatMap((pid) => statOf(pid)?.group ?? []))]
}

function environmentOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
  } catch {
    // Another user's, or gone.
    return []
  }
}

function allPids(): number[] | null {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
  } catch {
    return null
  }
}
