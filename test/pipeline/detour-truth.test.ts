import { describe, expect, test } from 'vitest'
import { dutyOf } from '../../src/domain/ledger/duty.ts'
import type { DetourControl } from '../../src/pipeline/ports.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { aCommand, aScheduler, aService, newer, older } from '../domain/a-plan.ts'
import { aDetourWorld, type DetourWorld, steppingAside } from './a-detour-world.ts'
import { durableLedger, keptLedger, opened } from './in-memory.ts'
import { again, answered } from './later-run.ts'

const open = async (world: DetourWorld, plan = steppingAside()) => execute(await opened(world.memory, plan))

const notesIn = ({ memory }: DetourWorld) => durableLedger(memory).detour?.notes ?? []

/** Nothing was changed at home, visitors are there and may write, and no copy is left. */
function expectAsBefore(world: DetourWorld): void {
  const { file, memory, marker, writes, standIn, fence } = world.memory.detour.state
  expect([file, memory, marker, writes, standIn, fence]).toEqual(['home', 'home', 'home', 'open', null, null])
  expect([world.visitors(), world.effects.includes('migrate')]).toEqual([older.tag, false])
  expect(world.breaches).toEqual([])
}

describe('the opening', () => {
  test('changes home only when the journal has visitors on the stand-in SD-10', async () => {
    const world = aDetourWorld()
    let before: readonly string[] = []
    world.memory.shell.play('migrate', () => {
      before = notesIn(world).map(({ act }) => act)
      return {}
    })
    await open(world)
    expect(before).toEqual([
      ...['able', 'copied', 'stand-in-started', 'writes-shut', 'fenced', 'level', 'cut', 'at-stand-in'],
      ...['home-drained', 'home-stopped', 'hardened'],
    ])
    const moved = notesIn(world).find(({ act }) => act === 'at-stand-in')
    expect(moved?.evidence).toMatchObject({ marker: 'stand-in', 'frozen-at': '0/100' })
  })

  test('keeps the changes at home from visitors, who stay where they are while it migrates SD-12', async () => {
    const world = aDetourWorld()
    const rows: unknown[] = []
    world.memory.shell.play('migrate', () => {
      rows.push(world.visitors(), world.memory.detour.state.rows['stand-in'])
      return {}
    })
    await open(world)
    expect(rows).toEqual([older.tag, 100])
    expect(world.memory.detour.state.rows).toEqual({ home: 1_100, 'stand-in': 100 })
    expect(world.breaches).toEqual([])
  })

  test('stops before home is changed if the stand-in takes a write, and takes all back SD-13', async () => {
    const world = aDetourWorld()
    world.memory.detour.state.writable = 'open'
    expect(await open(world)).toMatchObject({
      outcome: { kind: 'failed', failure: { code: 'detour-writable' } },
    })
    expectAsBefore(world)
  })

  test.each([
    ['the copy', 'open', 'stand-in'],
    ['the fence', 'fence', 'fenced'],
    ['the level', 'level', 'level'],
    ['the cut', 'cut', 'cut'],
    ['the move of visitors', 'point', 'moved'],
    ['the end of sessions at home', 'harden', 'hardened'],
  ])('that fails at %s leaves everything as it was before', async (_what, verb) => {
    const world = aDetourWorld()
    world.memory.detour.fail(verb, 'It does not work today.')
    if (verb === 'point') world.memory.detour.fail('point', null)
    if (verb === 'point') failOnce(world)
    expect(await open(world)).toMatchObject({
      outcome: { kind: 'failed', failure: { what: 'It does not work today.' } },
    })
    expectAsBefore(world)
  })

  test('that finds the parts of the door apart changes nothing', async () => {
    const world = aDetourWorld()
    world.memory.detour.state.file = 'stand-in'
    const ending = await open(world)
    expect(ending).toMatchObject({ outcome: { failure: { code: 'detour-disagrees' } } })
    expect(world.effects.filter((effect) => !effect.startsWith('file'))).toEqual([])
  })

  test.each([
    ...['standIn', 'follows', 'frozenAt', 'fence', 'writable', 'file', 'memory', 'marker', 'writes'],
  ])('that cannot see %s never goes on to home, whose safe point would be unknown SD-28', async (part) => {
    const world = aDetourWorld()
    world.memory.detour.hide(part)
    await open(world)
    expect([world.effects.includes('migrate'), world.visitors(), world.breaches]).toEqual([
      ...[false, older.tag, []],
    ])
  })

  test('takes the writes of a writer that passes the door with it, while nothing is fenced', async () => {
    const world = aDetourWorld()
    world.memory.detour.write('home')
    await open(world)
    expect(world.memory.detour.state.frozenAt).toBe('0/101')
  })
})

/** Has the first move of visitors fail. */
function failOnce({ memory: { detour } }: DetourWorld): void {
  const { point } = detour.door
  let failed = false
  Object.assign(detour.door, {
    point: (...asked: Parameters<typeof point>) => {
      if (failed) return point(...asked)
      failed = true
      return Promise.resolve({
        kind: 'failed',
        failure: { code: 'detour-unseen', what: 'It does not work today.', tail: [] },
      })
    },
  })
}

/** Adapters that say done and have not done it, or have done something else. */
const liars: readonly [string, (detour: DetourWorld['memory']['detour']) => object][] = [
  ['leaves the cut out', () => ({ cut: async () => ({ kind: 'done', evidence: {} }) })],
  [
    'pauses the stand-in in place of the cut, and a restart has it follow again',
    ({ database, state }) => ({
      harden: async (...asked: Parameters<DetourControl['database']['harden']>) => {
        const deed = await database.harden(...asked)
        state.follows = true
        return deed
      },
    }),
  ],
  [
    'lets the fence go before the cut',
    ({ state }) => ({
      level: async () => {
        state.fence = null
        return { kind: 'done', evidence: {} }
      },
    }),
  ],
]

describe('an adapter of databases that', () => {
  test.each(liars)('%s brings no release to home', async (_what, lie) => {
    const world = aDetourWorld()
    const { detour } = world.memory
    Object.assign(world.memory.ports, {
      detour: () => ({ ...detour, database: { ...detour.database, ...lie(detour) } }),
    })
    await open(world)
    expect(world.effects).not.toContain('migrate')
    expect(world.visitors()).toBe(older.tag)
    expect(world.breaches).toEqual([])
  })
})

test('a door that keeps the move in its memory alone is found out, and visitors are sent home', async () => {
  const world = aDetourWorld()
  const { detour } = world.memory
  const point: typeof detour.door.point = async (side, ...rest) => {
    const { file } = detour.state
    const deed = await detour.door.point(side, ...rest)
    if (side === 'stand-in') detour.state.file = file
    return deed
  }
  Object.assign(world.memory.ports, { detour: () => ({ ...detour, door: { ...detour.door, point } }) })
  expect(await open(world)).toMatchObject({ outcome: { failure: { code: 'detour-disagrees' } } })
  expectAsBefore(world)
})

describe('the inspection', () => {
  const tested = { http: [], command: aCommand('smoke'), delay: 20_000, attempts: 5, interval: 30_000 }
  const asking = { ...tested, onFailure: 'ask' } as const

  test('shows links to the changed side, and no visitor reaches that SD-20', async () => {
    const world = aDetourWorld()
    expect(await open(world)).toMatchObject({
      kind: 'waiting',
      pause: { kind: 'inspection', links: ['https://home.example/?release=v1.1.0'], failure: null },
    })
    expect([world.visitors(), world.running.get('web-1')]).toEqual([older.tag, newer.tag])
  })

  test('comes after a smoke test, whose failure is told beside the question SD-21', async () => {
    const world = aDetourWorld()
    world.memory.shell.play('smoke', { ends: { kind: 'exited', code: 1 } })
    const begun = world.memory.seconds()
    const ending = await open(world, steppingAside({ smokeTest: asking }))
    expect(ending).toMatchObject({
      pause: {
        kind: 'inspection',
        failure: { code: 'inspection-failed', what: expect.stringMatching(/5 times/) },
      },
    })
    const tries = world.memory.shell.calls.filter(({ command }) => command.run === 'smoke')
    expect([tries.length, world.memory.seconds() - begun >= 20 + 4 * 30]).toEqual([5, true])
  })

  test('is asked for links that answer anything but 200 only after all tries SD-21', async () => {
    const world = aDetourWorld()
    const http = [{ kind: 'http', url: 'http://home/', timeout: 1_000 }] as const
    world.memory.prober.reply(
      'http://home/',
      { kind: 'no', why: 'answered 302', text: '' },
      { kind: 'yes', text: '' },
    )
    const smokeTest = { ...asking, http, command: null }
    expect(await open(world, steppingAside({ smokeTest }))).toMatchObject({ pause: { failure: null } })
  })

  test('does not come where a failed smoke test goes back unasked, and the run has failed SD-21', async () => {
    const world = aDetourWorld()
    world.memory.shell.play('smoke', { ends: { kind: 'exited', code: 1 } })
    const ending = await open(world, steppingAside({ smokeTest: { ...tested, onFailure: 'revert' } }))
    expect(ending).toMatchObject({
      outcome: { kind: 'rolled-back', failure: { code: 'inspection-failed' } },
    })
    expect([world.visitors(), world.memory.detour.state.rows.home]).toEqual([older.tag, 100])
  })

  test('is never reported as finished, and nor is the return SD-23', async () => {
    const world = aDetourWorld()
    await open(world)
    const waiting = await keptLedger(world.memory)
    expect([waiting.deployment?.number, waiting.history, waiting.serving?.release.tag]).toEqual([
      ...[7, [], older.tag],
    ])
    world.memory.detour.fail('discard', 'It has a session.')
    expect(await answered(world.memory, 'complete')).toMatchObject({
      kind: 'waiting',
      pause: { kind: 'failed-step', step: 'close-detour' },
    })
    const returning = await keptLedger(world.memory)
    expect([returning.detour?.phase, returning.history, returning.serving?.release.tag]).toEqual([
      ...['closing', [], older.tag],
    ])
  })

  test('takes complete alone while it waits, and no deployment in any other state takes it SD-22', async () => {
    const world = aDetourWorld()
    world.memory.shell.play('migrate', { ends: { kind: 'exited', code: 1 } })
    await open(world)
    await expect(answered(world.memory, 'complete')).rejects.toMatchObject({ code: 'decision-not-offered' })
  })

  test('keeps the scheduler suspended, also when its lease is over SD-15', async () => {
    const world = aDetourWorld()
    await open(world, steppingAside({}, { scheduler: aScheduler({ deploy: null }) }))
    const ledger = await keptLedger(world.memory)
    expect(ledger.leases.map(({ kind }) => kind)).toEqual(['scheduler'])
    const late = new Date(world.memory.clock.now().getTime() + 30 * 86_400_000)
    expect(dutyOf(ledger, false, late)).toBeNull()
    expect(dutyOf({ ...ledger, detour: null }, false, late)).toMatchObject({ kind: 'give-back' })
  })
})

describe('the return', () => {
  test('that ends a read-only detour proves that the stand-in is where it was cut off SD-14', async () => {
    const world = aDetourWorld()
    await open(world)
    await answered(world.memory, 'complete')
    const { detour } = await keptLedger(world.memory)
    expect(detour).toBeNull()

    const written = aDetourWorld()
    await open(written)
    written.memory.detour.state.frozenAt = '0/107'
    expect(await answered(written.memory, 'complete')).toMatchObject({
      pause: { kind: 'failed-step', failure: { code: 'detour-moved' } },
    })
    expect([written.visitors(), written.memory.detour.copies.removed]).toEqual([older.tag, 0])
  })

  test('that ends a read-write detour counts the writes that are lost, and says since when SD-17', async () => {
    const world = aDetourWorld()
    await open(world, steppingAside({ mode: 'read-write', acceptDataLoss: true }))
    const { detour } = world.memory
    expect([detour.write('stand-in'), detour.write('stand-in'), detour.state.rows.home]).toEqual([
      ...[true, true, 1_100],
    ])
    await answered(world.memory, 'complete')
    const deeds = (await keptLedger(world.memory)).history
    expect([deeds.length, detour.state.rows.home]).toEqual([1, 1_100])
  })

  test('has home warm, and as many there as serve on the stand-in SD-19', async () => {
    const world = aDetourWorld()
    await open(world)
    world.memory.prober.replyBy('self-test', ({ ROLLGATE_INSTANCE: name }) =>
      name === 'web-2' ? { kind: 'no', why: 'is cold', text: '' } : { kind: 'yes', text: '' },
    )
    expect(await answered(world.memory, 'complete')).toMatchObject({
      pause: { kind: 'failed-step', step: 'close-detour', failure: { code: 'self-test-failed' } },
    })
    expect(world.visitors()).toBe(older.tag)

    const fewer = aDetourWorld()
    const service = aService('aside', 2)
    const three = ['aside-1', 'aside-2', 'aside-3'].map((name) => ({ name, env: {} }))
    const services = [{ ...service, fleet: { ...service.fleet, instances: three } as never }]
    await open(fewer, steppingAside({ services }))
    expect(await answered(fewer.memory, 'complete')).toMatchObject({
      pause: {
        failure: {
          code: 'detour-short',
          what: '2 instances are warm at home, and 3 serve visitors on the stand-in.',
        },
      },
    })
    expect([fewer.running.get('aside-3'), fewer.visitors()]).toEqual([older.tag, older.tag])
  })

  test('that failed is tried again from where it stands', async () => {
    const world = aDetourWorld()
    await open(world)
    world.memory.detour.fail('discard', 'It has a session.')
    await answered(world.memory, 'complete')
    expect([world.visitors(), world.memory.detour.state.writes]).toEqual([newer.tag, 'open'])
    world.memory.detour.fail('discard', null)
    expect(await answered(world.memory, 'retry')).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(world.memory.detour.copies).toEqual({ made: 1, removed: 1 })
    await expect(again(world.memory)).rejects.toThrow('nothing is under way')
  })
})

test('the return leaves the stand-in as it is while a request is in flight there SD-18', async () => {
  const world = aDetourWorld()
  await open(world)
  const { state } = world.memory.detour
  state.inFlight['stand-in'] = 1
  expect(await answered(world.memory, 'complete')).toMatchObject({ kind: 'waiting' })
  expect([world.visitors(), state.standIn, world.memory.detour.copies]).toEqual([
    newer.tag,
    expect.anything(),
    { made: 1, removed: 0 },
  ])
  expect([world.running.get('aside-1'), world.running.get('aside-2')]).toEqual([older.tag, older.tag])
  state.inFlight['stand-in'] = 0
  await answered(world.memory, 'retry')
  expect([state.standIn, world.memory.detour.copies]).toEqual([null, { made: 1, removed: 1 }])
})
