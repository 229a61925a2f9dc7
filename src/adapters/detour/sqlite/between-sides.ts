import type { DetourDeed } from '../../../domain/detour/deed.ts'
import type { BySide, DetourSide } from '../../../domain/detour/side.ts'
import { found, unknown } from '../../../domain/reading.ts'
import type { DetourDatabase, Variables } from '../../../pipeline/ports.ts'
import { positionOf, rowsOf } from './content.ts'
import { readNote, writeNote } from './copy.ts'
import { done, notDone, tried } from './deeds.ts'
import { using, writableNow } from './engine.ts'
import type { Fences } from './fences.ts'
import type { SqliteFiles } from './files.ts'
import { clearPlace, markLeft } from './left.ts'
import { unseenFile } from './look.ts'

/** The hands of the verbs between two sides with a file each. */
interface SidedFiles {
  filesOf(variables: Variables): SqliteFiles
  readonly fences: Fences
  /** The sides as the config names them. */
  readonly name: BySide<DetourSide>
}

export const betweenSides = ({
  filesOf,
  fences,
  name,
}: SidedFiles): Pick<DetourDatabase, 'clear' | 'still' | 'mark' | 'leave'> => ({
  clear: (_id, earlier, variables) =>
    tried('clear the place of the copy', () => clearPlace(filesOf(variables), earlier)),

  async still(_id, position, variables) {
    const { home } = filesOf(variables)
    try {
      return found(using(home, positionOf, true) === position)
    } catch (error) {
      return unknown(unseenFile(home, error))
    }
  },

  mark: (_id, variables) =>
    tried('count writes from here on', () => {
      const file = filesOf(variables)['stand-in']
      const note = readNote(file)
      if (note === null) return notDone(`the note of ${file} is gone`)
      writeNote(file, { ...note, rows: using(file, rowsOf, true) })
      return done({ position: using(file, positionOf, true) })
    }),

  leave: (id, side, variables) =>
    tried(`leave ${name[side]}`, () => {
      const files = filesOf(variables)
      fences.leave(side)
      if (side === 'home') markLeft(files.home, id)
      return seenOpen(files, side, name)
    }),
})

export function seenOpen(files: SqliteFiles, side: DetourSide, name: BySide<DetourSide>): DetourDeed {
  const writable = writableNow(files[side])
  return writable === 'open'
    ? done({ [`writable.${name[side]}`]: writable })
    : notDone(`writes to ${name[side]} are ${writable}`)
}
