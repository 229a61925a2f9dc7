import { describe, expect, test } from 'vitest'
import type { FinalDecision } from '../../src/domain/question/decision.ts'
import { questionOf } from '../../src/domain/question/open-question.ts'
import type { Context } from '../../src/pipeline/run/context.ts'
import { execute, type RunEnding } from '../../src/pipeline/run/execute.ts'
import { aRun } from '../domain/a-journal.ts'
import { aDigest, aLedgerServing, older } from '../domain/a-plan.ts'
import { crashing } from '../fakes/memory-engine.ts'
import { built, enginePlan, imagesOf, onEngines, servingImages } from './an-engine.ts'
import { type InMemory, keptLedger, opened } from './in-memory.ts'

const days = 3 * 24 * 3_600_000

/** A deployment that waits, because its release ends again and again. */
async function waiting(
  plan = enginePlan(),
): Promise<{ memory: InMemory; context: Context; asked: RunEnding }> {
  const memory = onEngines()
  memory.engines.at('api').ways.push({ part: aDigest('2'), way: { kind: 'trouble', trouble: crashing } })
  const { serving } = servingImages({ api: imagesOf('api', '1') })
  const context = await opened(memory, plan, plan.from === null ? {} : { serving })
  return { memory, context, asked: await execute(context) }
}

async function decide(context: Context, asked: RunEnding, decision: FinalDecision): Promise<RunEnding> {
  if (asked.kind !== 'waiting') throw new Error(`nothing is asked: ${JSON.stringify(asked)}`)
  const { id } = asked.pause
  context.session.note({ kind: 'decided', pause: id, decision, instances: [], by: 'bob', reason: '' })
  return execute(context)
}

const codeOf = (ending: RunEnding): string =>
  ending.kind === 'waiting' && 'failure' in ending.pause
    ? (ending.pause.failure?.code ?? '')
    : JSON.stringify(ending)

/** A command that has given its order, and is ended by its time limit before it can say so. */
async function outOfTime(): Promise<{ memory: InMemory; context: Context; asked: RunEnding }> {
  const memory = onEngines()
  const { control } = memory.engines.at('api')
  const context = await opened(memory, enginePlan(), {
    serving: servingImages({ api: imagesOf('api', '1') }).serving,
  })
  const engine = context.ports.engine
  let first = true
  context.ports.engine = (service) => ({
    ...engine(service),
    async handOver(...order) {
      const handed = await control.handOver(...order)
      if (!first) return handed
      first = false
      return {
        code: 'engine-refused',
        what: 'The command `hand-over` of api ran for longer than 10 min.',
        tail: [],
      }
    },
  })
  return { memory, context, asked: await execute(context) }
}

describe('a hand-over that ran out of its time', () => {
  test('is told with what the engine does, and asked about F41', async () => {
    const { asked } = await outOfTime()
    expect(asked).toMatchObject({
      kind: 'waiting',
      pause: {
        failure: {
          what: expect.stringMatching(/ran for longer than 10 min\. The engine has taken the order/),
        },
      },
    })
  })

  test.each([
    ['retry', 'succeeded', ['hand-over api:2']],
    ['roll-back', 'rolled-back', ['hand-over api:2', 'hand-over api:1']],
  ] as const)(
    '%s ends as %s, and no rollout of it is taken for that of another author F41',
    async (decision, kind, deeds) => {
      const { memory, context, asked } = await outOfTime()
      expect(await decide(context, asked, decision)).toMatchObject({ kind: 'ended', outcome: { kind } })
      expect(memory.engines.at('api').deeds).toEqual(deeds)
    },
  )

  test('retry hands over where the engine never took the order F01', async () => {
    const { memory, context, asked } = await (async () => {
      const memory = onEngines()
      const context = await opened(memory, enginePlan())
      const engine = context.ports.engine
      let first = true
      context.ports.engine = (service) => ({
        ...engine(service),
        async handOver(...order) {
          if (!first) return engine(service).handOver(...order)
          first = false
          return { code: 'engine-refused', what: 'It ran for longer than 10 min.', tail: [] }
        },
      })
      return { memory, context, asked: await execute(context) }
    })()
    expect(JSON.stringify(asked)).not.toContain('has taken the order')
    expect(await decide(context, asked, 'retry')).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(memory.engines.at('api').deeds).toEqual(['hand-over api:2'])
  })
})

describe('a decision about a service on an engine', () => {
  test('retry watches the rollout that the engine wants still, once its cause is mended', async () => {
    const { memory, context, asked } = await waiting()
    const engine = memory.engines.at('api')
    engine.ways.push({ part: aDigest('2'), way: { kind: 'ends', seconds: 3 } })
    engine.mend()
    expect(await decide(context, asked, 'retry')).toMatchObject({
      kind: 'ended',
      outcome: { kind: 'succeeded' },
    })
    expect(engine.deeds).toEqual(['hand-over api:2'])
  })

  test('roll-back hands the digests from before over', async () => {
    const { memory, context, asked } = await waiting()
    const ending = await decide(context, asked, 'roll-back')
    expect(ending).toMatchObject({ kind: 'ended', outcome: { kind: 'rolled-back' } })
    expect(memory.engines.at('api').deeds).toEqual(['hand-over api:2', 'hand-over api:1'])
    expect(await memory.engines.at('api').control.state({}, memory.stop.asked)).toMatchObject({
      value: { wanted: imagesOf('api', '1') },
    })
  })

  test('roll-back after a retry whose run was lost at once hands the digests from before over F41', async () => {
    const { memory, context, asked } = await waiting()
    const { session, ports } = context
    const first = asked.kind === 'waiting' ? asked.pause.id : ''
    session.note({ kind: 'decided', pause: first, decision: 'retry', instances: [], by: 'bob', reason: '' })
    session.note({ kind: 'interrupted', cause: 'lost' })
    const resumed = { kind: 'resumed', run: aRun(3), by: ['bob'] } as const
    const pause = questionOf(session.deployment, { at: ports.clock.now().toISOString(), ...resumed })
    session.note(resumed)
    session.note({ kind: 'paused', pause })
    const ending = await decide(context, { kind: 'waiting', pause }, 'roll-back')
    expect(ending).toMatchObject({ outcome: { kind: 'rolled-back' } })
    expect(memory.engines.at('api').deeds).toEqual(['hand-over api:2', 'hand-over api:1'])
  })

  test('force-next on the way back names the service that was not seen to be back F06', async () => {
    const { memory, context, asked } = await waiting()
    memory.engines.at('api').ways.push({ part: aDigest('1'), way: { kind: 'trouble', trouble: crashing } })
    const stuck = await decide(context, asked, 'roll-back')
    expect(stuck).toMatchObject({ kind: 'waiting', pause: { kind: 'failed-step', step: 'hand-over/api' } })
    expect(await decide(context, stuck, 'force-next')).toMatchObject({
      kind: 'ended',
      outcome: { kind: 'rolled-back', forced: ['api'] },
    })
  })

  test('force-next counts the service as done and names it, and its images are not remembered as seen F06', async () => {
    const { memory, context, asked } = await waiting()
    const ending = await decide(context, asked, 'force-next')
    expect(ending).toMatchObject({ kind: 'ended', outcome: { kind: 'succeeded', forced: ['api'] } })
    expect((await keptLedger(memory)).serving?.images).toEqual({ api: imagesOf('api', '1') })
  })

  test('abandon leaves the engine as it is', async () => {
    const { memory, context, asked } = await waiting()
    expect(await decide(context, asked, 'abandon')).toMatchObject({ outcome: { kind: 'abandoned' } })
    expect(memory.engines.at('api').deeds).toEqual(['hand-over api:2'])
  })

  test.each(['retry', 'roll-back'] as const)(
    '%s after days reads the engine first, and asks about a rollout of another author',
    async (decision) => {
      const { memory, context, asked } = await waiting()
      const engine = memory.engines.at('api')
      await memory.clock.sleep(days)
      engine.rollBy('mallory', imagesOf('api', '9'))
      const again = await decide(context, asked, decision)
      expect(codeOf(again)).toBe('engine-superseded')
      expect(JSON.stringify(again)).toContain('by mallory')
      expect(engine.deeds).toEqual(['hand-over api:2'])
      engine.ways.push({ part: aDigest('2'), way: { kind: 'ends', seconds: 3 } })
      expect(await decide(context, again, 'retry')).toMatchObject({ kind: 'ended' })
      expect(engine.deeds).toEqual(['hand-over api:2', `hand-over api:${decision === 'retry' ? 2 : 1}`])
    },
  )

  test('roll-back has no way where nothing served before', async () => {
    const first = enginePlan({ ledger: aLedgerServing(null) })
    const { asked } = await waiting(first)
    expect(asked.kind === 'waiting' && asked.pause.options).toEqual(['retry', 'force-next', 'abandon'])
  })

  test('roll-back takes the digests that were read before, where the ledger has none', async () => {
    const { memory, context, asked } = await waiting(enginePlan({ ledger: servingImages({}) }))
    await decide(context, asked, 'roll-back')
    expect(memory.engines.at('api').deeds).toEqual(['hand-over api:2', 'hand-over api:1'])
  })
})

describe('a mode other than a deployment', () => {
  const serves = { ...older, outputs: { DIGEST: aDigest('1') } }
  const ledger = servingImages({ api: imagesOf('api', '1') })

  /** The checkout is that of the older release. */
  function there(): InMemory {
    const memory = onEngines()
    memory.workspace.head = serves.sha
    return memory
  }

  test('restart replaces every replica once, and keeps the images', async () => {
    const memory = there()
    const plan = enginePlan({ wanted: 'restart', release: serves, ledger })
    expect(plan.steps.map(({ id }) => id)).toContain('hand-over/api')
    expect(await execute(await opened(memory, plan))).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(memory.engines.at('api').deeds).toEqual(['restart'])
  })

  test('a redeployment brings an engine back to the release that serves, and leaves one alone that is right', async () => {
    const plan = enginePlan({ release: serves, ledger, redeploy: true })
    expect(plan.mode).toBe('redeploy')
    const right = there()
    await execute(await opened(right, plan))
    expect(right.engines.at('api').deeds).toEqual([])
    const drifted = there()
    drifted.engines.at('api').rollBy('mallory', imagesOf('api', '9'))
    await drifted.clock.sleep(days)
    await execute(await opened(drifted, plan))
    expect(drifted.engines.at('api').deeds).toEqual(['hand-over api:1'])
  })

  test('a rollback hands the digests of the older release over', async () => {
    const memory = there()
    memory.engines.at('api').rollBy('rollgate', imagesOf('api', '2'))
    await memory.clock.sleep(days)
    const plan = enginePlan({ wanted: 'rollback', release: serves, ledger: aLedgerServing(built) })
    expect(await execute(await opened(memory, plan))).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(memory.engines.at('api').deeds).toEqual(['hand-over api:1'])
  })
})
