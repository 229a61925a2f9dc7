import { describe, expect, test } from 'vitest'
import { standing } from '../../src/domain/journal/standing.ts'
import type { Plan } from '../../src/domain/plan/plan.ts'
import { failureOf } from '../../src/domain/question/pause.ts'
import { brokeOff, execute, type RunEnding } from '../../src/pipeline/run/execute.ts'
import { aDigest, anEngineService, aRelease, aService } from '../domain/a-plan.ts'
import { crashing, type RolloutWay } from '../fakes/memory-engine.ts'
import { enginePlan, imagesOf, onEngines, rollsBack } from './an-engine.ts'
import { durableLedger, type InMemory, keptLedger, opened } from './in-memory.ts'

const bad = (memory: InMemory, way: RolloutWay): void =>
  void memory.engines.at('api').ways.push({ part: aDigest('2'), way })

async function deploy(memory: InMemory, plan: Plan = enginePlan()): Promise<RunEnding> {
  return execute(await opened(memory, plan))
}

const failureIn = (ending: RunEnding): string =>
  (ending.kind === 'waiting' ? failureOf(ending.pause)?.code : null) ?? JSON.stringify(ending)

describe('a service on an engine', () => {
  test('is done once every replica was seen ready for the minimal time, and then serves', async () => {
    const memory = onEngines()
    const ending = await deploy(memory)
    expect(ending).toMatchObject({ kind: 'ended', outcome: { kind: 'succeeded' } })
    expect(memory.engines.at('api').deeds).toEqual(['hand-over api:2'])
    // The rollout takes three seconds, and ten more must be quiet.
    expect(memory.seconds()).toBeGreaterThanOrEqual(13)
    expect(memory.seconds()).toBeLessThanOrEqual(15)
    expect((await keptLedger(memory)).serving?.images).toEqual({ api: imagesOf('api', '2') })
  })

  test('is looked at once a second, although a look takes most of one', async () => {
    const memory = onEngines()
    const { control } = memory.engines.at('api')
    const { state } = control
    const begun: number[] = []
    control.state = async (...asked) => {
      begun.push(memory.seconds())
      await memory.clock.sleep(800)
      return state(...asked)
    }
    await deploy(memory)
    const apart = begun.slice(2).map((at, place) => at - (begun[place + 1] ?? 0))
    expect(apart).toHaveLength(13)
    for (const between of apart) expect(between).toBeCloseTo(1, 5)
  })

  test('is refused without a digest, and the engine hears nothing', async () => {
    const memory = onEngines()
    const ending = await deploy(memory, enginePlan({ release: aRelease('v1.1.0') }))
    expect(failureIn(ending)).toBe('engine-no-digest')
    expect(memory.engines.at('api').deeds).toEqual([])
  })

  test('is refused in the plan where its image can have no digest', () => {
    const api = anEngineService('api')
    const service = { ...api, engine: { ...api.engine, images: { api: 'registry/api:v1' } } }
    expect(enginePlan({ services: [service] }).refusals.map(({ code }) => code)).toEqual(['engine-no-digest'])
  })

  test('is asked about where its engine refuses, and nothing is handed over', async () => {
    const memory = onEngines()
    memory.engines.at('api').refusals.push('The context is of another cluster.')
    expect(failureIn(await deploy(memory))).toBe('engine-refused')
    expect(memory.engines.at('api').deeds).toEqual([])
  })

  test.each<[string, RolloutWay, string]>([
    ['cannot go on by itself', { kind: 'trouble', trouble: crashing }, 'engine-stuck'],
    ['was given up by its engine', { kind: 'fails', seconds: 5 }, 'engine-failed'],
    ['was taken back by its engine', { kind: 'goes-back', seconds: 5 }, 'engine-rolled-back'],
    ['never gets ready', { kind: 'never' }, 'engine-late'],
  ])('a rollout that %s is asked about, and is no success', async (_, way, code) => {
    const memory = onEngines()
    bad(memory, way)
    const ending = await deploy(memory)
    expect(failureIn(ending)).toBe(code)
    expect(ending.kind === 'waiting' && ending.pause.options).toEqual([
      'retry',
      'force-next',
      'roll-back',
      'abandon',
    ])
  })

  test('a lasting trouble is told in seconds with its reason and log lines, and older replicas serve SP-33', async () => {
    const memory = onEngines()
    bad(memory, { kind: 'trouble', trouble: crashing })
    const ending = await deploy(memory)
    expect(memory.seconds()).toBeLessThan(5)
    const failure = ending.kind === 'waiting' && 'failure' in ending.pause ? ending.pause.failure : null
    expect(failure?.what).toContain('api-7 CrashLoopBackOff (back-off 10s restarting)')
    expect(failure?.tail).toEqual(crashing.tail)
    expect(failure?.what).toContain(
      '1 of 3 replicas run the newest images, none of these is ready; 2 others are left',
    )
    expect(memory.engines.at('api').deeds).toEqual(['hand-over api:2'])
  })

  test('replicas scaled to zero are no success', async () => {
    const memory = onEngines()
    memory.engines.at('api').replicas = 0
    expect(failureIn(await deploy(memory))).toBe('engine-scaled-to-zero')
  })

  test('a paused engine is asked about, and is not resumed', async () => {
    const memory = onEngines()
    memory.engines.at('api').paused = true
    expect(failureIn(await deploy(memory))).toBe('engine-paused')
    expect(memory.engines.at('api').deeds).toEqual([])
  })

  test('another rollout that takes its place is asked about, with its author', async () => {
    const memory = onEngines()
    const engine = memory.engines.at('api')
    engine.taken = () => engine.rollBy('mallory', imagesOf('api', '9'))
    const ending = await deploy(memory)
    expect(failureIn(ending)).toBe('engine-superseded')
    expect(JSON.stringify(ending)).toContain('by mallory')
  })

  test('an engine that does not answer for a minute is unknown, and never done', async () => {
    const memory = onEngines()
    const engine = memory.engines.at('api')
    engine.taken = () => {
      engine.silent = true
    }
    expect(failureIn(await deploy(memory))).toBe('engine-unknown')
  })

  test('a time without an answer is none in which replicas were seen ready', async () => {
    const memory = onEngines()
    const from = 6
    const until = 26
    Object.defineProperty(memory.engines.at('api'), 'silent', {
      get: () => memory.seconds() > from && memory.seconds() < until,
    })
    expect(await deploy(memory)).toMatchObject({ kind: 'ended', outcome: { kind: 'succeeded' } })
    expect(memory.seconds()).toBeGreaterThanOrEqual(until + 10)
  })

  test('the look before it hands over is saved before, and the rollout at once', async () => {
    const memory = onEngines()
    const kinds: string[][] = []
    memory.engines.at('api').taken = () =>
      void kinds.push((durableLedger(memory).deployment?.journal ?? []).map(({ kind }) => kind))
    await deploy(memory)
    expect(kinds).toEqual([expect.arrayContaining(['step-started', 'engine-observed'])])
  })
})

describe('going back', () => {
  test('hands the digests from before over, unasked where the config says so', async () => {
    const memory = onEngines()
    bad(memory, { kind: 'trouble', trouble: crashing })
    const ending = await deploy(memory, enginePlan({ services: [anEngineService('api', rollsBack)] }))
    expect(ending).toMatchObject({ kind: 'ended', outcome: { kind: 'rolled-back' } })
    expect(memory.engines.at('api').deeds).toEqual(['hand-over api:2', 'hand-over api:1'])
  })

  test('a fleet and two engines go back in reverse', async () => {
    const services = [anEngineService('worker'), aService('web', 2), anEngineService('api', rollsBack)]
    const memory = onEngines('worker', 'api')
    bad(memory, { kind: 'fails', seconds: 2 })
    const order: string[] = []
    for (const name of ['worker', 'api']) {
      const engine = memory.engines.at(name)
      engine.taken = () => void order.push(engine.deeds.at(-1) ?? '')
    }
    memory.shell.play(
      'install',
      ({ variables: { ROLLGATE_INSTANCE: name = '', ROLLGATE_RELEASE: tag = '' } }) => {
        order.push(`${name} ${tag}`)
        memory.installed.set(name, tag)
        return {}
      },
    )
    const plan = enginePlan({ services })
    expect(plan.steps.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['hand-over/worker', 'roll-services/web', 'hand-over/api']),
    )
    const ending = await deploy(memory, plan)
    expect(brokeOff(ending)).toBeNull()
    expect(ending).toMatchObject({ kind: 'ended', outcome: { kind: 'rolled-back' } })
    expect(order).toEqual([
      'hand-over worker:2',
      'web-1 v1.1.0',
      'web-2 v1.1.0',
      'hand-over api:2',
      'hand-over api:1',
      'web-1 v1.0.0',
      'web-2 v1.0.0',
      'hand-over worker:1',
    ])
  })
})

test('the standing of a journal knows the rollout and the look from before it', async () => {
  const memory = onEngines()
  bad(memory, { kind: 'never' })
  await deploy(memory)
  const { deployment } = await keptLedger(memory)
  if (deployment === null) throw new Error('a deployment waits')
  const engine = standing(deployment.plan, deployment.journal).engines.get('hand-over/api')
  expect(engine?.handed).toMatchObject({ rollout: '2', to: 'new', images: imagesOf('api', '2') })
  expect(engine?.before?.wanted).toEqual(imagesOf('api', '1'))
})
