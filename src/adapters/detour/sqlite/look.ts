import type { DatabaseSeen, Writable } from '../../../domain/detour/detour-seen.ts'
import type { BySide, DetourSide } from '../../../domain/detour/side.ts'
import type { ProblemWords } from '../../../domain/problem.ts'
import { absent, found, mapped, type Reading, unknown } from '../../../domain/reading.ts'
import { positionOf } from './content.ts'
import { type CopyNote, isPartial, readNote } from './copy.ts'
import { using, writableNow } from './engine.ts'
import type { Fences } from './fences.ts'
import { isListed, type SqliteFiles } from './files.ts'

/** Looks at both files. SQLite counts no sessions and has no timeline: these are absent. */
export function lookAt(id: string, files: SqliteFiles, fences: Fences): DatabaseSeen {
  const note = read(files['stand-in'], () => readNote(files['stand-in']))
  const writable = both((side) => writableOf(files[side], fences.holds(side)))
  return {
    standIn: standInOf(id, files['stand-in'], note),
    follows: mapped(note, ({ frozenAt }) => frozenAt === null),
    frozenAt: frozenIn(note),
    position: both((side) => ifThere(files[side], () => using(files[side], positionOf, true))),
    timeline: both(() => absent),
    writable,
    fence: fenceIn(writable, fences),
    sessions: both(() => absent),
    address: found(files.home),
  }
}

const both = <T>(of: (side: DetourSide) => T): BySide<T> => ({ home: of('home'), 'stand-in': of('stand-in') })

/** Returns an error as an unknown reading, and null as an absent one. */
function read<T>(file: string, look: () => T | null): Reading<T> {
  try {
    const value = look()
    return value === null ? absent : found(value)
  } catch (error) {
    return unknown(unseenFile(file, error))
  }
}

const ifThere = <T>(file: string, look: () => T): Reading<T> =>
  read(file, () => (isListed(file) ? look() : null))

function standInOf(id: string, file: string, note: Reading<CopyNote>): DatabaseSeen['standIn'] {
  if (note.kind === 'unknown') return note
  if (note.kind === 'found' && note.value.detour !== id)
    return unknown(unseenFile(file, `it belongs to the detour ${note.value.detour}`))
  return read(file, () => {
    if (isListed(file)) return note.kind === 'found' ? 'running' : 'partial'
    return isPartial(file) ? 'partial' : null
  })
}

const frozenIn = (note: Reading<CopyNote>): Reading<string> =>
  note.kind !== 'found' ? note : note.value.frozenAt === null ? absent : found(note.value.frozenAt)

/** A lock of this run is its fence; that of any other connection may be a writer's own. */
function writableOf(file: string, held: boolean): Reading<Writable> {
  if (held) return found('fenced')
  const writable = ifThere(file, () => writableNow(file))
  return writable.kind === 'found' && writable.value === 'fenced'
    ? unknown(unseenFile(file, 'another connection holds the lock of writers'))
    : writable
}

function fenceIn(writable: BySide<Reading<Writable>>, fences: Fences): Reading<DetourSide> {
  for (const side of ['home', 'stand-in'] as const) {
    const reading = writable[side]
    if (fences.holds(side)) return found(side)
    if (reading.kind === 'unknown') return reading
  }
  return absent
}

export const unseenFile = (file: string, error: unknown): ProblemWords => ({
  code: 'detour-unseen',
  what: `${file} could not be looked at: ${error instanceof Error ? error.message : String(error)}.`,
  why: 'The file is gone, is no database of SQLite, or another process holds its lock.',
  next: 'Look at the file, then run it again.',
})
