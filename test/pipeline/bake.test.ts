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
import { watched } from './later-run.ts'

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
    readings: 5,
    watchedOnly: 'none',
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

  test('the watch ends the bake of one that is not well already, and of no other', async () => {
    const memory = inMemory()
    await execute(await opened(memory, web()))
    expect((await watched(memory)).deeds).toEqual([])
    memory.prober.replyBy('is-alive', ({ ROLLGATE_INSTANCE: name }) =>
      name === 'web-1' ? { kind: 'no', why: 'answered 500', text: '' } : { kind: 'yes', text: '' },
    )
    const failure = { code: 'test-bed-worse', what: 'web-1 is not healthy any more.' }
    expect((await watched(memory)).deeds).toMatchObject([
      { duty: { kind: 'unwell' }, concluded: { ending: { pause: { kind: 'verdict', failure } } } },
    ])
  })

  test('one that once does not answer is looked at again, and is good', async () => {
    const memory = inMemory()
    await execute(await opened(memory, web()))
    // The resuming run has looked at all instances before.
    const lost = 2
    let asked = 0
    memory.prober.replyBy('is-alive', ({ ROLLGATE_INSTANCE: name }) => {
      if (name === 'web-1') asked += 1
      return name === 'web-1' && asked === lost
        ? { kind: 'timed-out', after: 1_000 }
        : { kind: 'yes', text: '' }
    })
    await memory.clock.advance(11 * minute)
    expect(await again(memory)).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(asked).toBeGreaterThan(lost)
  })

  test('one that does not say its release any more is worse: a lost answer is not the right one', async () => {
    const memory = inMemory()
    await execute(await opened(memory, web()))
    memory.installed.delete('web-1')
    memory.prober.replyBy('version', ({ ROLLGATE_INSTANCE: name }) =>
      name === 'web-1' ? { kind: 'unknown', why: 'no route' } : { kind: 'yes', text: 'v1.0.0' },
    )
    await memory.clock.advance(11 * minute)
    expect(reasonOf(await again(memory))).toBe('web-1 does not say which release it serves.')
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

/** The series of an interval as a source prints it: a reading a half minute, around the mean of its time. */
const series = (memory: InMemory, mean: (name: string, at: number) => number) => {
  const asked: [string, number, number][] = []
  memory.prober.replyBy(
    'figures',
    ({ ROLLGATE_INSTANCE: name = '', ROLLGATE_FROM = '', ROLLGATE_UNTIL = '' }) => {
      const [from, until] = [Date.parse(ROLLGATE_FROM), Date.parse(ROLLGATE_UNTIL)]
      asked.push([name, from, until])
      const lines: string[] = []
      for (let at = from; at <= until; at += 30_000)
        lines.push(
          JSON.stringify({ at: new Date(at).toISOString(), p95: mean(name, at) + ((at / 1000) % 7) }),
        )
      return { kind: 'yes', text: lines.join('\n') }
    },
  )
  return asked
}

const changedAt = async (memory: InMemory): Promise<number> => {
  const { deployment } = await keptLedger(memory)
  return Date.parse(deployment?.journal.find(({ kind }) => kind === 'instances-started')?.at ?? '')
}

describe('a comparison', () => {
  const slow = { 'web-1': { p95: 300 }, 'web-2': { p95: 100 }, 'web-3': { p95: 110 } }
  const alike = { 'web-1': { p95: 101, errors: 3 }, 'web-2': { p95: 100 }, 'web-3': { p95: 105 } }

  test('figures that are no worse than the others allow go on unasked, after readings throughout the bake WX-31', async () => {
    const memory = inMemory()
    figures(memory, alike)
    const context = await opened(memory, web(compared()))
    expect(await execute(context)).toMatchObject({ outcome: { kind: 'succeeded' } })
    const read = context.session.journal.filter(({ kind }) => kind === 'figures-read')
    expect(read).toHaveLength(20)
    expect(read[0]).toMatchObject({ figures: alike })
    expect(context.session.journal.find(({ kind }) => kind === 'bake-ended')).toMatchObject({
      verdict: {
        kind: 'better-or-equal',
        evidence: [
          { name: 'errors', found: 'not-compared' },
          { name: 'p95', found: 'no-worse' },
        ],
      },
    })
  })

  test('worse ones ask a person, with the figures; watched anew they may be better WX-31', async () => {
    const memory = inMemory()
    figures(memory, slow)
    const ending = await execute(await opened(memory, web(compared())))
    expect(ending).toMatchObject({ kind: 'waiting', pause: { failure: { code: 'test-bed-worse' } } })
    expect(reasonOf(ending)).toMatch(
      /^The test bed is worse: p95 is 300, the others have 105 \(2\.8\d+ times/,
    )
    expect(reasonOf(await answered(memory, '7.1', 'retry'))).toMatch(/^The test bed is worse/)
    figures(memory, alike)
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

  test.each<[string, Record<string, object | string>, RegExp]>([
    [
      'cannot be read',
      { 'web-1': 'not JSON', 'web-2': { p95: 1 }, 'web-3': { p95: 1 } },
      /^web-1 has fewer than 5 readings of figures\.$/,
    ],
    [
      'have nothing in common',
      { 'web-1': { a: 1 }, 'web-2': { b: 1 }, 'web-3': { b: 1 } },
      /^No figure is known of the test bed and of the others\.$/,
    ],
    [
      'tell neither',
      { 'web-1': { p95: 130 }, 'web-2': { p95: 100 }, 'web-3': { p95: 110 } },
      /^The readings do not tell if the test bed is worse in p95/,
    ],
  ])(
    'figures that %s are inconclusive, and a person is asked whatever the config says of failures',
    async (_title, said, words) => {
      const memory = inMemory()
      figures(memory, said)
      const ending = await execute(await opened(memory, web(compared(), { onFailure: 'roll-back' })))
      expect(ending).toMatchObject({ pause: { failure: { code: 'test-bed-inconclusive' } } })
      expect(reasonOf(ending)).toMatch(words)
    },
  )

  test('the series of a long bake is asked for at its end, and that of the time before the change WX-31', async () => {
    const memory = inMemory()
    // The instance was always slower: that is not the release.
    const asked = series(memory, (name) => (name === 'web-1' ? 150 : 100))
    const { compare } = compared()
    expect(await execute(await opened(memory, web({ compare })))).toMatchObject({ pause: { kind: 'wait' } })
    expect(asked).toEqual([])
    const changed = await changedAt(memory)
    await memory.clock.advance(11 * minute)
    expect(await again(memory)).toMatchObject({ outcome: { kind: 'succeeded' } })
    const before = asked.filter(([, , until]) => until === changed)
    expect(before.map(([name]) => name)).toEqual(['web-1', 'web-2', 'web-3'])
    expect((before[0]?.[1] ?? 0) - changed).toBeLessThan(-60 * minute)
  })

  test('readings of another time than asked for do not count', async () => {
    const memory = inMemory()
    const { compare } = compared()
    memory.prober.replyBy('figures', ({ ROLLGATE_INSTANCE: name }) => {
      const readings = Array.from({ length: 40 }, (_, at) => ({
        at: at * 60,
        p95: name === 'web-1' ? 900 : 100,
      }))
      return { kind: 'yes', text: JSON.stringify(readings) }
    })
    await execute(await opened(memory, web({ compare })))
    await memory.clock.advance(11 * minute)
    expect(reasonOf(await again(memory))).toMatch(/^web-1 has fewer than 5 readings/)
  })

  test('one reading after a long bake is no verdict, and the question says what would be one', async () => {
    const memory = inMemory()
    figures(memory, slow)
    await execute(await opened(memory, web({ compare: compared().compare })))
    await memory.clock.advance(11 * minute)
    expect(reasonOf(await again(memory))).toContain('ROLLGATE_FROM')
  })

  test('a run that is kept for the bake reads throughout, and not while the instance warms up', async () => {
    const memory = inMemory()
    figures(memory, alike)
    const { compare } = compared()
    const context = await opened(memory, web({ compare, on: 'run', warmUp: 2 * minute }))
    expect(await execute(context)).toMatchObject({ outcome: { kind: 'succeeded' } })
    const { journal } = context.session
    const [first, ...others] = journal.filter(({ kind }) => kind === 'figures-read')
    const started = journal.find(({ kind }) => kind === 'bake-started')
    expect(Date.parse(first?.at ?? '') - Date.parse(started?.at ?? '')).toBeGreaterThanOrEqual(2 * minute)
    expect(others.length).toBeGreaterThan(15)
  })

  test('inconclusive for lack of readings, the answer to look again keeps them and watches for longer', async () => {
    const memory = inMemory()
    let reading = 0
    memory.prober.replyBy('figures', () => {
      reading += 1
      return {
        kind: 'yes',
        text: JSON.stringify({ errors: { count: (reading * 7919) % 11 < 3 ? 1 : 0, of: 9 } }),
      }
    })
    const ending = await execute(await opened(memory, web(compared())))
    expect(reasonOf(ending)).toMatch(/about \d+ (?:minutes?|hours) more would tell\.$/)
    const { deployment } = await keptLedger(memory)
    const verdict = deployment?.journal.findLast(({ kind }) => kind === 'bake-ended')
    const longer = verdict?.kind === 'bake-ended' ? (verdict.verdict.longer ?? 0) : 0
    const waiting = await answered(memory, '7.1', 'retry')
    if (longer > minute) expect(waiting).toMatchObject({ pause: { kind: 'wait' } })
    else expect(waiting.kind).toBe('waiting')
  })

  test('a figure that is only watched decides nothing', async () => {
    const memory = inMemory()
    figures(memory, slow)
    const ending = await execute(await opened(memory, web(compared({ watchedOnly: ['p95'] }))))
    expect(ending).toMatchObject({ outcome: { kind: 'succeeded' } })
  })

  test('a good bake waits for a person where the config says so WX-30', async () => {
    const memory = inMemory()
    const plan = web({ bakeTime: 30_000, onSuccess: 'ask' }, { onFailure: 'roll-back' })
    expect(await execute(await opened(memory, plan))).toMatchObject({
      pause: { kind: 'verdict', failure: { code: 'test-bed-good' } },
    })
    expect(installs(memory)).toEqual(['install web-1'])
    expect(await answered(memory, '7.1', 'force-next')).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(installs(memory)).toEqual(['install web-1', 'install web-2', 'install web-3'])
  })

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
