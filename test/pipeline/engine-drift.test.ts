import { describe, expect, test } from 'vitest'
import { emptyLedger } from '../../src/domain/ledger/ledger.ts'
import { driftOf, judge } from '../../src/domain/rolling/drift.ts'
import type { ServiceSeen } from '../../src/domain/rolling/sight.ts'
import { lookAtInstances } from '../../src/pipeline/look/looking.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { seenEngines } from '../../src/report/status/engines.ts'
import { sightingInWords } from '../../src/report/status/instances.ts'
import { anEngineService, aRecipe, aService, older } from '../domain/a-plan.ts'
import { enginePlan, imagesOf, onEngines, servingImages } from './an-engine.ts'
import { type InMemory, opened } from './in-memory.ts'
import { watched } from './later-run.ts'

const ledger = servingImages({ api: imagesOf('api', '1') })

async function look(memory: InMemory): Promise<readonly ServiceSeen[]> {
  if (ledger.serving === null) throw new Error('a release serves')
  memory.workspace.head = older.sha
  const recipe = aRecipe({ services: [anEngineService('api')] })
  const place = { app: 'shop', environment: 'production' }
  return lookAtInstances(memory.ports, place, ledger.serving, recipe, memory.stop.asked)
}

const deviationsIn = async (memory: InMemory) =>
  judge(ledger, await look(memory)).flatMap(({ engine }) => engine?.deviations ?? [])

describe('a service on an engine, held against the ledger', () => {
  test('has no drift with the images that the ledger remembers', async () => {
    const judged = judge(ledger, await look(onEngines()))
    expect(driftOf(ledger, judged)).toEqual({ kind: 'none' })
    expect(sightingInWords({ kind: 'seen', services: judged })).toBe('1 of 1 service right')
  })

  test('differs by a rollout of another author, which the page shows with both digests', async () => {
    const memory = onEngines()
    memory.engines.at('api').rollBy('mallory', imagesOf('api', '9'))
    const judged = judge(ledger, await look(memory))
    expect(judged[0]?.engine?.deviations).toEqual(['other-images', 'rolling'])
    expect(driftOf(ledger, judged)).toEqual({ kind: 'found', desired: null })
    const page = seenEngines(judged) ?? ''
    for (const part of ['api@sha256:999999999999', 'api@sha256:111111111111', 'mallory', '**rolling**'])
      expect(page).toContain(part)
  })

  test.each([
    ['paused', (memory: InMemory) => Object.assign(memory.engines.at('api'), { paused: true }), ['paused']],
    [
      'scaled to zero',
      (memory: InMemory) => Object.assign(memory.engines.at('api'), { replicas: 0 }),
      ['scaled-to-zero'],
    ],
    [
      'silent',
      (memory: InMemory) => Object.assign(memory.engines.at('api'), { silent: true }),
      ['unanswered'],
    ],
  ] as const)('differs where it is %s', async (_, change, deviations) => {
    const memory = onEngines()
    change(memory)
    expect(await deviationsIn(memory)).toEqual(deviations)
  })

  test('is absent where its engine does not have it', async () => {
    const memory = onEngines('worker')
    expect(await deviationsIn(memory)).toEqual(['absent'])
  })

  test('is not asked by a command of another commit, and that is no drift', async () => {
    const memory = onEngines()
    memory.workspace.head = 'f'.repeat(40)
    if (ledger.serving === null) throw new Error('a release serves')
    const recipe = aRecipe({ services: [anEngineService('api')] })
    const place = { app: 'shop', environment: 'production' }
    const seen = await lookAtInstances(memory.ports, place, ledger.serving, recipe, memory.stop.asked)
    expect(seen[0]?.engine?.seen.kind).toBe('unasked')
    expect(driftOf(ledger, judge(ledger, seen))).toEqual({ kind: 'none' })
  })
})

test('an engine that is not well ends the bake of its environment', async () => {
  const memory = onEngines()
  const engine = memory.engines.at('api')
  const bake = {
    lasts: 60_000,
    on: 'run',
    interval: 10_000,
    figures: null,
    atMost: {},
    onFailure: 'ask',
  } as const
  const plan = enginePlan({ steps: { bake } })
  const context = await opened(memory, plan)
  engine.shrink = () => memory.seconds() > 40
  expect(await execute(context)).toMatchObject({
    kind: 'waiting',
    pause: { failure: { code: 'bake-failed', what: expect.stringContaining('api is not well') } },
  })
})

test('an engine that is not well ends a bake that the clock carries, by the next watch', async () => {
  const memory = onEngines()
  const engine = memory.engines.at('api')
  const bake = {
    lasts: 600_000,
    on: 'clock',
    interval: 15_000,
    figures: null,
    atMost: {},
    onFailure: 'ask',
  } as const
  expect(await execute(await opened(memory, enginePlan({ steps: { bake } })))).toMatchObject({
    kind: 'waiting',
    pause: { kind: 'bake' },
  })
  await memory.clock.sleep(60_000)
  expect((await watched(memory)).deeds).toEqual([])
  engine.shrink = () => true
  expect((await watched(memory)).deeds).toMatchObject([
    {
      duty: { kind: 'unwell', ill: [expect.stringContaining('api is not well on its engine')] },
      concluded: { ending: { pause: { failure: { code: 'bake-failed' } } } },
    },
  ])
})

test('a ledger without the images of a service judges by its state alone', async () => {
  const memory = onEngines()
  const before = emptyLedger('shop', 'production')
  expect(before.serving).toBeNull()
  const forgetful = servingImages({})
  const [seen] = await look(memory)
  const engine = seen?.engine === undefined ? undefined : { ...seen.engine, desired: null }
  const judged = judge(forgetful, [{ name: 'api', instances: [], unasked: null, ...(engine && { engine }) }])
  expect(driftOf(forgetful, judged)).toEqual({ kind: 'none' })
  expect(seenEngines(judged)).toContain('the ledger remembers none')
  expect(seenEngines([{ ...aService('web', 1), instances: [], unasked: null }])).toBeNull()
})
