import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import type { DetourDeed } from '../../../domain/detour/deed.ts'
import { readNote, removeCopy } from './copy.ts'
import { done, notDone } from './deeds.ts'
import { isSame } from './failed.ts'
import { isListed, type SqliteFiles } from './files.ts'

/** The mark beside a database that visitors left: the copy for which they did. */
const markOf = (file: string): string => `${file}.left`

export function markLeft(file: string, id: string): void {
  writeFileSync(`${markOf(file)}.new`, `${id}\n`)
  renameSync(`${markOf(file)}.new`, markOf(file))
}

const leftFor = (file: string): string | null =>
  isListed(markOf(file)) ? readFileSync(markOf(file), 'utf8').trim() : null

/** Removes what is in the place of the copy, where its note or its mark names an earlier copy. The marks go last. */
export function clearPlace(files: SqliteFiles, earlier: readonly string[]): DetourDeed {
  const file = files['stand-in']
  if (isSame(file, files.home)) return notDone(`${file} is the database that serves, and was not removed`)
  const marks = [readNote(file)?.detour, leftFor(file)].flatMap((mark) => mark ?? [])
  if (isListed(file) && !marks.some((mark) => earlier.includes(mark)))
    return notDone(
      `${file} is there, and no mark tells that it was left for ${earlier.join(' or ') || 'a copy'}: remove it by hand if nothing uses it`,
    )
  removeCopy(file)
  rmSync(markOf(file), { force: true })
  return isListed(file) ? notDone(`${file} is still there`) : done({ place: 'empty' })
}
