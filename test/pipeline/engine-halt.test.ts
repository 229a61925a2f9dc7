import { describe, expect, test } from 'vitest'
import type { FinalDecision } from '../../src/domain/question/decision.ts'
import type { Context } from '../../src/pipeline/run/context.ts'
import { execute, type RunEnding } from '../../src/pipeline/run/execute.ts'
import { aDigest, anEngineService } from '../domain/a-plan.ts'
import { anAsk } from '../domain/an-ask.ts'
import { enginePlan, goOnFrom, imagesOf, onEngines, servingImages } from './an-engine.ts'
import { durableLedger, type InMemory, opened } from './in-memory.ts'

const slow = { ...anEngineService('api'), deadline: 120_000 }

/** A rollout of a minute, in whose midst a person halts the deployment. */
async function halted(change: (memory: InMemory) => void = () => {}) {
  const memory = onEngines()
  const engine = memory.engines.at('api')
  engine.ways.push({ part: aDigest('2'), way: { kind: 'ends', seconds: 60 } })
  engine.taken = () => void memory.asks.add('shop', 'production', anAsk({ deployment: 7 }))
  change(memory)
  const { serving } = servingImages({ api: imagesOf('api', '1') })
  const context = await opened(memory, enginePlan({ services: [slow] }), { serving })
  return { memory, engine, context, asked: await execute(context) }
}

async function decide(context: Context, asked: RunEnding, decision: FinalDecision): Promise<RunEnding> {
  if (asked.kind !== 'waiting') throw new Error(`nothing is asked: ${JSON.stringify(asked)}`)
  const { id } = asked.pause
  context.session.note({ kind: 'decided', pause: id, decision, instances: [], by: 'bob', reason: '' })
  return execute(context)
}

const phaseOf = async ({ engines, stop }: InMemory) => {
  const seen = await engines.at('api').control.state({}, stop.asked)
  return seen.kind === 'found' ? seen.value.phase : seen.kind
}

describe('a halt while an engine rolls', () => {
  test('has the engine stop where it is, and the question tells of its replicas', async () => {
    const { memory, engine, asked } = await halted()
    expect(asked).toMatchObject({
      kind: 'waiting',
      pause: { kind: 'halt', step: 'hand-over/api', failure: { code: 'halted' } },
    })
    expect(JSON.stringify(asked)).toContain(
      'The engine: held by Rollgate. 0 of 3 replicas run the newest images',
    )
    expect(engine.deeds).toEqual(['hand-over api:2', 'stop'])
    expect(memory.seconds()).toBeLessThan(20)
    expect(await phaseOf(memory)).toBe('held')
  })

  test('is heard within seconds where the clock of the runner was set back by an hour', async () => {
    const { memory, asked } = await halted((there) => {
      const engine = there.engines.at('api')
      const { taken } = engine
      engine.taken = () => {
        taken()
        void there.clock.sleep(2_000).then(() => there.clock.jump(-3_600_000))
      }
    })
    expect(asked).toMatchObject({ kind: 'waiting', pause: { kind: 'halt' } })
    expect(memory.seconds()).toBeLessThan(-3_500)
  })

  test('goes on where it was once it is answered, however long that took, and is not begun anew', async () => {
    const { memory, engine, context, asked } = await halted()
    await memory.clock.sleep(3 * 24 * 3_600_000)
    expect(await decide(context, asked, 'retry')).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(engine.deeds).toEqual(['hand-over api:2', 'stop'])
    expect(await phaseOf(memory)).toBe('settled')
  })

  test('is taken back from there by roll-back, and stays held when it is abandoned', async () => {
    const back = await halted()
    expect(await decide(back.context, back.asked, 'roll-back')).toMatchObject({
      outcome: { kind: 'rolled-back' },
    })
    expect(back.engine.deeds).toEqual(['hand-over api:2', 'stop', 'hand-over api:1'])
    const left = await halted()
    expect(await decide(left.context, left.asked, 'abandon')).toMatchObject({
      outcome: { kind: 'abandoned' },
    })
    expect(await phaseOf(left.memory)).toBe('held')
  })

  test('lets an engine that cannot stop roll to its end, says so, and asks then', async () => {
    const { memory, engine, asked } = await halted((there) => {
      there.engines.at('api').stops = false
    })
    expect(JSON.stringify(memory.voice.said).match(/api rolls on/g)).toHaveLength(1)
    expect(asked).toMatchObject({ kind: 'waiting', pause: { kind: 'halt' } })
    expect(engine.deeds).toEqual(['hand-over api:2'])
    expect(await phaseOf(memory)).toBe('settled')
  })

  test('tells that the engine is unknown where it took the order to stop and does not answer afterwards', async () => {
    const { engine, context, memory, asked } = await halted(({ engines }) => {
      const { control } = engines.at('api')
      const { stop } = control
      Object.assign(control, {
        stop: async (...said: Parameters<typeof stop>) => {
          const failure = await stop(...said)
          engines.at('api').silent = true
          return failure
        },
      })
    })
    expect(asked).toMatchObject({
      kind: 'waiting',
      pause: {
        failure: {
          code: 'halted',
          tail: [
            'The state of api could not be read from its engine for a minute: The engine did not answer.',
            'The engine before: rolling. 0 of 3 replicas run the newest images; 3 others are left.',
          ],
        },
      },
    })
    engine.silent = false
    expect(await phaseOf(memory)).toBe('held')
    const step = await decide(context, asked, 'retry')
    expect(step).toMatchObject({ pause: { kind: 'failed-step', failure: { code: 'engine-unknown' } } })
    expect(await decide(context, step, 'retry')).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(engine.deeds).toEqual(['hand-over api:2', 'stop'])
  })

  test.each(['before', 'after'] as const)(
    'loses neither the halt nor the rollout with a run that is killed %s the engine stopped',
    async (when) => {
      const memory = onEngines()
      const { control } = memory.engines.at('api')
      memory.engines.at('api').ways.push({ part: aDigest('2'), way: { kind: 'ends', seconds: 60 } })
      memory.engines.at('api').taken = () =>
        void memory.asks.add('shop', 'production', anAsk({ deployment: 7 }))
      const context = await opened(memory, enginePlan({ services: [slow] }))
      const left = await new Promise<ReturnType<typeof durableLedger>>((resolve) => {
        const stop: typeof control.stop = async (...asked) => {
          if (when === 'after') await control.stop(...asked)
          resolve(durableLedger(memory))
          return new Promise(() => {})
        }
        void execute({ ...context, ports: { ...context.ports, engine: () => ({ ...control, stop }) } })
      })
      expect(await goOnFrom(memory, left)).toMatchObject({ kind: 'waiting', pause: { kind: 'halt' } })
    },
  )
})
