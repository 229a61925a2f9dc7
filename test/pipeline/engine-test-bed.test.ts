import { describe, expect, test } from 'vitest'
import type { FinalDecision } from '../../src/domain/question/decision.ts'
import type { Context } from '../../src/pipeline/run/context.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { aDigest, anEngineService } from '../domain/a-plan.ts'
import { anAsk } from '../domain/an-ask.ts'
import { crashing } from '../fakes/memory-engine.ts'
import { enginePlan, goOnFrom, onEngines, resumedFrom } from './an-engine.ts'
import { durableLedger, opened } from './in-memory.ts'

const services = [anEngineService('api', { testBed: { bakeTime: 30_000 } })]

/** A run that is lost while its test bed is watched, and the ledger that it left. */
async function lostInBake() {
  const memory = onEngines()
  const engine = memory.engines.at('api')
  const { testBed } = engine.control
  if (testBed === null) throw new Error('the engine in memory has a test bed')
  const open = testBed.open.bind(testBed)
  const lost: ReturnType<typeof durableLedger>[] = []
  testBed.open = async (...order) => {
    const done = await open(...order)
    if (lost.length === 0) {
      lost.push(durableLedger(memory))
      memory.forceToStop()
    }
    return done
  }
  await execute(await opened(memory, enginePlan({ services })))
  expect(engine.deeds).toEqual(['test-bed api:2'])
  return { memory, engine, ledger: lost[0] }
}

/** The run after a lost one cannot reach the engine, and asks. */
async function askedAfterALoss() {
  const { memory, engine, ledger } = await lostInBake()
  engine.silent = true
  const context = await resumedFrom(memory, ledger)
  expect(await execute(context)).toMatchObject({ pause: { failure: { code: 'engine-unknown' } } })
  return { memory, engine, context }
}

async function decided(context: Context, decision: FinalDecision) {
  const { standing } = context.session
  const pause = standing.pause?.id ?? ''
  context.session.note({ kind: 'decided', pause, decision, instances: [], by: 'bob', reason: '' })
  return execute(context)
}

describe('a test bed on an engine', () => {
  test('is one replica beside the others, watched for its time, and closed before they change', async () => {
    const memory = onEngines()
    const ending = await execute(await opened(memory, enginePlan({ services })))
    expect(ending).toMatchObject({ kind: 'ended', outcome: { kind: 'succeeded' } })
    expect(memory.engines.at('api').deeds).toEqual(['test-bed api:2', 'close test-bed', 'hand-over api:2'])
    expect(memory.seconds()).toBeGreaterThanOrEqual(30 + 13)
  })

  test('is closed for a halt that comes while it is watched, and tried anew once that is answered', async () => {
    const memory = onEngines()
    const { control, deeds } = memory.engines.at('api')
    const open = control.testBed?.open.bind(control.testBed)
    if (control.testBed === null || open === undefined) throw new Error('the engine in memory has a test bed')
    control.testBed.open = async (...order) => {
      if (deeds.length === 0) await memory.asks.add('shop', 'production', anAsk({ deployment: 7 }))
      return open(...order)
    }
    const long = [anEngineService('api', { testBed: { bakeTime: 120_000 }, deadline: 300_000 })]
    const context = await opened(memory, enginePlan({ services: long }))
    expect(await execute(context)).toMatchObject({ pause: { kind: 'halt', step: 'hand-over/api' } })
    expect(deeds).toEqual(['test-bed api:2', 'close test-bed'])
    expect(memory.seconds()).toBeLessThan(20)
    expect(await decided(context, 'retry')).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(deeds.slice(2)).toEqual(['test-bed api:2', 'close test-bed', 'hand-over api:2'])
  })

  test('is closed where it does not get ready and asked about, and the others do not change', async () => {
    const memory = onEngines()
    const engine = memory.engines.at('api')
    engine.ways.push({ part: aDigest('2'), way: { kind: 'trouble', trouble: crashing } })
    const ending = await execute(await opened(memory, enginePlan({ services })))
    expect(ending).toMatchObject({
      kind: 'waiting',
      pause: { failure: { code: 'engine-stuck', what: expect.stringContaining('the test bed of api') } },
    })
    expect(engine.deeds).toEqual(['test-bed api:2', 'close test-bed'])
  })

  test('is watched anew by the next run where its own was lost, and there is never a second one', async () => {
    const { memory, engine, ledger } = await lostInBake()
    expect(await goOnFrom(memory, ledger)).toMatchObject({ kind: 'ended', outcome: { kind: 'succeeded' } })
    expect(engine.deeds.slice(1)).toEqual(['test-bed api:2', 'close test-bed', 'hand-over api:2'])
  })

  test.each(['abandon', 'force-next'] as const)(
    'that a lost run left is closed where the person decides %s',
    async (decision) => {
      const { memory, engine, context } = await askedAfterALoss()
      engine.silent = false
      expect(await decided(context, decision)).toMatchObject({ kind: 'ended' })
      expect(engine.deeds).toEqual(['test-bed api:2', 'close test-bed'])
      expect(memory.voice.texts('warning')).toEqual([])
    },
  )

  test('that a lost run left and that cannot be closed is named, with what to do', async () => {
    const { memory, engine, context } = await askedAfterALoss()
    const why = {
      code: 'engine-unknown',
      what: 'api-test was not removed.',
      tail: [],
      next: 'Remove it.',
    } as const
    if (engine.control.testBed !== null) engine.control.testBed.close = async () => why
    expect(await decided(context, 'abandon')).toMatchObject({ outcome: { kind: 'abandoned' } })
    expect(memory.voice.texts('warning')).toEqual(['api-test was not removed. Remove it.'])
  })

  test('is left out of a rollback, which must be quick, and of a first deployment', () => {
    for (const plan of [enginePlan({ services, wanted: 'rollback' })])
      expect(plan.steps.find(({ kind }) => kind === 'hand-over')).toMatchObject({ testBed: null })
  })
})
