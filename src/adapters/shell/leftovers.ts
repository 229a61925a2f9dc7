import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import { endGroup } from './process-group.ts'
import { groupsWith, statOf } from './process-stat.ts'

/** The variable by which a command and all that it starts can be found. */
export const MARK = 'ROLLGATE_COMMAND'

/** Remembers which process groups run, for whoever comes after a run that was killed. */
export interface ProcessGroups {
  /** A command with this mark in its environment is about to start: it may run before anybody knows its pid. */
  expect(mark: string): void
  /** The command with this mark has ended. What it left running on purpose keeps the mark, and is left alone. */
  forget(mark: string): void
  add(leader: number): void
  remove(leader: number): void
}

/** Remembers folders too that are of no use to anybody when the groups have ended. */
export interface Leftovers extends ProcessGroups {
  addFolder(path: string): void
  removeFolder(path: string): void
}

/** Keeps them in a file: a line per group, its leader's pid and start time, one per mark, and one per folder. */
export function createProcessGroups(file: string): Leftovers {
  const running = new Map<number, string>()
  const marks = new Set<string>()
  const folders = new Set<string>()
  const keep = () => {
    const lines = [...[...running].map(([leader, start]) => `${leader} ${start}`), ...marks, ...folders]
    // Renamed into place: a run may be killed between any two instructions, and the file must say something then.
    writeFileSync(`${file}.new`, lines.map((line) => `${line}\n`).join(''))
    renameSync(`${file}.new`, file)
  }
  return {
    expect(mark) {
      marks.add(mark)
      keep()
    },
    forget(mark) {
      if (marks.delete(mark)) keep()
    },
    add(leader) {
      running.set(leader, startOf(leader) ?? '')
      keep()
    },
    remove(leader) {
      if (running.delete(leader)) keep()
    },
    addFolder(path) {
      folders.add(path)
      keep()
    },
    removeFolder(path) {
      if (folders.delete(path)) keep()
    },
  }
}

/**
 * Ends the groups that a killed run left behind, removes its folders, and forgets them. Answers the leaders' pids. A pid
 * that means another process by now is left alone.
 */
export async function endLeftoverGroups(file: string): Promise<number[]> {
  const lines = readLines(file)
  const known = lines.flatMap(groupIn).filter(({ leader, start }) => startOf(leader) === start)
  const folders = lines.filter(isAbsolute)
  const marks = lines.filter((line) => !/^\d+ /.test(line) && !isAbsolute(line))
  const marked = groupsWith(marks.map((mark) => `${MARK}=${mark}`))
  const leaders = [...new Set([...known.map(({ leader }) => leader), ...marked])]
  await Promise.all(leaders.map((leader) => endGroup(leader)))
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  rmSync(file, { force: true })
  return leaders
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').filter(Boolean)
  } catch {
    return []
  }
}

function groupIn(line: string): { leader: number; start: string }[] {
  const [, leader, start = ''] = /^([1-9]\d*) (\d*)$/.exec(line) ?? []
  return leader === undefined ? [] : [{ leader: Number(leader), start }]
}

/** When a process started; empty where that cannot be told, null when there is none. */
function startOf(pid: number): string | null {
  try {
    process.kill(pid, 0)
  } catch {
    return null
  }
  return statOf(pid)?.start ?? ''
}
