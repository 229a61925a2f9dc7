import type { Closing, DetourDeed } from '../../../domain/detour/deed.ts'
import { positionOf } from './content.ts'
import { copyTo, readNote, writeOver } from './copy.ts'
import { done, notDone } from './deeds.ts'
import { using, writableNow } from './engine.ts'
import { failedFile } from './failed.ts'
import type { Fences } from './fences.ts'
import { isListed, type SqliteFiles } from './files.ts'

/** The files of a detour that ends. */
export interface EndingFiles {
  readonly id: string
  readonly files: SqliteFiles
  readonly fences: Fences
}

export function endFor(way: Closing, ending: EndingFiles): DetourDeed | Promise<DetourDeed> {
  switch (way) {
    case 'return':
    case 'revert-code':
      return home(ending)
    case 'revert':
      return safePoint(ending)
    case 'move':
      return writableNow(ending.files['stand-in']) === 'open'
        ? done({ 'writable.stand-in': 'open' })
        : notDone('the copy was never opened for writes')
  }
}

/** Proves that nothing was written to the copy, or keeps further writes from it. */
function home({ files, fences }: EndingFiles): DetourDeed {
  const standIn = files['stand-in']
  const note = readNote(standIn)
  if (note === null) return notDone(`the note of ${standIn} is gone`)
  if (note.rows !== null) fences.take('stand-in', standIn)
  const at = using(standIn, positionOf, true)
  if (note.rows === null && at !== note.frozenAt)
    return notDone(`the copy was frozen at ${note.frozenAt}, and is at ${at}`)
  fences.leave('home')
  const writable = writableNow(files.home)
  if (writable !== 'open') return notDone(`writes to home are ${writable}`)
  return done({ 'position.stand-in': at, 'frozen-at': note.frozenAt ?? '', 'writable.home': writable })
}

/** Writes the safe point over home, and keeps the failed database beside it. Writes to the copy are part of it. */
async function safePoint({ id, files, fences }: EndingFiles): Promise<DetourDeed> {
  const note = readNote(files['stand-in'])
  if (note === null) return notDone(`the note of ${files['stand-in']} is gone`)
  const at = using(files['stand-in'], positionOf, true)
  if (note.rows === null && at !== note.frozenAt)
    return notDone(`the copy was frozen at ${note.frozenAt}, and is at ${at}`)
  fences.leave('home')
  const failed = failedFile(id, files)
  if (using(files.home, positionOf, true) !== at) {
    if (!isListed(failed)) copyTo(files.home, failed, 'anybody')
    await writeOver(files['stand-in'], files.home)
  }
  const now = using(files.home, positionOf, true)
  return now === at
    ? done({ 'position.home': now, 'frozen-at': note.frozenAt ?? '', kept: failed })
    : notDone(`home is at ${now} and not at ${at}`)
}
