import { closeSync, openSync, readFileSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import * as z from 'zod/mini'
import type { TableRows } from './content.ts'
import { opened, sqlite, using } from './engine.ts'
import { isListed } from './files.ts'

/** The note beside a copy. */
export interface CopyNote {
  readonly detour: string
  /** Null while the copy is made anew from home. */
  readonly frozenAt: string | null
  /** The rows when it was opened for writes; null while it never was. */
  readonly rows: TableRows | null
}

const noteText = z.object({
  detour: z.string(),
  frozenAt: z.nullable(z.string()),
  rows: z.nullable(z.record(z.string(), z.record(z.string(), z.string()))),
})

const noteOf = (file: string): string => `${file}.detour.json`
const partOf = (file: string): string => `${file}.part`

export const isPartial = (file: string): boolean => isListed(partOf(file))

/** Returns the note, or null without one. Throws for a note, or its folder, that cannot be read. */
export function readNote(file: string): CopyNote | null {
  if (!isListed(noteOf(file))) return null
  return z.parse(noteText, JSON.parse(readFileSync(noteOf(file), 'utf8')))
}

export function writeNote(file: string, note: CopyNote): void {
  writeFileSync(`${noteOf(file)}.new`, JSON.stringify(note))
  renameSync(`${noteOf(file)}.new`, noteOf(file))
}

/** The byte of the header with the write format: SQLite itself only reads a file whose number it does not know. */
const WRITE_FORMAT_AT = 18
const [ANYBODY, NOBODY] = [1, 3]

/** Takes the place of the copy with everything that a database has now. Applications see it when they open the file again. */
export function copyTo(from: string, file: string, writers: 'nobody' | 'anybody'): void {
  rmSync(partOf(file), { force: true })
  using(from, (database) => database.prepare('VACUUM INTO ?').run(partOf(file)), true)
  const part = openSync(partOf(file), 'r+')
  writeSync(part, Uint8Array.of(writers === 'nobody' ? NOBODY : ANYBODY), 0, 1, WRITE_FORMAT_AT)
  closeSync(part)
  renameSync(partOf(file), file)
}

/** Writes everything of a database over another one, by SQLite's own backup: its file stays the same. */
export async function writeOver(from: string, file: string): Promise<void> {
  const between = `${from}.back`
  copyTo(from, between, 'anybody')
  const source = opened(between)
  try {
    await sqlite()?.backup(source, file)
  } finally {
    source.close()
    rmSync(between, { force: true })
  }
}

export function removeCopy(file: string): void {
  for (const end of ['', '-journal', '-wal', '-shm', '.part']) rmSync(`${file}${end}`, { force: true })
  rmSync(noteOf(file), { force: true })
}
