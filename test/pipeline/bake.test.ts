import { describe, expect, test } from 'vitest'
import type { Comparison, Service } from '../../src/domain/config/service.ts'
import type { FinalDecision } from '../../src/domain/question/decision.ts'
import { failureOf } from '../../src/domain/question/pause.ts'
import { decide } from '../../src/pipeline/act/decide.ts'
import { goOn } from '../../src/pipeline/lock/take-lock.ts'
import { conclude } from '../../src/pipeline/run/drive.ts'
import { execute, type RunEnding } from '../../src/pipeline/run/execute.ts'
import { aCommand, aPolicy, aService, aTestBed, count, newer } from '../domain/a-plan.ts'
import { bob, type InMemory, inMemory, keptLedger, leanPlan, opened, reading } from './in-memory.ts'

const minute = 60_000
const web = (
  change: Partial<NonNullable<Service['testBed']>> = {},
  rollout: Partial<Service['rollout']> = {},
) => leanPlan({ services: [aService('web', 3, rollout, { testBed: aTestBed(1, change) })] })

const installs = (memory: InMemory) => memory.effects().filter((effect) => effect.startsWith('install'))
const reasonOf = (ending: RunEnding) =>
  ending.kind === 'waiting' ? failureOf(ending.pause)?.what : ending.kind

/** Resumes as a later run. */
async function again(memory: InMemory): Promise<RunEnding> {
  const kept = await memory.ledgers.read('shop', 'production')
  const { deployment } = kept.ledger
  if (deployment === null) throw new Error('nothing is under way')
  const session = await goOn(memory.ports, kept, deployment, bob)
  const { ending } = await conclude(
    { ports: memory.ports, plan: deployment.plan, session, stop: memory.stop },
    bob.run,
  )
  return ending
}

async function answered(memory: InMemory, pause: string, decision: FinalDecision): Promise<RunEnding> {
  const kept = await memory.ledgers.read('shop', 'production')
  const answer = {
    environment: 'production',
    pause,
    decision,
    instances: [],
    reason: '',
    by: 'bob',
    override: '',
  }
  return (
    await decide(
      memory.ports,
      { ...kept, policy: aPolicy({ approval: { kind: 'none' } }) },
      answer,
      bob,
      memory.stop,
      reading,
    )
  ).ending
}

/** Figures by instance, as each says them of itself. */
const figures = (memory: InMemory, said: Readonly<Record<string, object | string>>) =>
  memory.prober.replyBy('figures', ({ ROLLGATE_INSTANCE: name = '' }) => {
    const text = said[name] ?? {}
    return { kind: 'yes', text: typeof text === 'string' ? text : JSON.stringify(text) }
  })

const compared = (change: Partial<Comparison> = {}): { compare: Comparison; bakeTime: number } => ({
  compare: {
    figures: { kind: 'run', command: aCommand('figures') },
    tolerance: 0.1,
    command: null,
    ...change,
  },
  bakeTime: 30_000,
})

describe('a test bed', () => {
  test('alone it changes, and a bake of half a minute is waited for; the others follow, and it is not changed again WX-30 WX-32', async () => {
    const memory = inMemory()
    const ending = await execute(await opened(memory, web({ bakeTime: 30_000 })))
    expect(ending).toMatchObject({ kind: 'ended', outcome: { kind: 'succeeded' } })
    expect(installs(memory)).toEqual(['install web-1', 'install web-2', 'install web-3'])
    const installed = memory.timeline().filter((line) => line.includes('install'))
    const [first = 0, second = 0] = installed.map((line) => Number(line.split(' ')[0]))
    expect(second - first).toBeGreaterThanOrEqual(30)
  })

  test('a longer bake ends the run, which holds nothing meanwhile WX-30', async () => {
    const memory = inMemory()
    const ending = await execute(await opened(memory, web()))
    expect(ending).toMatchObject({
      kind: 'waiting',
      pause: {
        id: '7.1',
        kind: 'wait',
        options: ['force-next', 'roll-back', 'abandon'],
        until: expect.any(String),
      },
    })
    expect(installs(memory)).toEqual(['install web-1'])
    expect((await keptLedger(memory)).deployment?.holder).toBeNull()
  })

  test('a run that comes too early leaves it as it is; one that comes after its time goes on', async () => {
    const memory = inMemory()
    await execute(await opened(memory, web()))
    await memory.clock.advance(8 * minute)
    expect(await again(memory)).toMatchObject({ kind: 'waiting', pause: { id: '7.1', kind: 'wait' } })
    expect(installs(memory)).toHaveLength(1)
    await memory.clock.advance(3 * minute)
    expect(await again(memory)).toMatchObject({ kind: 'ended', outcome: { kind: 'succeeded' } })
    expect(installs(memory)).toEqual(['install web-1', 'install web-2', 'install web-3'])
  })

  test.each<[FinalDecision, string, string[]]>([
    ['force-next', 'succeeded', ['install web-1', 'install web-2', 'install web-3']],
    ['roll-back', 'rolled-back', ['install web-1', 'install web-1']],
    ['abandon', 'abandoned', ['install web-1']],
  ])('answered %s while it bakes, it has %s WX-32', async (decision, outcome, changed) => {
    const memory = inMemory()
    await execute(await opened(memory, web()))
    expect(await answered(memory, '7.1', decision)).toMatchObject({
      kind: 'ended',
      outcome: { kind: outcome },
    })
    expect(installs(memory)).toEqual(changed)
  })

  test('one that does not serve any more when its time is over is worse, and is not put right', async () => {
    const memory = inMemory()
    await execute(await opened(memory, web()))
    memory.prober.replyBy('is-alive', ({ ROLLGATE_INSTANCE: name }) =>
      name === 'web-1' ? { kind: 'absent', why: 'refused' } : { kind: 'yes', text: '' },
    )
    await memory.clock.advance(11 * minute)
    const ending = await again(memory)
    expect(ending).toMatchObject({
      pause: { id: '7.2', kind: 'verdict', options: ['retry', 'force-next', 'roll-back', 'abandon'] },
    })
    expect(reasonOf(ending)).toBe('web-1 is not healthy any more.')
    expect(installs(memory)).toEqual(['install web-1'])
  })

  test('one on which somebody put another release is worse', async () => {
    const memory = inMemory()
    await execute(await opened(memory, web()))
    memory.installed.set('web-1', 'v0.9.0')
    await memory.clock.advance(11 * minute)
    expect(reasonOf(await again(memory))).toBe(`web-1 serves v0.9.0, not ${newer.tag}.`)
  })

  test('that fails is asked about, whatever may fail among the others', async () => {
    const memory = inMemory()
    memory.prober.replyBy('self-test', ({ ROLLGATE_INSTANCE: name }) =>
      name === 'web-1' ? { kind: 'no', why: 'answered 503', text: '' } : { kind: 'yes', text: '' },
    )
    const ending = await execute(await opened(memory, web({}, { maxFailures: 2, minAvailable: count(1) })))
    expect(ending).toMatchObject({
      kind: 'waiting',
      pause: { kind: 'failed-instances', instances: ['web-1'] },
    })
    // Left out by a person there is nothing to watch.
    expect(await answered(memory, '7.1', 'exclude')).toMatchObject({
      outcome: { kind: 'succeeded', excluded: ['web/web-1'] },
    })
    expect(installs(memory)).toEqual(['install web-1', 'install web-2', 'install web-3'])
  })
})

describe('a comparison', () => {
  const slow = { 'web-1': { p95: 130 }, 'web-2': { p95: 100 }, 'web-3': { p95: 110 } }

  test('figures that are no worse than the others allow go on unasked WX-31', async () => {
    const memory = inMemory()
    figures(memory, { ...slow, 'web-1': { p95: 115, errors: 3 } })
    expect(await execute(await opened(memory, web(compared())))).toMatchObject({
      outcome: { kind: 'succeeded' },
    })
    const asked = memory.effects().filter((effect) => effect.startsWith('figures'))
    expect(asked).toEqual(['figures? web-1', 'figures? web-2', 'figures? web-3'])
  })

  test('worse ones ask a person, with the figures; compared again they may be better WX-31', async () => {
    const memory = inMemory()
    figures(memory, slow)
    const ending = await execute(await opened(memory, web(compared())))
    expect(ending).toMatchObject({ kind: 'waiting', pause: { failure: { code: 'test-bed-worse' } } })
    expect(reasonOf(ending)).toBe('The test bed is worse: p95 is 130, the others have 105.')
    expect(reasonOf(await answered(memory, '7.1', 'retry'))).toBe(
      'The test bed is worse: p95 is 130, the others have 105.',
    )
    figures(memory, { ...slow, 'web-1': { p95: 100 } })
    expect(await answered(memory, '7.2', 'retry')).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(installs(memory)).toEqual(['install web-1', 'install web-2', 'install web-3'])
  })

  test('worse ones take it back unasked where the config says so, and only the test bed', async () => {
    const memory = inMemory()
    figures(memory, slow)
    const ending = await execute(await opened(memory, web(compared(), { onFailure: 'roll-back' })))
    expect(ending).toMatchObject({ outcome: { kind: 'rolled-back', failure: { code: 'test-bed-worse' } } })
    expect(installs(memory)).toEqual(['install web-1', 'install web-1'])
  })

  test.each([
    [
      'cannot be read',
      { 'web-1': 'not JSON', 'web-2': { p95: 1 }, 'web-3': { p95: 1 } },
      'No figures could be had of web-1.',
    ],
    [
      'have nothing in common',
      { 'web-1': { a: 1 }, 'web-2': { b: 1 }, 'web-3': { b: 1 } },
      'No figure is known of the test bed and of the others.',
    ],
  ])(
    'figures that %s are inconclusive, and a person is asked whatever the config says of failures',
    async (_title, said, words) => {
      const memory = inMemory()
      figures(memory, said)
      const ending = await execute(await opened(memory, web(compared(), { onFailure: 'roll-back' })))
      expect(ending).toMatchObject({ pause: { failure: { code: 'test-bed-inconclusive' } } })
      expect(reasonOf(ending)).toBe(words)
    },
  )

  test('with none of the others up there is nothing to compare with', async () => {
    const memory = inMemory()
    figures(memory, slow)
    memory.prober.replyBy('is-alive', ({ ROLLGATE_INSTANCE: name }) =>
      name === 'web-1' ? { kind: 'yes', text: '' } : { kind: 'absent', why: 'refused' },
    )
    const ending = await execute(
      await opened(memory, web(compared(), { minAvailable: { kind: 'number', value: 0 } })),
    )
    expect(reasonOf(ending)).toBe('None of the others is up, so there is nothing to compare with.')
  })

  test.each([
    [0, 'succeeded'],
    [1, 'The comparison found the test bed worse: p95 is too high'],
    [2, 'the comparison exited with 2.'],
  ])('a command of your own decides: %i WX-31', async (code, came) => {
    const memory = inMemory()
    figures(memory, slow)
    let seen: Record<string, string | undefined> = {}
    memory.shell.play('compare', ({ variables }) => {
      seen = variables
      return { lines: ['p95 is too high'], ends: { kind: 'exited', code } }
    })
    const ending = await execute(await opened(memory, web(compared({ command: aCommand('compare') }))))
    expect(ending.kind === 'ended' ? ending.outcome.kind : reasonOf(ending)).toBe(came)
    expect(seen).toMatchObject({
      ROLLGATE_TEST_BED: 'web-1',
      ROLLGATE_CONTROL: 'web-2 web-3',
      ROLLGATE_FIGURES: JSON.stringify(slow),
      ROLLGATE_RELEASE: newer.tag,
    })
  })
})
