import { describe, expect, test } from 'vitest'
import { absent } from '../../src/domain/reading.ts'
import { takeLock } from '../../src/pipeline/lock/take-lock.ts'
import { correctRecords } from '../../src/pipeline/run/correct-records.ts'
import { conclude } from '../../src/pipeline/run/drive.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { aRun } from '../domain/a-journal.ts'
import { aHistory, aPast } from '../domain/a-ledger.ts'
import { aLedgerServing, aPlan, aPolicy, aRecipe, aService, noSteps, older } from '../domain/a-plan.ts'
import { bob, durableLedger, type InMemory, inMemory, keep, keptLedger, opened } from './in-memory.ts'

const plan = aPlan({
  wanted: 'restart',
  release: older,
  relation: 'identical',
  policy: aPolicy({ approval: { kind: 'none' } }),
  recipe: aRecipe({ steps: noSteps, services: [aService('web', 3)] }),
})

const restarts = (memory: InMemory) =>
  memory.effects().filter((effect) => /^(leave|stop|install|start|enter) web/.test(effect))
const restarted = (...names: string[]) =>
  names.flatMap((name) => ['leave', 'stop', 'start', 'enter'].map((what) => `${what} ${name}`))

describe('a restart', () => {
  test('stops and starts every instance, one after another, and installs nothing CC-32', async () => {
    const memory = inMemory()
    memory.workspace.head = older.sha
    expect(await execute(await opened(memory, plan))).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(restarts(memory)).toEqual(restarted('web-1', 'web-2', 'web-3'))
    const seen = memory.shell.calls.find(({ command }) => command.run === 'start')?.variables
    expect(seen).toMatchObject({ ROLLGATE_MODE: 'restart', ROLLGATE_RELEASE: older.tag })
  })

  test('binds no release: what serves, and since when, is as it was CC-32', async () => {
    const memory = inMemory()
    memory.workspace.head = older.sha
    const { serving, desired } = aLedgerServing(older)
    await execute(await opened(memory, plan))
    expect(await keptLedger(memory)).toMatchObject({ serving, desired, deployment: null })
    expect((await keptLedger(memory)).history[0]).toMatchObject({
      number: 7,
      mode: 'restart',
      release: older,
    })
  })

  test('every instance that is done is kept before the next is taken CC-32', async () => {
    const memory = inMemory()
    memory.workspace.head = older.sha
    const known: string[][] = []
    memory.traffic.leave = async () => {
      const journal = durableLedger(memory).deployment?.journal ?? []
      known.push(journal.flatMap((event) => (event.kind === 'instance-succeeded' ? [event.instance] : [])))
      return null
    }
    await execute(await opened(memory, plan))
    expect(known).toEqual([[], ['web-1'], ['web-1', 'web-2']])
  })

  test('gone on with by another run it takes each instance once CC-32', async () => {
    const memory = inMemory()
    memory.workspace.head = older.sha
    memory.traffic.enter = async (name) => {
      if (name === 'web-2') memory.askToStop()
      return null
    }
    expect(await execute(await opened(memory, plan))).toMatchObject({ kind: 'interrupted' })
    const kept = await memory.ledgers.read('shop', 'production')
    const session = await takeLock(
      memory.ports,
      kept,
      plan,
      { preDeploy: null, build: null, checkCompatibility: null },
      bob,
    )
    const never = new AbortController().signal
    const ending = await execute({
      ports: memory.ports,
      plan,
      session,
      stop: { asked: never, forced: never },
    })
    expect(ending).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(restarts(memory)).toEqual(restarted('web-1', 'web-2', 'web-3'))
  })

  test('goes on although the tag of what serves was deleted meanwhile F28', async () => {
    const memory = inMemory()
    memory.workspace.head = older.sha
    memory.askToStop()
    await execute(await opened(memory, plan))
    memory.repository.resolveTag = async () => absent
    const kept = await memory.ledgers.read('shop', 'production')
    const session = await takeLock(
      memory.ports,
      kept,
      plan,
      { preDeploy: null, build: null, checkCompatibility: null },
      bob,
    )
    const never = new AbortController().signal
    const stop = { asked: never, forced: never }
    expect(await execute({ ports: memory.ports, plan, session, stop })).toMatchObject({
      outcome: { kind: 'succeeded' },
    })
  })

  test('an instance that fails its self test gets no traffic, and no further one is taken WX-17', async () => {
    const memory = inMemory()
    memory.workspace.head = older.sha
    memory.prober.reply('self-test', { kind: 'no', why: 'the database has schema 40', text: '' })
    expect(await execute(await opened(memory, plan))).toMatchObject({
      pause: { instances: ['web-1'], failure: { code: 'self-test-failed' } },
    })
    expect(restarts(memory)).not.toContain('enter web-1')
    expect(restarts(memory)).not.toContain('stop web-2')
  })

  test('an instance that comes back as another release is a failure that asks', async () => {
    const memory = inMemory()
    memory.workspace.head = older.sha
    memory.installed.set('web-1', 'v0.9.0')
    expect(await execute(await opened(memory, plan))).toMatchObject({
      kind: 'waiting',
      pause: { failure: { code: 'version-wrong', what: expect.stringContaining('it says v0.9.0') } },
    })
  })
})

describe('the record of a restart', () => {
  const history = aHistory(aPast(older, { record: 1 }), aPast(older, { record: 2 }))

  test('says how it ended and steps back: the deployment that brought the release stays the active one CC-32', async () => {
    const memory = inMemory()
    memory.workspace.head = older.sha
    for (const deployment of [1, 2]) await memory.records.open(plan, deployment, '', { mayExist: false })
    await conclude(await opened(memory, plan, { history }), aRun(1))
    expect(memory.records.states(3)).toEqual([
      `in_progress: in progress: restart ${older.tag}`,
      'success: succeeded',
      `inactive: ${older.tag} serves as before`,
    ])
    expect(memory.records.states(2)).toEqual([])
  })

  test('the next deployment makes the one inactive that brought the release GH-03', async () => {
    const memory = inMemory()
    const restart = aPast(older, { mode: 'restart', from: older, record: 3 })
    for (const deployment of [1, 2, 3]) await memory.records.open(plan, deployment, '', { mayExist: false })
    const wanted = aPlan({
      policy: aPolicy({ approval: { kind: 'none' } }),
      recipe: aRecipe({ steps: noSteps, services: [aService('web', 2)] }),
    })
    await conclude(
      await opened(memory, wanted, { history: aHistory(...history.toReversed(), restart) }),
      aRun(1),
    )
    expect(memory.records.states(2)).toEqual(['inactive: superseded by v1.1.0'])
    expect(memory.records.states(3)).toEqual([])
  })

  test('one that stayed active is put right by the watch', async () => {
    const memory = inMemory()
    const record = await memory.records.open(plan, 7, '', { mayExist: false })
    await memory.records.say(record, { state: 'success', description: 'succeeded', run: '', url: null })
    const past = aPast(older, { number: 7, mode: 'restart', from: older, record })
    const { ledger } = await keep(memory, plan, [], { history: [past] })
    const corrected = await correctRecords(memory.ports, { ...ledger, deployment: null }, null, bob)
    expect(corrected).toHaveLength(1)
    expect(memory.records.states(record).at(-1)).toBe(`inactive: ${older.tag} serves as before`)
  })
})
