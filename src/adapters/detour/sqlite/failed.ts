import { existsSync, rmSync, statSync } from 'node:fs'
import type { DetourDeed } from '../../../domain/detour/deed.ts'
import { absent, found, type Reading, unknown } from '../../../domain/reading.ts'
import { done, notDone } from './deeds.ts'
import { isListed, type SqliteFiles } from './files.ts'
import { unseenFile } from './look.ts'

/** The file beside home's own that has the database of a failed home. */
export const failedFile = (id: string, { home }: Pick<SqliteFiles, 'home'>): string => `${home}.failed-${id}`

export function lookAtFailed(id: string, files: SqliteFiles): Reading<string> {
  const file = failedFile(id, files)
  try {
    return endings.some((ending) => isListed(`${file}${ending}`)) ? found(file) : absent
  } catch (error) {
    return unknown(unseenFile(file, error))
  }
}

/** Removes the file, and what SQLite keeps beside it; the file itself goes last. */
export function removeFailed(id: string, files: SqliteFiles): DetourDeed {
  const file = failedFile(id, files)
  for (const side of ['home', 'stand-in'] as const)
    if (isSame(file, files[side]))
      return notDone(`${file} is the file of ${side} itself, and was not removed`)
  for (const ending of endings) rmSync(`${file}${ending}`, { force: true })
  return lookAtFailed(id, files).kind === 'absent'
    ? done({ removed: file })
    : notDone(`${file} is still there`)
}

const endings = ['-journal', '-wal', '-shm', '']

/** True for one file under two names, as by a link. */
export function isSame(one: string, other: string): boolean {
  if (!existsSync(one) || !existsSync(other)) return false
  const [a, b] = [statSync(one), statSync(other)]
  return a.dev === b.dev && a.ino === b.ino
}
