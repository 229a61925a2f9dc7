import { describe, expect, test } from 'vitest'
import type { BakeRecipe } from '../../src/domain/config/recipe.ts'
import { verificationOf } from '../../src/domain/release/verification.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { aCommand, aService, newer } from '../domain/a-plan.ts'
import { anAsk } from '../domain/an-ask.ts'
import { type InMemory, inMemory, keptLedger, leanPlan, opened } from './in-memory.ts'
import { again, answered, watched } from './later-run.ts'

const minute = 60_000

const baking = (change: Partial<BakeRecipe> = {}) => {
  const figures = { kind: 'run', command: aCommand('figures') } as const
  const bake = {
    lasts: 10 * minute,
    on: 'clock',
    interval: 15_000,
    figures,
    atMost: { errors: 5 },
    onFailure: 'ask',
  } as const
  return leanPlan({ steps: { bake: { ...bake, ...change } }, services: [aService('web', 2)] })
}

/** Figures a minute of the stretch that is asked for, as a monitoring system keeps them. */
const series = (memory: InMemory, errors: (at: number) => number) =>
  memory.prober.replyBy('figures', ({ ROLLGATE_FROM: from = '', ROLLGATE_UNTIL: until = '' }) => {
    const end = Math.min(Date.parse(until), memory.clock.now().getTime())
    const lines: string[] = []
    for (let at = Date.parse(from); at <= end; at += minute)
      lines.push(JSON.stringify({ at: new Date(at).toISOString(), errors: errors(at - Date.parse(from)) }))
    return { kind: 'yes', text: lines.join('\n') }
  })

describe('a bake that the clock carries', () => {
  test('ends the run without a question, and the watch judges the series of the whole time', async () => {
    const memory = inMemory()
    series(memory, () => 2)
    const ending = await execute(await opened(memory, baking()))
    expect(ending).toMatchObject({
      kind: 'waiting',
      pause: { kind: 'bake', step: 'bake', options: ['force-next', 'roll-back', 'abandon'] },
    })
    expect((await keptLedger(memory)).serving?.release.tag).not.toBe(newer.tag)
    expect((await watched(memory)).deeds).toEqual([])
    await memory.clock.sleep(10 * minute)
    expect(await watched(memory)).toMatchObject({
      deeds: [
        {
          duty: { kind: 'lapse' },
          concluded: { ending: { kind: 'ended', outcome: { kind: 'succeeded', forced: [] } } },
        },
      ],
    })
    const { serving, history } = await keptLedger(memory)
    expect(serving?.release.tag).toBe(newer.tag)
    expect(verificationOf({ environment: 'production', history }, newer, null).kind).toBe('verified')
  })

  test.each([['one reading is above its limit', (at: number) => (at === 4 * minute ? 6 : 0), 'bake-failed']])(
    'asks if %s',
    async (_title, errors, code) => {
      const memory = inMemory()
      series(memory, errors)
      await execute(await opened(memory, baking()))
      await memory.clock.sleep(10 * minute)
      expect(await again(memory)).toMatchObject({
        kind: 'waiting',
        pause: { kind: 'failed-step', step: 'bake', failure: { code } },
      })
    },
  )

  test('goes back unasked if the config says so, but never without a verdict', async () => {
    const memory = inMemory()
    series(memory, () => 9)
    await execute(await opened(memory, baking({ onFailure: 'roll-back' })))
    await memory.clock.sleep(10 * minute)
    expect(await again(memory)).toMatchObject({
      outcome: { kind: 'rolled-back', failure: { code: 'bake-failed' } },
    })
    const blind = inMemory()
    blind.prober.reply('figures', { kind: 'yes', text: '{"errors": 0}' })
    await execute(await opened(blind, baking({ onFailure: 'roll-back' })))
    await blind.clock.sleep(10 * minute)
    expect(await again(blind)).toMatchObject({
      pause: { kind: 'failed-step', failure: { code: 'bake-inconclusive' } },
    })
  })

  test('asks if an instance is not well at its end, and watches the whole time again on retry', async () => {
    const memory = inMemory()
    series(memory, () => 0)
    await execute(await opened(memory, baking()))
    memory.prober.reply('is-alive', { kind: 'no', why: 'answered 500', text: '' })
    await memory.clock.sleep(10 * minute)
    expect(await again(memory)).toMatchObject({
      pause: { step: 'bake', failure: { what: expect.stringContaining('web-1 is not healthy') } },
    })
    memory.prober.reply('is-alive', { kind: 'yes', text: '' })
    const until = new Date(memory.clock.now().getTime() + 10 * minute).toISOString()
    expect(await answered(memory, 'retry')).toMatchObject({ pause: { kind: 'bake', until } })
  })

  test('ends early by the watch that finds an instance not well, and asks or goes back as the config says', async () => {
    const outcomes: unknown[] = []
    for (const onFailure of ['ask', 'roll-back'] as const) {
      const memory = inMemory()
      series(memory, () => 0)
      await execute(await opened(memory, baking({ onFailure })))
      await memory.clock.sleep(2 * minute)
      expect((await watched(memory)).deeds).toEqual([])
      memory.prober.replyBy('is-alive', ({ ROLLGATE_INSTANCE: name, ROLLGATE_RELEASE: release }) =>
        name === 'web-2' && release === newer.tag
          ? { kind: 'no', why: 'answered 500', text: '' }
          : { kind: 'yes', text: '' },
      )
      const { deeds } = await watched(memory)
      expect(deeds).toMatchObject([{ duty: { kind: 'unwell', ill: ['web-2 is not healthy any more'] } }])
      outcomes.push(deeds[0]?.concluded?.ending)
    }
    const failure = { code: 'bake-failed', what: 'web-2 is not healthy any more.' }
    expect(outcomes).toMatchObject([
      { kind: 'waiting', pause: { kind: 'failed-step', failure } },
      { kind: 'ended', outcome: { kind: 'rolled-back', failure } },
    ])
  })

  test('ends early by the watch that finds a figure above its limit, and not by a rate that may still fall', async () => {
    const memory = inMemory()
    series(memory, (at) => (at === 4 * minute ? 6 : 0))
    await execute(await opened(memory, baking()))
    await memory.clock.sleep(3 * minute)
    expect((await watched(memory)).deeds).toEqual([])
    await memory.clock.sleep(2 * minute)
    const what = 'errors 6, at most 5, in 6 readings'
    expect((await watched(memory)).deeds).toMatchObject([
      {
        duty: { kind: 'unwell', ill: [expect.stringContaining(what)] },
        concluded: { ending: { pause: { kind: 'failed-step', failure: { code: 'bake-failed' } } } },
      },
    ])

    const rates = inMemory()
    let count = 1
    rates.prober.replyBy('figures', ({ ROLLGATE_FROM: from = '' }) => ({
      kind: 'yes',
      text: JSON.stringify([{ at: from, errors: { count, of: 100 } }]),
    }))
    await execute(await opened(rates, baking({ atMost: { errors: 0.005 } })))
    await rates.clock.sleep(2 * minute)
    expect((await watched(rates)).deeds).toEqual([])
    count = 3
    expect((await watched(rates)).deeds).toMatchObject([{ duty: { kind: 'unwell' } }])
  })

  test('ends early by the watch that finds an incident, in one deed', async () => {
    const memory = inMemory()
    series(memory, () => 0)
    const quiet = baking()
    const halt = { labels: ['incident'], command: null, http: null, onHalt: 'ask' } as const
    await execute(await opened(memory, { ...quiet, environment: { ...quiet.environment, halt } }))
    await memory.clock.sleep(minute)
    memory.issues.incident('Orders are lost')
    expect((await watched(memory)).deeds).toMatchObject([
      { duty: { kind: 'halt' }, concluded: { ending: { pause: { kind: 'halt', step: 'bake' } } } },
    ])
  })

  test('is not ended by a halt of the environment that the deployment has overridden, but by one of its own', async () => {
    const memory = inMemory()
    series(memory, () => 0)
    const plan = { ...baking(), overriddenHalt: { by: 'alice', reason: 'the fix' } }
    memory.asks.add('shop', 'production', anAsk({ id: 'standing', deployment: null }))
    await execute(await opened(memory, plan))
    await memory.clock.sleep(minute)
    expect((await watched(memory)).deeds).toEqual([])
    memory.asks.add('shop', 'production', anAsk({ id: 'own', deployment: 7 }))
    expect((await watched(memory)).deeds).toMatchObject([
      {
        duty: { kind: 'halt', signals: [{ ask: 'own' }] },
        concluded: { ending: { pause: { kind: 'halt' } } },
      },
    ])
  })

  test.each([
    ['a command', { command: aCommand('bin/alarms-quiet'), http: null }],
    ['an address', { command: null, http: { kind: 'http', url: 'http://alarms/', timeout: 1_000 } as const }],
  ])('ends early by the watch to which %s of the policy tells of an alarm', async (_title, alarms) => {
    const memory = inMemory()
    await memory.repository.commit('main', {}, 'alarms')
    memory.prober.reply('http://alarms/', { kind: 'yes', text: '' })
    series(memory, () => 0)
    const quiet = baking()
    const halt = { labels: [], onHalt: 'ask', ...alarms } as const
    const plan = { ...quiet, environment: { ...quiet.environment, halt } }
    await execute(await opened(memory, plan))
    await memory.clock.sleep(minute)
    expect((await watched(memory)).deeds).toEqual([])
    memory.shell.play('bin/alarms-quiet', { lines: ['3 alarms'], ends: { kind: 'exited', code: 1 } })
    memory.prober.reply('http://alarms/', { kind: 'no', why: 'answered 503', text: '', status: 503 })
    const before = memory.clock.now()
    expect((await watched(memory)).deeds).toMatchObject([
      {
        duty: { kind: 'halt' },
        concluded: { ending: { pause: { kind: 'halt', signals: [{ kind: 'alarm' }] } } },
      },
    ])
    expect(memory.clock.now()).toEqual(before)
    // An alarm that cannot be read ends nothing before the time.
    const blind = inMemory()
    await blind.repository.commit('main', {}, 'alarms')
    blind.prober.reply('http://alarms/', { kind: 'yes', text: '' })
    series(blind, () => 0)
    await execute(await opened(blind, plan))
    blind.shell.play('bin/alarms-quiet', { ends: { kind: 'exited', code: 2 } })
    blind.prober.reply('http://alarms/', { kind: 'absent', why: 'connection refused' })
    expect((await watched(blind)).deeds).toEqual([])
  })

  test('is looked at in the job that has the commands: one without them asks for it, and ends nothing', async () => {
    const memory = inMemory()
    series(memory, () => 0)
    await execute(await opened(memory, baking()))
    memory.prober.reply('is-alive', { kind: 'no', why: 'answered 500', text: '' })
    expect(await watched(memory, { mayRun: false })).toMatchObject({
      deeds: [],
      due: { duty: { kind: 'look-after' }, release: { tag: newer.tag } },
    })
  })

  test('is not ended by one lost answer', async () => {
    const memory = inMemory()
    series(memory, () => 0)
    await execute(await opened(memory, baking()))
    let asked = 0
    memory.prober.replyBy('is-alive', () => {
      asked += 1
      return asked === 1 ? { kind: 'timed-out', after: 1_000 } : { kind: 'yes', text: '' }
    })
    expect((await watched(memory)).deeds).toEqual([])
    expect(asked).toBeGreaterThan(1)
  })

  test('asks if an instance does not say at its end which release it serves', async () => {
    const memory = inMemory()
    series(memory, () => 2)
    await execute(await opened(memory, baking()))
    await memory.clock.sleep(10 * minute)
    memory.prober.reply('version', { kind: 'no', why: 'answered 500', text: '' })
    const what = expect.stringContaining('web-1 does not say which release it serves')
    expect(await watched(memory)).toMatchObject({
      deeds: [
        { concluded: { ending: { kind: 'waiting', pause: { failure: { code: 'bake-failed', what } } } } },
      ],
    })
  })

  test('is left open by a run that is told to stop between its two looks at an instance', async () => {
    const memory = inMemory()
    series(memory, () => 2)
    await execute(await opened(memory, baking()))
    await memory.clock.sleep(10 * minute)
    memory.prober.replyBy('is-alive', () => {
      memory.askToStop()
      return { kind: 'no', why: 'answered 500', text: '' }
    })
    await watched(memory)
    const { deployment } = await keptLedger(memory)
    expect(deployment?.journal.at(-1)).toMatchObject({ kind: 'interrupted' })
    expect(deployment?.journal).not.toContainEqual(
      expect.objectContaining({ kind: 'step-succeeded', step: 'bake' }),
    )
  })

  test('takes a decision meanwhile: going back, or letting it serve without proof', async () => {
    const memory = inMemory()
    series(memory, () => 0)
    await execute(await opened(memory, baking()))
    expect(await answered(memory, 'roll-back')).toMatchObject({ outcome: { kind: 'rolled-back' } })
    expect([...memory.installed.values()]).toEqual(['v1.0.0', 'v1.0.0'])
    const hasty = inMemory()
    await execute(await opened(hasty, baking()))
    expect(await answered(hasty, 'force-next')).toMatchObject({
      outcome: { kind: 'succeeded', forced: ['bake'] },
    })
    const { history } = await keptLedger(hasty)
    expect(verificationOf({ environment: 'production', history }, newer, null).kind).toBe('unverified')
  })

  test('keeps its time when another run takes it up, whatever happened in between', async () => {
    const memory = inMemory()
    series(memory, () => 0)
    const ending = await execute(await opened(memory, baking()))
    await memory.clock.sleep(3 * minute)
    expect(await again(memory)).toEqual(ending)
  })
})

describe('a bake for which the run stays', () => {
  test('looks again and again, and needs no series', async () => {
    const memory = inMemory()
    memory.prober.reply('figures', { kind: 'yes', text: '{"errors": 1}' })
    const before = memory.seconds()
    expect(await execute(await opened(memory, baking({ on: 'run' })))).toMatchObject({
      outcome: { kind: 'succeeded' },
    })
    expect(memory.seconds() - before).toBeGreaterThanOrEqual(600)
    expect(memory.effects().filter((effect) => effect === 'figures?').length).toBeGreaterThan(30)
  })

  test('ends at once with the first reading above a limit, and with an instance that goes down', async () => {
    const memory = inMemory()
    memory.prober.reply(
      'figures',
      { kind: 'yes', text: '{"errors": 1}' },
      { kind: 'yes', text: '{"errors": 6}' },
    )
    expect(await execute(await opened(memory, baking({ on: 'run' })))).toMatchObject({
      pause: { failure: { code: 'bake-failed' } },
    })
    expect(memory.effects().filter((effect) => effect === 'figures?')).toHaveLength(2)
    const down = inMemory()
    down.prober.replyBy('figures', () => {
      down.prober.reply('is-alive', { kind: 'no', why: 'answered 500', text: '' })
      return { kind: 'yes', text: '{"errors": 1}' }
    })
    expect(await execute(await opened(down, baking({ on: 'run' })))).toMatchObject({
      pause: { failure: { code: 'bake-failed' } },
    })
  })

  test('begins anew if its runner was suspended: nothing was seen meanwhile F03', async () => {
    const memory = inMemory()
    memory.prober.reply('figures', { kind: 'yes', text: '{"errors": 1}' })
    void memory.clock.sleep(100_000).then(() => memory.clock.jump(9 * minute))
    expect(await execute(await opened(memory, baking({ on: 'run' })))).toMatchObject({
      outcome: { kind: 'succeeded' },
    })
    expect(memory.seconds()).toBeGreaterThanOrEqual(100 + 9 * 60 + 600)
    expect(memory.voice.texts('warning').join()).toContain('nothing was seen')
  })

  test('begins anew if its run was stopped: a stay counts only as a whole', async () => {
    const memory = inMemory()
    memory.prober.replyBy('figures', () => {
      if (memory.seconds() > 300) memory.askToStop()
      return { kind: 'yes', text: '{"errors": 1}' }
    })
    const context = await opened(memory, baking({ on: 'run' }))
    expect(await execute(context)).toMatchObject({ kind: 'interrupted' })
    expect(context.session.standing.steps.get('bake')?.state).toBe('running')
    const later = { ...memory, stop: inMemory().stop }
    expect(await again(later)).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(memory.seconds()).toBeGreaterThan(900)
  })

  test('leaves the stay to another run where the job would come near its end at GitHub', async () => {
    const memory = inMemory()
    memory.shell.play(
      'install',
      ({ variables: { ROLLGATE_INSTANCE: name = '', ROLLGATE_RELEASE: tag = '' } }) => {
        memory.installed.set(name, tag)
        return { takes: 50_000 }
      },
    )
    memory.prober.reply('figures', { kind: 'yes', text: '{"errors": 1}' })
    const context = await opened(memory, baking({ on: 'run', lasts: 5 * 60 * minute }))
    await memory.clock.sleep(50 * minute)
    expect(await execute(context)).toMatchObject({ kind: 'waiting', pause: { kind: 'bake' } })
    expect(await again(memory)).toMatchObject({ outcome: { kind: 'succeeded' } })
  })
})
