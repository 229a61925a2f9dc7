import { expect, test } from 'vitest'
import { createCommandDatabase } from '../../../src/adapters/detour/command/database.ts'
import { found } from '../../../src/domain/reading.ts'
import { listener } from '../../contracts/shell.contract.ts'
import { aCommand } from '../../domain/a-plan.ts'
import { createFakeClock } from '../../fakes/fake-clock.ts'
import { createFakeShell } from '../../fakes/fake-shell.ts'

const id = 'shop-production-8'

/** Databases by commands that name the sides themselves, where the copy is at home. */
function copyAtHome() {
  const clock = createFakeClock()
  const shell = createFakeShell(clock)
  const says: Record<string, unknown> = {
    ...{ 'stand-in': 'running', follows: false, 'frozen-at': '7', fence: 'stand-in' },
    position: { home: '9', 'stand-in': '7' },
    writable: { home: 'open', 'stand-in': 'fenced' },
    sessions: { home: 0, 'stand-in': 4 },
  }
  shell.play('observe', () => ({ lines: [JSON.stringify(says)] }))
  const verbs = { clear: aCommand('clear'), leave: aCommand('leave'), unfence: aCommand('unfence') }
  const recipe = { kind: 'command', observe: aCommand('observe'), verbs } as const
  return { shell, says, database: createCommandDatabase(recipe, { shell, clock }, { copied: 'home' }) }
}

const variablesOf = (shell: ReturnType<typeof copyAtHome>['shell'], run: string) =>
  shell.calls.find(({ command }) => command.run === run)?.variables

test('commands that name the sides themselves are asked about the side that has the copy', async () => {
  const { database } = copyAtHome()
  const seen = await database.observe(id, {}, listener().signal)
  expect(seen).toMatchObject({
    writable: { home: found('fenced'), 'stand-in': found('open') },
    position: { home: found('7'), 'stand-in': found('9') },
    sessions: { home: found(4), 'stand-in': found(0) },
    fence: found('home'),
  })
  expect(await database.still(id, '7', {}, listener().signal)).toEqual(found(true))
  expect(await database.still(id, '6', {}, listener().signal)).toEqual(found(false))
})

test('a side is cleared, and left, by its own name, and the names of earlier copies are told', async () => {
  const { shell, says, database } = copyAtHome()
  shell.play('leave', () => {
    says.fence = null
    return {}
  })
  expect(await database.leave(id, 'home', {}, listener())).toMatchObject({ kind: 'done' })
  expect(variablesOf(shell, 'leave')).toMatchObject({ ROLLGATE_SIDE: 'stand-in', ROLLGATE_DETOUR: id })
  shell.play('clear', () => {
    says['stand-in'] = null
    return {}
  })
  expect(await database.clear(id, ['a-1', 'a-2'], {}, listener())).toMatchObject({ kind: 'done' })
  expect(variablesOf(shell, 'clear')).toMatchObject({ ROLLGATE_SIDE: 'home', ROLLGATE_EARLIER: 'a-1 a-2' })
})

test('a failure names the side as the commands do', async () => {
  const { says, database } = copyAtHome()
  says.writable = { home: 'open', 'stand-in': 'open' }
  expect(await database.fence(id, 'home', {}, listener())).toMatchObject({
    failure: { what: expect.stringContaining('writes to stand-in are shut out') },
  })
  expect(await database.fence(id, 'home', {}, listener())).toMatchObject({
    failure: { what: expect.stringContaining('`writable.stand-in` is open') },
  })
})
