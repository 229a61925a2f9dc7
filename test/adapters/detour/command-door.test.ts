import { describe, expect, test } from 'vitest'
import { createCommandDoor, type MarkerReader } from '../../../src/adapters/detour/command/door.ts'
import { found, unknown } from '../../../src/domain/reading.ts'
import { listener } from '../../contracts/shell.contract.ts'
import { createFakeClock } from '../../fakes/fake-clock.ts'
import { createFakeShell } from '../../fakes/fake-shell.ts'
import { changes, doorRecipe, whyNot } from './command-bed.ts'

function setUp(marker: MarkerReader | null = null, recipe = doorRecipe) {
  const clock = createFakeClock()
  const shell = createFakeShell(clock)
  const door = {
    file: 'home' as string | null,
    memory: 'home',
    marker: 'home',
    writes: 'open' as string | null,
    'in-flight': { home: 2, 'stand-in': 0 } as Record<string, number | null>,
  }
  shell.play('door observe', () => ({ lines: [JSON.stringify(door)] }))
  shell.play('door point', ({ variables: { ROLLGATE_SIDE = '' } }) => {
    Object.assign(door, { file: ROLLGATE_SIDE, memory: ROLLGATE_SIDE, marker: ROLLGATE_SIDE })
    return {}
  })
  for (const to of ['open', 'shut'])
    shell.play(`door ${to}`, () => {
      door.writes = to
      return {}
    })
  return { shell, door, control: createCommandDoor(recipe, { shell, clock, marker }) }
}

describe('a door by commands', () => {
  test('visitors have moved when settings, memory and marker say so', async () => {
    const { control, shell } = setUp()
    expect(await control.point('stand-in', {}, listener())).toEqual({
      kind: 'done',
      evidence: { file: 'stand-in', memory: 'stand-in', marker: 'stand-in' },
    })
    expect(changes(shell)).toEqual(['door point'])
  })

  test.each(['file', 'memory', 'marker'] as const)('a %s that stays at home is no move', async (key) => {
    const { control, shell, door } = setUp()
    shell.play('door point', () => {
      Object.assign(door, { file: 'stand-in', memory: 'stand-in', marker: 'stand-in', [key]: 'home' })
      return {}
    })
    expect(whyNot(await control.point('stand-in', {}, listener()))).toMatch(
      new RegExp(`\`${key}\` is home and not stand-in`),
    )
  })

  test('the marker of real answers counts, and not the word of the command', async () => {
    const { control } = setUp(async () => found('home'))
    expect(whyNot(await control.point('stand-in', {}, listener()))).toMatch(/`marker` is home/)
    const silent = setUp(async () =>
      unknown({ code: 'detour-unseen', what: 'No answer came.', why: '', next: '' }),
    )
    expect(whyNot(await silent.control.point('stand-in', {}, listener()))).toMatch(
      /`marker` is unknown \(No answer came\)/,
    )
  })

  test('writes are shut and opened by a command each, and seen so', async () => {
    const { control, shell } = setUp()
    expect(await control.writes('shut', {}, listener())).toEqual({
      kind: 'done',
      evidence: { writes: 'shut' },
    })
    expect(await control.writes('open', {}, listener())).toEqual({
      kind: 'done',
      evidence: { writes: 'open' },
    })
    expect(changes(shell)).toEqual(['door shut', 'door open'])
  })

  test('a door that does not tell reads from writes says so in the evidence', async () => {
    const { control, door } = setUp(null, { ...doorRecipe, writes: null })
    door.writes = null
    expect(await control.writes('shut', {}, listener())).toEqual({
      kind: 'done',
      evidence: { writes: 'none' },
    })
  })

  test('a side is drained when nothing is in flight there, and not before', async () => {
    const { control, door, shell } = setUp()
    expect(whyNot(await control.drained('home', {}, listener()))).toMatch(/`in-flight.home` is 2 and not 0/)
    let looks = 0
    shell.play('door observe', () => {
      looks += 1
      if (looks === 3) door['in-flight'].home = 0
      return { lines: [JSON.stringify(door)] }
    })
    const deed = await control.drained('home', {}, listener())
    expect(deed).toEqual({ kind: 'done', evidence: { 'in-flight.home': '0' } })
    expect(looks).toBe(3)
  })
})
