import { describe, expect, test } from 'vitest'
import type { PostgresDetour } from '../../src/domain/config/detour-recipe.ts'
import type { TwoPhases } from '../../src/domain/config/recipe.ts'
import type { Plan } from '../../src/domain/plan/plan.ts'
import type { ClosingAs } from '../../src/domain/plan/undertaking.ts'
import type { FinalDecision } from '../../src/domain/question/decision.ts'
import { readForm } from '../../src/inputs/form/read-form.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { undertakingFields } from '../../src/report/form/undertaking-fields.ts'
import { detourCommands, detourInWords } from '../../src/report/plan/detour-in-words.ts'
import { aDetour } from '../domain/a-detour.ts'
import { aCommand, aService, newer, older, rollsOf, stepOf } from '../domain/a-plan.ts'
import { aDetourWorld, type DetourWorld, steppingAside } from './a-detour-world.ts'
import { keptLedger, type Lean, opened } from './in-memory.ts'
import { again, answered, begun } from './later-run.ts'
import { type Loss, throughALoss } from './through-a-loss.ts'

const name = 'shop-production-7'

/** Opens a detour, and abandons it. `at`: the command that fails; null to abandon the inspection. */
async function leftOpen(at: string | null = null, plan = steppingAside()): Promise<DetourWorld> {
  const world = aDetourWorld()
  if (at !== null) world.memory.shell.play(at, { ends: { kind: 'exited', code: 3 } })
  await execute(await opened(world.memory, plan))
  await answered(world.memory, 'abandon')
  if (at !== null) world.memory.shell.play(at, {})
  return world
}

const closing = async ({ memory }: DetourWorld, asks: Partial<Lean> = {}): Promise<Plan> =>
  steppingAside(
    {},
    {},
    {
      ...{ wanted: 'close-detour', closes: name, as: 'revert', detour: false },
      ...{ release: older, ledger: await keptLedger(memory) },
      ...asks,
    },
  )

async function endOf({ memory, running, visitors, breaches }: DetourWorld) {
  const { detour, serving, history, deployment } = await keptLedger(memory)
  return {
    serves: [visitors(), serving?.release.tag],
    home: [running.get('web-1'), running.get('web-2')],
    standIn: [running.get('aside-1'), running.get('aside-2')],
    migrated: memory.detour.state.rows.home > 1_000,
    copies: memory.detour.copies,
    writes: [memory.detour.state.writes, memory.detour.state.fence],
    ...{ detour, deployment, breaches },
    past: [history[0]?.mode, history[0]?.outcome.kind, history[0]?.restored?.name ?? null],
  }
}

const closed = {
  serves: [older.tag, older.tag],
  home: [older.tag, older.tag],
  standIn: [null, null],
  copies: { made: 1, removed: 1 },
  writes: ['open', null],
  ...{ detour: null, deployment: null, breaches: [] },
}

/** Has verbs of the detour fail while an answer is acted on, or the opening for none; it is abandoned, and they work again. */
async function leftAt(verbs: readonly string[], answer: FinalDecision | null): Promise<DetourWorld> {
  const world = aDetourWorld()
  const { detour } = world.memory
  const fail = () => verbs.map((verb) => detour.fail(verb, 'It does not work today.'))
  if (answer === null) fail()
  await execute(await opened(world.memory, steppingAside()))
  if (answer !== null) {
    fail()
    await answered(world.memory, answer)
  }
  await answered(world.memory, 'abandon')
  for (const verb of verbs) detour.fail(verb, null)
  return world
}

/** The way in which a detour was left, and in which it is closed. */
interface Story {
  leave(): Promise<DetourWorld>
  readonly as: ClosingAs
  readonly migrated: boolean
}

const readWrite = steppingAside({ mode: 'read-write', acceptDataLoss: true })

const stories: readonly [string, Story][] = [
  ['whose home was migrated and is brought back', { leave: () => leftOpen(), as: 'revert', migrated: false }],
  ['whose home was migrated and stays so', { leave: () => leftOpen(), as: 'revert-code', migrated: true }],
  ['whose migration failed halfway', { leave: () => leftOpen('migrate'), as: 'revert-code', migrated: true }],
  ['which was read-write', { leave: () => leftOpen(null, readWrite), as: 'revert-code', migrated: true }],
  [
    'whose copy was made and not removed',
    { leave: () => leftAt(['cut', 'discard'], null), as: 'revert-code', migrated: false },
  ],
  [
    'whose home stayed fenced',
    { leave: () => leftAt(['cut', 'unfence'], null), as: 'revert-code', migrated: false },
  ],
  [
    'whose visitors went and came back before home was changed',
    { leave: () => leftAt(['harden', 'discard'], null), as: 'revert-code', migrated: false },
  ],
]

async function through({ leave, as }: Story, kill?: Loss) {
  const world = await leave()
  const plan = await closing(world, { as, acknowledged: { older: false, dataLoss: true } })
  const effects = await throughALoss(world, await begun(world, plan), kill, (pause, doer) =>
    pause === null ? again(world.memory, doer) : answered(world.memory, 'retry', '', doer),
  )
  return { plan, end: await endOf(world), effects }
}

describe.each(stories)('an abandoned detour, %s:', (_, story) => {
  test('visitors come home to the serving release when it is closed by name SD-37', async () => {
    const { plan, end } = await through(story)
    expect(plan.refusals).toEqual([])
    const away = plan.steps.some(({ kind }) => kind === 'join-detour')
    expect(rollsOf(plan).map(({ batches }) => batches.length)).toEqual([away ? 1 : 2])
    expect(end).toEqual({
      ...closed,
      migrated: story.migrated,
      past: ['close-detour', 'succeeded', story.as === 'revert' ? name : null],
    })
  })

  test('a closing whose run is lost at any effect has the same end', async () => {
    const calm = await through(story)
    expect(calm.effects).toBeGreaterThan(0)
    for (let at = 1; at <= calm.effects; at += 1)
      for (const done of [false, true])
        expect({ at, done, ...(await through(story, { at, done })).end }).toEqual({ at, done, ...calm.end })
  })
})

test('a database that is brought back by name has nothing of a migration in two phases', async () => {
  const migrate: TwoPhases = {
    ...{ command: aCommand('migrate'), repeatable: true, completeAfter: null },
    ...{ complete: aCommand('complete'), rollback: aCommand('take-back') },
    phase: 'expand',
  }
  const ends = async (as: ClosingAs) => {
    const world = await leftOpen(null, steppingAside({}, { migrate }))
    expect((await keptLedger(world.memory)).migration).toMatchObject({ state: 'open', deployment: 7 })
    await execute(await begun(world, await closing(world, { as })))
    return (await keptLedger(world.memory)).migration?.state ?? null
  }
  expect([await ends('revert'), await ends('revert-code')]).toEqual([null, 'open'])
})

describe('a detour that was left with visitors at home', () => {
  test('after they came home with complete loses its stand-in alone: home keeps what it serves', async () => {
    const world = await leftAt(['discard'], 'complete')
    expect(world.visitors()).toBe(newer.tag)
    const plan = await closing(world)
    expect(plan.steps.map(({ kind }) => kind)).toEqual(['source', 'close-detour'])
    expect(plan.warnings).toContainEqual(expect.stringContaining('web: with visitors'))
    await execute(await begun(world, plan))
    expect(await endOf(world)).toMatchObject({
      ...{ serves: [newer.tag, older.tag], standIn: [null, null], copies: { made: 1, removed: 1 } },
      ...{ detour: null, breaches: [] },
    })
  })
})

test('a detour whose visitors came home is closed by programs on a host of home', async () => {
  const world = await leftAt(['discard'], 'complete')
  const database: PostgresDetour = {
    kind: 'postgres',
    home: 'DATABASE',
    replication: null,
    standIn: { data: '/var/lib/rollgate/shop', host: '127.0.0.1', port: 5433, sockets: null },
    homeData: null,
    programs: null,
    on: { service: 'web', instance: 'web-1' },
    lockTimeout: 2_000,
    acknowledgeOthers: false,
  }
  const plan = await closing(world, { steps: { detour: aDetour({ database }) } })
  expect(rollsOf(plan)).toEqual([])
  const given: string[] = []
  const { detour } = world.memory.ports
  Object.assign(world.memory.ports, {
    detour: (...asked: Parameters<typeof detour>) => {
      given.push(
        ...asked[1].flatMap(({ service, fleet }) => fleet.instances.map(({ name }) => `${service}/${name}`)),
      )
      return detour(...asked)
    },
  })
  await execute(await begun(world, plan))
  expect(given).toContain('web/web-1')
  expect(world.memory.detour.copies.removed).toBe(1)
})

describe('the closing of a detour by name', () => {
  test('is refused for another name, and the plan says which detour is open', async () => {
    const world = await leftOpen()
    for (const closes of ['', 'shop-production-6'])
      expect((await closing(world, { closes })).refusals).toMatchObject([
        { code: 'detour-unknown', next: `Give the option detour=${name}. Nothing was changed.` },
      ])
    const none = steppingAside(
      {},
      {},
      { wanted: 'close-detour', closes: name, release: older, detour: false },
    )
    expect(none.refusals).toMatchObject([{ code: 'detour-unknown' }])
  })

  test('is refused while a question waits, which ends the detour itself', async () => {
    const world = aDetourWorld()
    await execute(await opened(world.memory, steppingAside()))
    expect((await closing(world)).refusals).toMatchObject([
      { code: 'detour-open', next: expect.stringContaining('Answer question 7.1') },
    ])
  })

  test('in code alone is refused across a contract migration, unless that is acknowledged', async () => {
    const world = await leftOpen()
    const asks = { as: 'revert-code' } as const
    expect((await closing(world, asks)).refusals).toMatchObject([
      { code: 'detour-refused', what: expect.stringContaining('deployment 7') },
    ])
    const knowing = { ...asks, acknowledged: { older: false, dataLoss: true } }
    expect((await closing(world, knowing)).refusals).toEqual([])
  })

  test('has a page that says what happens to the database, and every command before its approval', async () => {
    const plan = await closing(await leftOpen())
    const join = stepOf(plan, 'join-detour')
    expect(detourInWords(plan, join)).toContainEqual(expect.stringContaining('database is brought back'))
    expect(detourCommands(join).map(({ name }) => name)).toContain('stand-in aside stop')
    const plain = await closing(await leftAt(['cut', 'discard'], null))
    const close = stepOf(plain, 'close-detour')
    expect(detourInWords(plain, close)[0]).toContain('home was never changed')
    expect(detourCommands(close).map(({ name }) => name)).toContain('stand-in aside stop')
  })

  test('is asked for again by the values that its page gives', async () => {
    const world = await leftOpen()
    const valuesOf = (plan: Plan) => {
      const fields = undertakingFields(plan).map((field) => [field.name, 'value' in field ? field.value : ''])
      return readForm(JSON.stringify(Object.fromEntries(fields))).values
    }
    const asked = { only: 'close-detour', 'open-detour': name }
    expect(valuesOf(await closing(world))).toMatchObject({ ...asked, as: 'revert' })
    const knowing = { as: 'revert-code', acknowledged: { older: false, dataLoss: true } } as const
    expect(valuesOf(await closing(world, knowing))).toMatchObject({
      ...asked,
      'acknowledge-data-loss': 'true',
    })
  })

  test('shows each service at home and names the stuck one SD-37', async () => {
    const world = await leftOpen()
    const ledger = await keptLedger(world.memory)
    const unfinished = [{ service: 'web', instance: 'web-2', deployment: 7, out: false }]
    const services = [aService('web', 2), aService('api', 1)]
    const plan = await closing(world, { services, ledger: { ...ledger, unfinished } })
    expect(plan.warnings).toContainEqual(
      expect.stringContaining('web: stuck at web-2; api: without visitors, changed or stopped.'),
    )
  })
})

test('an opening at which some instances fail says of each how it ended, and names the stuck ones SD-37', async () => {
  const world = aDetourWorld()
  world.memory.shell.play('start', ({ variables }) =>
    variables.ROLLGATE_INSTANCE === 'aside-2' ? { ends: { kind: 'exited', code: 3 } } : {},
  )
  const ending = await execute(await opened(world.memory, steppingAside()))
  expect(ending).toMatchObject({
    outcome: {
      failure: { what: expect.stringContaining('aside/aside-1 is done; aside/aside-2 is stuck.') },
    },
  })
  // Nothing of the stand-in is left running beside a copy that is gone.
  expect([world.running.get('aside-1'), world.memory.detour.state.standIn]).toEqual([null, null])
})

test('an opening at which all instances fail ends with every reason, each once SD-39', async () => {
  const world = aDetourWorld()
  world.memory.shell.play('start', ({ variables }) => ({
    ends: { kind: 'exited', code: variables.ROLLGATE_INSTANCE === 'aside-2' ? 3 : 4 },
  }))
  const ending = await execute(await opened(world.memory, steppingAside()))
  const what = ending.kind === 'ended' && ending.outcome.kind === 'failed' ? ending.outcome.failure.what : ''
  expect([what.match(/exited with 3/g)?.length, what.match(/exited with 4/g)?.length]).toEqual([1, 1])
  expect(what).toContain('aside/aside-1 is stuck; aside/aside-2 is stuck.')
})
