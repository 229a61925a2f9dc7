import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { note, seeStandIn } from '../../../src/adapters/detour/postgres/host/stand-in.ts'
import type { PostgresWork } from '../../../src/adapters/detour/postgres/means.ts'
import { realShell, scratch } from '../real-shell.ts'

function aStandIn() {
  const data = join(scratch(), 'data')
  const notes = `${data}.rollgate`
  mkdirSync(notes)
  const work = {
    ...{ programs: realShell().shell, id: 'shop-production-7', variables: {} },
    recipe: { standIn: { data }, programs: null },
    ...{ signal: new AbortController().signal, say: () => {} },
  } as unknown as PostgresWork
  return { work, notes }
}

test('notes are read as they were written, also one that is empty', async () => {
  const { work, notes } = aStandIn()
  await note(work, { revoked: '', timeline: '3', cut: '0/3000148' })
  expect(readFileSync(join(notes, 'cut'), 'utf8')).toBe('0/3000148\n')
  expect((await seeStandIn(work)).notes).toEqual({ revoked: '', timeline: '3', cut: '0/3000148' })
})

test('a note that cannot be written is a failure, and keeps the notes after it from being written', async () => {
  const { work, notes } = aStandIn()
  mkdirSync(join(notes, 'timeline', '.new'), { recursive: true })
  await expect(note(work, { timeline: '3', cut: '0/3000148' })).rejects.toThrow('Keeping notes')
  expect((await seeStandIn(work)).notes).toEqual({})
})
