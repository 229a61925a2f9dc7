import { readdirSync, readFileSync } from 'node:fs'

/** A process as the kernel shows it, with its command line. */
export interface Process {
  readonly pid: number
  readonly parent: number
  readonly words: string
}

/** Lists the running processes; ended ones are left out, collected or not. */
export function processes(): Process[] {
  return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (processOf(Number(name)) ?? []) : []))
}

function processOf(pid: number): Process | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
    return state === 'Z' ? null : { pid, parent: Number(parent), words }
  } catch {
    // The process ended while it was read.
    return null
  }
}

/** The pids of a process's children, of their children, and so on. */
export function descendantsOf(pid: number, among = processes()): number[] {
  const children = among.filter(({ parent }) => parent === pid)
  return children.flatMap((child) => [child.pid, ...descendantsOf(child.pid, among)])
}
