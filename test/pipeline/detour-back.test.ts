import { describe, expect, test } from 'vitest'
import type { FinalDecision } from '../../src/domain/question/decision.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { aCommand, aRelease, newer, older } from '../domain/a-plan.ts'
import { aDetourWorld, type DetourWorld, steppingAside } from './a-detour-world.ts'
import { inMemory, keptLedger, type Lean, leanPlan, ledgerCommits, opened } from './in-memory.ts'
import { again, answered, begun } from './later-run.ts'
import { type Loss, throughALoss } from './through-a-loss.ts'

/** Everything that an undisturbed end and one after a kill must have in common. */
async function endOf({ memory, running, visitors, breaches }: DetourWorld) {
  const { detour, serving, history, deployment } = await keptLedger(memory)
  return {
    serves: [visitors(), serving?.release.tag],
    home: [running.get('web-1'), running.get('web-2')],
    standIn: [running.get('aside-1'), running.get('aside-2')],
    migrated: memory.detour.state.rows.home > 1_000,
    copies: memory.detour.copies,
    writes: memory.detour.state.writes,
    ...{ detour, deployment, breaches },
    outcome: history[0]?.outcome.kind,
  }
}

const inspected = async (plan = steppingAside()) => {
  const world = aDetourWorld()
  const ending = await execute(await opened(world.memory, plan))
  return { world, ending }
}

/** The answers of people, by the kind of the question. */
type Answers = Readonly<Record<string, FinalDecision>>

/** Goes through a story to its end. A run that is killed is followed by another, which resumes. */
async function through(world: DetourWorld, answers: Answers, kill?: Loss) {
  const { memory } = world
  const context = await opened(memory, steppingAside({ validateBeforeSwap: true }))
  await throughALoss(world, context, kill, (pause, doer) =>
    pause === null ? again(memory, doer) : answered(memory, answers[pause.kind] ?? 'retry', 'it must', doer),
  )
}

const back = {
  serves: [older.tag, older.tag],
  home: [older.tag, older.tag],
  standIn: [null, null],
  copies: { made: 1, removed: 1 },
  writes: 'open',
  ...{ detour: null, deployment: null, breaches: [], outcome: 'rolled-back' },
}

describe('a release that is not good enough', () => {
  test('revert brings database and code back, and people look before visitors come home SD-29 SD-31', async () => {
    const { world, ending } = await inspected(steppingAside({ validateBeforeSwap: true }))
    expect(ending).toMatchObject({ pause: { options: ['complete', 'revert', 'revert-code', 'abandon'] } })
    const waiting = await answered(world.memory, 'revert')
    expect(waiting).toMatchObject({
      kind: 'waiting',
      pause: {
        kind: 'revert-inspection',
        options: ['complete', 'abandon'],
        links: [`https://home.example/?release=${older.tag}`],
      },
    })
    expect([world.running.get('web-1'), world.memory.detour.state.rows.home]).toEqual([older.tag, 100])
    expect(world.memory.detour.state.marker).toBe('stand-in')
    await answered(world.memory, 'complete')
    expect(await endOf(world)).toEqual({ ...back, migrated: false })
    // The failed release is stopped before its database is changed under it.
    const restored = world.effects.indexOf('restore home')
    expect(world.effects.slice(restored - 2, restored)).toEqual(['stop web-1', 'stop web-2'])
    const changes = world.effects.filter((one) => /restore|start web|point home|discard/.test(one))
    expect(changes.slice(-5)).toEqual([
      ...['restore home', 'start web-1', 'start web-2', 'point home', 'discard'],
    ])
  })

  test('without validate-before-swap visitors come home as soon as the older release is warm there', async () => {
    const { world } = await inspected()
    await answered(world.memory, 'revert')
    expect(await endOf(world)).toEqual({ ...back, migrated: false })
  })

  test('the database that came back has nothing of the migration, and the history says so', async () => {
    const { world } = await inspected()
    await answered(world.memory, 'revert')
    const [past] = (await keptLedger(world.memory)).history
    expect(past).toMatchObject({
      migrated: null,
      restored: { name: 'shop-production-7', deployment: 7, done: true },
    })
  })

  test('revert-code across a contract migration needs a reason, which says what it accepts', async () => {
    const { world } = await inspected()
    await expect(answered(world.memory, 'revert-code')).rejects.toMatchObject({
      code: 'decision-not-offered',
      why: expect.stringContaining(`${older.tag} does not work on the database after a contract migration`),
    })
    expect(world.visitors()).toBe(older.tag)
  })

  test('revert-code leaves the database as it is migrated SD-30', async () => {
    const { world } = await inspected(steppingAside({ validateBeforeSwap: true }))
    const waiting = await answered(world.memory, 'revert-code', 'it works on the new schema')
    expect(waiting).toMatchObject({
      kind: 'waiting',
      pause: { kind: 'revert-inspection', links: [`https://home.example/?release=${older.tag}`] },
    })
    expect([world.visitors(), world.running.get('web-1'), world.memory.detour.state.marker]).toEqual([
      ...[older.tag, older.tag, 'stand-in'],
    ])
    await answered(world.memory, 'complete')
    expect(await endOf(world)).toEqual({ ...back, migrated: true })
    expect(world.effects).not.toContain('restore home')
  })

  test('revert-code takes one instance after another once the door may have sent visitors home', async () => {
    const { world } = await inspected()
    world.memory.detour.fail('point', 'One of two balancers does not answer.')
    expect(await answered(world.memory, 'complete')).toMatchObject({ pause: { step: 'close-detour' } })
    world.memory.detour.fail('point', null)
    const before = world.effects.length
    await answered(world.memory, 'revert-code', 'it works on the new schema')
    const changes = world.effects.slice(before).filter((one) => /^(stop|start) web/.test(one))
    expect(changes).toEqual(['stop web-1', 'start web-1', 'stop web-2', 'start web-2'])
    expect(await endOf(world)).toEqual({ ...back, migrated: true })
  })
})

describe.each<[string, Answers]>([
  ['complete', { inspection: 'complete' }],
  ['revert', { inspection: 'revert', 'revert-inspection': 'complete' }],
  ['revert-code', { inspection: 'revert-code', 'revert-inspection': 'complete' }],
])('a run that is lost at any effect of a story that ends with %s', (_, answers) => {
  test('is resumed to the same end, with one stand-in, and none that serves is discarded', async () => {
    const calm = aDetourWorld()
    await through(calm, answers)
    const expected = await endOf(calm)
    const ends: unknown[] = []
    for (let at = 1; at <= calm.effects.length; at += 1)
      for (const done of [false, true]) {
        const world = aDetourWorld()
        await through(world, answers, { at, done })
        ends.push({ at, done, ...(await endOf(world)) })
      }
    expect(ends).toEqual(ends.map((_end, at) => ({ at: (at >> 1) + 1, done: at % 2 === 1, ...expected })))
  })
})

describe('a deployment that fails while visitors are on the stand-in', () => {
  test('complete is refused with the reason, and the ways back stay SD-22', async () => {
    const world = aDetourWorld()
    world.memory.shell.play('migrate', { ends: { kind: 'exited', code: 3 } })
    const ending = await execute(await opened(world.memory, steppingAside()))
    expect(ending).toMatchObject({
      kind: 'waiting',
      pause: {
        kind: 'failed-step',
        options: ['retry', 'force-next', 'revert', 'revert-code', 'abandon'],
        withheld: {
          complete: expect.stringContaining(`deploy next, in the same detour, ${newer.tag} again`),
        },
      },
    })
    await expect(answered(world.memory, 'complete')).rejects.toMatchObject({ code: 'decision-not-offered' })
    await answered(world.memory, 'revert')
    expect(await endOf(world)).toEqual({ ...back, migrated: false })
  })
})

const better = aRelease('v1.2.0', { schemaVersion: '43' })

const planIn = async ({ memory }: DetourWorld, asks: Partial<Lean> = {}) =>
  steppingAside({}, {}, { release: better, ledger: await keptLedger(memory), detour: false, ...asks })

describe('a better release while visitors are on the stand-in', () => {
  test('roll-forward takes the place of the waiting one, on the same stand-in, and is inspected SD-25 SD-26', async () => {
    const { world } = await inspected()
    const plan = await planIn(world, { rollForward: true })
    expect(plan.steps.map(({ kind }) => kind)).not.toContain('open-detour')
    expect([plan.supersedes, plan.from?.tag, plan.refusals]).toEqual([7, older.tag, []])
    const commits = ledgerCommits(world.memory).length
    const context = await begun(world, plan)
    const { deployment, history } = await keptLedger(world.memory)
    expect(ledgerCommits(world.memory).length).toBe(commits + 1)
    expect([deployment?.number, history[0]?.outcome]).toMatchObject([8, { supersededBy: 8 }])
    expect(await execute(context)).toMatchObject({ kind: 'waiting', pause: { kind: 'inspection' } })
    await answered(world.memory, 'complete')
    expect(await endOf(world)).toMatchObject({
      ...{ serves: [better.tag, better.tag], copies: { made: 1, removed: 1 }, breaches: [], detour: null },
    })
  })

  test('a plain deployment is refused while the inspection waits SD-38', async () => {
    const { world } = await inspected()
    await expect(begun(world, await planIn(world))).rejects.toMatchObject({ code: 'decision-needed' })
    expect((await keptLedger(world.memory)).deployment?.number).toBe(7)
  })

  test('without an open detour roll-forward is an ordinary deployment SD-27', async () => {
    const plan = steppingAside({}, {}, { release: better, detour: false, rollForward: true })
    const ordinary = steppingAside({}, {}, { release: better, detour: false })
    expect(plan.digest).toBe(ordinary.digest)
  })

  test('a deployment after one that failed and was abandoned goes on in its detour SD-35 SD-36', async () => {
    const world = aDetourWorld()
    world.memory.shell.play('migrate', { ends: { kind: 'exited', code: 3 } })
    await execute(await opened(world.memory, steppingAside()))
    await answered(world.memory, 'abandon')
    expect((await keptLedger(world.memory)).detour).toMatchObject({ phase: 'open', deployment: 7 })
    expect(world.visitors()).toBe(older.tag)
    world.memory.shell.play('migrate', {})
    const plan = await planIn(world)
    expect(await execute(await begun(world, plan))).toMatchObject({ pause: { kind: 'inspection' } })
    await answered(world.memory, 'revert')
    expect(await endOf(world)).toEqual({ ...back, migrated: false })
  })

  test('a deployment that would leave visitors on the stand-in is refused while a detour is open', async () => {
    const { world } = await inspected()
    await answered(world.memory, 'abandon')
    const ledger = await keptLedger(world.memory)
    const plan = leanPlan({ release: better, ledger })
    expect(plan.refusals).toMatchObject([{ code: 'detour-open', next: expect.stringContaining(older.tag) }])
  })
})

/** Rolls forward in the open detour of a world, and completes; the run is lost at an effect of it where one is given. */
async function rolledForward(kill?: Loss) {
  const { world } = await inspected()
  const context = await begun(world, await planIn(world, { rollForward: true }))
  const effects = await throughALoss(world, context, kill, (pause, doer) =>
    pause === null ? again(world.memory, doer) : answered(world.memory, 'complete', '', doer),
  )
  return { end: await endOf(world), effects }
}

test('a run that is lost at any effect of rolling forward ends as an undisturbed one, with one copy', async () => {
  const calm = await rolledForward()
  expect(calm.end).toMatchObject({ serves: [better.tag, better.tag], copies: { made: 1, removed: 1 } })
  for (let at = 1; at <= calm.effects; at += 1)
    for (const done of [false, true])
      expect({ at, done, ...(await rolledForward({ at, done })).end }).toEqual({ at, done, ...calm.end })
})

test('a deployment without a detour takes no revert: there is nothing to bring its database back from SD-34', async () => {
  const memory = inMemory()
  memory.shell.play('migrate', { ends: { kind: 'exited', code: 3 } })
  const migrate = { command: aCommand('migrate'), phase: 'expand', repeatable: true } as const
  await execute(await opened(memory, leanPlan({ steps: { migrate } })))
  for (const way of ['revert', 'revert-code'] as const)
    await expect(answered(memory, way)).rejects.toMatchObject({ code: 'decision-not-offered' })
  expect((await keptLedger(memory)).deployment?.number).toBe(7)
})

test('a smoke test that fails with on-failure: revert goes back with the database, and nobody is asked', async () => {
  const world = aDetourWorld()
  world.memory.shell.play('smoke', { ends: { kind: 'exited', code: 1 } })
  const smokeTest = { http: [], command: aCommand('smoke'), delay: 0, attempts: 2, interval: 1 }
  const plan = steppingAside({ smokeTest: { ...smokeTest, onFailure: 'revert' } })
  expect(await execute(await opened(world.memory, plan))).toMatchObject({
    outcome: { kind: 'rolled-back', failure: { code: 'inspection-failed' } },
  })
  expect(await endOf(world)).toEqual({ ...back, migrated: false })
})
