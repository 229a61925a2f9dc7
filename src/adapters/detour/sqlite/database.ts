import { statfsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { DetourParts, SqliteDetour } from '../../../domain/config/detour-recipe.ts'
import type { Ability, DetourDeed } from '../../../domain/detour/deed.ts'
import { type BySide, type DetourSide, otherSide } from '../../../domain/detour/side.ts'
import { absent, found, type Reading, unknown } from '../../../domain/reading.ts'
import type { DetourDatabase, Variables } from '../../../pipeline/ports.ts'
import { fill } from '../../filling.ts'
import { betweenSides, seenOpen } from './between-sides.ts'
import { endFor } from './closing.ts'
import { differences, positionOf, rowsOf } from './content.ts'
import { copyTo, readNote, removeCopy, writeNote } from './copy.ts'
import { done, notDone, tried } from './deeds.ts'
import { sqlite, using, writableNow } from './engine.ts'
import { lookAtFailed, removeFailed } from './failed.ts'
import { createFences } from './fences.ts'
import { isListed, type SqliteFiles } from './files.ts'
import { lookAt, unseenFile } from './look.ts'

/**
 * The databases of a detour as SQLite files. A copy cannot follow: `level` makes it anew while home's fence is held, and
 * the cut ends that. SQLite itself refuses writes to the copy, which has a write format that no SQLite knows.
 */
export function createSqliteDatabase(
  recipe: SqliteDetour,
  { copied }: Pick<DetourParts, 'copied'> = {},
): DetourDatabase {
  const name = namesOf(copied)
  const fences = createFences()
  const filesOf = (variables: Variables): SqliteFiles => ({
    home: fill(recipe.home, variables).text,
    'stand-in': fill(recipe.standIn, variables).text,
  })

  return {
    able: async (_id, variables) => ableOf(filesOf(variables)),
    observe: async (id, variables) => lookAt(id, filesOf(variables), fences),

    open: (id, variables) =>
      tried('make the copy', () => {
        const files = filesOf(variables)
        if (isOf(id, files)) return seenCopy(files)
        copyTo(files.home, files['stand-in'], 'nobody')
        writeNote(files['stand-in'], { detour: id, frozenAt: null, rows: null })
        return seenCopy(files)
      }),

    fence: (_id, side, variables) =>
      tried(`shut out writes to ${name[side]}`, () => {
        const file = filesOf(variables)[side]
        fences.take(side, file)
        return done({ fence: side, position: using(file, positionOf, true) })
      }),

    unfence: (_id, side, variables) =>
      tried(`let writes to ${name[side]}`, () => {
        const files = filesOf(variables)
        fences.leave(side)
        if (side === 'stand-in') openForWrites(files['stand-in'])
        return seenOpen(files, side, name)
      }),

    level: (_id, position, variables) =>
      tried('have everything of home in the copy', () => {
        const files = filesOf(variables)
        const isThere = () => using(files['stand-in'], positionOf, true) === position
        if (!isThere() && readNote(files['stand-in'])?.frozenAt === null)
          copyTo(files.home, files['stand-in'], 'nobody')
        return isThere() ? done({ position }) : notDone(`the copy is not at ${position}`)
      }),

    cut: (id, variables) =>
      tried('freeze the copy', () => {
        const files = filesOf(variables)
        if (!fences.holds('home')) return notDone(`the fence of ${name.home} is not held by this run`)
        const [there, here] = [files.home, files['stand-in']].map((file) => using(file, positionOf, true))
        if (there !== here) return notDone(`${name.home} is at ${there}, and the copy at ${here}`)
        writeNote(files['stand-in'], { detour: id, frozenAt: here ?? null, rows: null })
        return done({ 'frozen-at': here ?? '', fence: 'home' })
      }),

    rejoin: (id, variables) =>
      tried('have the copy made anew again', () => {
        writeNote(filesOf(variables)['stand-in'], { detour: id, frozenAt: null, rows: null })
        return done({ follows: 'true' })
      }),

    harden: (_id, variables) =>
      tried('let the migration write to home', () => {
        const files = filesOf(variables)
        if ((readNote(files['stand-in'])?.frozenAt ?? null) === null) return notDone('the copy is not frozen')
        fences.leave('home')
        return seenOpen(files, 'home', name)
      }),

    close: (id, way, variables) =>
      tried(`end the databases for \`${way}\``, () => endFor(way, { id, files: filesOf(variables), fences })),

    discard: (_id, variables) =>
      tried('remove the copy', () => {
        const file = filesOf(variables)['stand-in']
        fences.leave('stand-in')
        removeCopy(file)
        return isListed(file) ? notDone(`${file} is still there`) : done({ 'stand-in': 'none' })
      }),

    failedHome: async (id, _where, variables) => lookAtFailed(id, filesOf(variables)),

    discardFailedHome: (id, _where, variables) =>
      tried('remove the failed home', () => removeFailed(id, filesOf(variables))),

    ...betweenSides({ filesOf, fences, name }),

    async lostWrites(_id, variables) {
      const file = filesOf(variables)['stand-in']
      try {
        const then = readNote(file)?.rows ?? null
        if (then === null) return absent
        return found({ kind: 'counted', byTable: differences(then, using(file, rowsOf, true)) })
      } catch (error) {
        return unknown(unseenFile(file, error))
      }
    },
  }
}

function ableOf(files: SqliteFiles): Reading<Ability> {
  if (sqlite() === null)
    return found({ refusals: [`Node ${process.version} has no SQLite.`], warnings: [], facts: {} })
  try {
    const { size } = statSync(files.home)
    const { bavail, bsize } = statfsSync(dirname(files['stand-in']))
    const refusals = bavail * bsize < 2 * size ? [`There is no space for a copy of ${files.home}.`] : []
    return found({ refusals, warnings: [], facts: { size: String(size) } })
  } catch (error) {
    return unknown(unseenFile(files.home, error))
  }
}

/** True if the copy is that of this detour. Throws for the copy of another one. */
function isOf(id: string, files: SqliteFiles): boolean {
  const note = readNote(files['stand-in'])
  if (note === null) return false
  if (note.detour !== id) throw new Error(`${files['stand-in']} belongs to the detour ${note.detour}`)
  return isListed(files['stand-in'])
}

function seenCopy(files: SqliteFiles): DetourDeed {
  const writable = writableNow(files['stand-in'])
  return writable === 'impossible'
    ? done({ 'stand-in': 'running', 'writable.stand-in': writable })
    : notDone('SQLite does not refuse writes to the copy')
}

/** The sides as the config names them: the copy may be at home. */
const namesOf = (copied: DetourSide = 'stand-in'): BySide<DetourSide> => ({
  home: otherSide(copied),
  'stand-in': copied,
})

/** Lets writes to the copy, and remembers its rows, so that they can be counted. */
function openForWrites(file: string): void {
  const note = readNote(file)
  if (note === null || note.rows !== null) return
  copyTo(file, `${file}.open`, 'anybody')
  writeNote(file, { ...note, rows: using(file, rowsOf, true) })
  copyTo(`${file}.open`, file, 'anybody')
  removeCopy(`${file}.open`)
}
