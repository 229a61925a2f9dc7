import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import { endGroup } from './process-group.ts'
import { groupsWith, statOf } from './process-stat.ts'

/** The variable by which a command and all that it starts can be found. */
export const MARK = 'ROLLGATE_COMMAND'

/** The running process groups, kept for the run after a killed one. */
export interface ProcessGroups {
  /** Announces a command with this mark in its environment: it may run before its pid is known. */
  expect(mark: string): void
  /** The command with this mark has ended. What it left running on purpose keeps the mark, and is left alone. */
  forget(mark: string): void
  add(leader: number): void
  remove(leader: number): void
}

/** The running process groups and the folders that are useless once the groups have ended. */
export interface Leftovers extends ProcessGroups {
  addFolder(path: string): void
  removeFolder(path: string): void
}

/**
 * Keeps them in a file, a line for each that comes and each that goes: a group by its leader's pid and start time, a mark, a
 * folder. A line is written at once, so that a run may be killed between any two instructions.
 */
export function createProcessGroups(file: string): Leftovers {
  const kept = new Set<string>()
  const leaders = new Map<number, string>()
  const keep = (entry: string): void => {
    kept.add(entry)
    appendFileSync(file, `+ ${entry}\n`)
  }
  const drop = (entry: string): void => {
    if (!kept.delete(entry)) return
    if (kept.size === 0) writeFileSync(file, '')
    else appendFileSync(file, `- ${entry}\n`)
  }
  return {
    expect: keep,
    forget: drop,
    add(leader) {
      const entry = `${leader} ${startOf(leader) ?? ''}`
      leaders.set(leader, entry)
      keep(entry)
    },
    remove(leader) {
      drop(leaders.get(leader) ?? '')
      leaders.delete(leader)
    },
    addFolder: keep,
    removeFolder: drop,
  }
}

/**
 * Ends the groups that a killed run left behind, removes its folders, and forgets them. Answers the leaders' pids. A pid
 * that means another process by now is left alone.
 */
export async function endLeftoverGroups(file: string): Promise<number[]> {
  const entries = readEntries(file)
  const known = entries.flatMap(groupIn).filter(({ leader, start }) => startOf(leader) === start)
  const folders = entries.filter(isAbsolute)
  const marks = entries.filter((entry) => !/^\d+ /.test(entry) && !isAbsolute(entry))
  const marked = groupsWith(marks.map((mark) => `${MARK}=${mark}`))
  const leaders = [...new Set([...known.map(({ leader }) => leader), ...marked])]
  await Promise.all(leaders.map((leader) => endGroup(leader)))
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  rmSync(file, { force: true })
  return leaders
}

/** Returns the entries that were added and not removed. */
function readEntries(file: string): string[] {
  const entries = new Set<string>()
  for (const line of textOf(file).split('\n')) {
    const [, sign, entry = ''] = /^([+-]) (.+)$/.exec(line) ?? []
    if (sign === '+') entries.add(entry)
    else entries.delete(entry)
  }
  return [...entries]
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function groupIn(entry: string): { leader: number; start: string }[] {
  const [, leader, start = ''] = /^([1-9]\d*) (\d*)$/.exec(entry) ?? []
  return leader === undefined ? [] : [{ leader: Number(leader), start }]
}

/** Returns the start time of a process; empty if it cannot be read, null if there is no process. */
function startOf(pid: number): string | null {
  try {
    process.kill(pid, 0)
  } catch {
    return null
  }
  return statOf(pid)?.start ?? ''
}
