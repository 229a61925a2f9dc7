import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { endGroup } from './process-group.ts'
import { statOf } from './process-stat.ts'

/** Remembers which process groups run, for whoever comes after a run that was killed. */
export interface ProcessGroups {
  add(leader: number): void
  remove(leader: number): void
}

/** Keeps them in a file: a line per group, its leader's pid and start time. */
export function createProcessGroups(file: string): ProcessGroups {
  const running = new Map<number, string>()
  const keep = () => {
    // Renamed into place: a run may be killed between any two instructions, and the file must say something then.
    writeFileSync(`${file}.new`, [...running].map(([leader, start]) => `${leader} ${start}\n`).join(''))
    renameSync(`${file}.new`, file)
  }
  return {
    add(leader) {
      running.set(leader, startOf(leader) ?? '')
      keep()
    },
    remove(leader) {
      if (running.delete(leader)) keep()
    },
  }
}

/**
 * Ends the groups that a killed run left behind, and forgets them. Answers the leaders' pids. A pid that means
 * another process by now is left alone.
 */
export async function endLeftoverGroups(file: string): Promise<number[]> {
  const leftovers = readGroups(file).filter(({ leader, start }) => startOf(leader) === start)
  await Promise.all(leftovers.map(({ leader }) => endGroup(leader)))
  rmSync(file, { force: true })
  return leftovers.map(({ leader }) => leader)
}

function readGroups(file: string): { leader: number; start: string }[] {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return []
  }
  return text.split('\n').flatMap((line) => {
    const [, leader, start = ''] = /^([1-9]\d*) (\d*)$/.exec(line) ?? []
    return leader === undefined ? [] : [{ leader: Number(leader), start }]
  })
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
