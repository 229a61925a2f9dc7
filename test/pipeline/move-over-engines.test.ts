import { describe, expect, test } from 'vitest'
import type { DeclaredService } from '../../src/domain/config/declared-service.ts'
import type { EngineService } from '../../src/domain/config/engine-recipe.ts'
import type { StepRecipes } from '../../src/domain/config/recipe.ts'
import type { Ledger } from '../../src/domain/ledger/ledger.ts'
import type { Plan } from '../../src/domain/plan/plan.ts'
import type { EngineControl } from '../../src/pipeline/ports.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { openSession } from '../../src/pipeline/run/session.ts'
import { aCommand, aDigest, anEngineService, aService } from '../domain/a-plan.ts'
import { crashing, onStandIn } from '../fakes/memory-engine.ts'
import { aMoveOver } from './a-move.ts'
import { enginePlan, goOnFrom, imagesOf, onEngines, servingImages } from './an-engine.ts'
import { dyingAt } from './dying-at.ts'
import { type InMemory, keptLedger, opened } from './in-memory.ts'
import { answered } from './later-run.ts'

const home = anEngineService('api')

const aside: EngineService = {
  ...home,
  engine: { ...home.engine, state: aCommand(onStandIn.run) } as EngineService['engine'],
}

interface Sides {
  readonly services?: readonly DeclaredService[]
  readonly standIn?: readonly DeclaredService[]
  readonly steps?: Partial<StepRecipes>
  readonly ledger?: Ledger
}

/** A plan with `api` on an engine on both sides; the ledger says that visitors are at home. */
const movingApi = ({ services = [home], standIn = [aside], steps = {}, ledger }: Sides = {}): Plan =>
  enginePlan({
    services,
    steps: { detour: aMoveOver({ services: standIn, database: 'none' }), ...steps },
    ledger: ledger ?? { ...servingImages({ api: imagesOf('api', '1') }), side: 'home' },
  })

/** Engines in memory, of which the one of the stand-in has what it got once. */
function bothSides(): InMemory {
  const memory = onEngines()
  memory.engines.at('api aside', imagesOf('api', '3'))
  return memory
}

const deedsOf = (memory: InMemory) => ({
  home: memory.engines.at('api').deeds,
  aside: memory.engines.at('api aside').deeds,
})

const visitors = ({ detour: { state } }: InMemory) => [state.file, state.memory, state.marker]

describe('blue-green on engines', () => {
  test('hands over to the side that visitors are not on, and moves them once it is done MM-11', async () => {
    const memory = bothSides()
    const plan = movingApi()
    expect(plan.steps).toContainEqual(
      expect.objectContaining({ kind: 'hand-over', unvisited: true, testBed: null, before: null }),
    )
    expect(await execute(await opened(memory, plan))).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(deedsOf(memory)).toEqual({ home: [], aside: ['hand-over api:2'] })
    expect(visitors(memory)).toEqual(['stand-in', 'stand-in', 'stand-in'])
    expect(await keptLedger(memory)).toMatchObject({
      ...{ side: 'stand-in', serving: { images: { api: imagesOf('api', '2') } } },
    })
  })

  test('hands over to home where visitors are on the stand-in', async () => {
    const memory = bothSides()
    Object.assign(memory.detour.state, { file: 'stand-in', memory: 'stand-in', marker: 'stand-in' })
    const ledger: Ledger = { ...servingImages({ api: imagesOf('api', '3') }), side: 'stand-in' }
    expect(await execute(await opened(memory, movingApi({ ledger })))).toMatchObject({
      outcome: { kind: 'succeeded' },
    })
    expect(deedsOf(memory)).toEqual({ home: ['hand-over api:2'], aside: [] })
    expect(visitors(memory)).toEqual(['home', 'home', 'home'])
  })

  test('a release that does not get ready is asked about, and going back changes nothing', async () => {
    const memory = bothSides()
    memory.engines
      .at('api aside')
      .ways.push({ part: aDigest('2'), way: { kind: 'trouble', trouble: crashing } })
    expect(await execute(await opened(memory, movingApi()))).toMatchObject({
      pause: { kind: 'failed-step', step: 'hand-over/api', failure: { code: 'engine-stuck' } },
    })
    expect(await answered(memory, 'roll-back')).toMatchObject({ outcome: { kind: 'rolled-back' } })
    expect(deedsOf(memory)).toEqual({ home: [], aside: ['hand-over api:2'] })
    expect(visitors(memory)).toEqual(['home', 'home', 'home'])
  })

  test('after the switch going back is one switch, and no engine is told anything MM-19', async () => {
    const memory = bothSides()
    const verify = {
      http: { kind: 'http', url: 'https://front.example/', timeout: 1_000 },
      command: null,
      attempts: 1,
      interval: 0,
      onFailure: 'roll-back',
    } as const
    memory.prober.reply('https://front.example/', { kind: 'no', why: 'answered 500', text: '' })
    expect(await execute(await opened(memory, movingApi({ steps: { verify } })))).toMatchObject({
      outcome: { kind: 'rolled-back' },
    })
    expect(deedsOf(memory)).toEqual({ home: [], aside: ['hand-over api:2'] })
    expect([visitors(memory), (await keptLedger(memory)).side]).toEqual([['home', 'home', 'home'], 'home'])
  })

  test('a side that was scaled down is brought to the scale of the other before visitors come', async () => {
    const memory = bothSides()
    memory.engines.at('api aside').replicas = 0
    expect(await execute(await opened(memory, movingApi()))).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(deedsOf(memory).aside).toEqual(['hand-over api:2', 'scale 3'])
  })

  test('visitors do not move to a side with fewer replicas than the one that they leave', async () => {
    const memory = bothSides()
    memory.engines.at('api aside').replicas = 2
    const { engine } = memory.ports
    const unscaled = (service: EngineService): EngineControl => {
      const { scale: _none, ...control } = engine(service)
      return control
    }
    Object.assign(memory.ports, { engine: unscaled })
    expect(await execute(await opened(memory, movingApi()))).toMatchObject({
      pause: {
        step: 'move-over',
        failure: {
          code: 'detour-short',
          what: 'api has 2 replicas ready, and 3 serve on the side that visitors leave.',
        },
      },
    })
    expect(visitors(memory)).toEqual(['home', 'home', 'home'])
  })

  test('visitors who were moved by somebody meanwhile keep their side: nothing is handed over', async () => {
    const memory = bothSides()
    const context = await opened(memory, movingApi())
    Object.assign(memory.detour.state, { file: 'stand-in', memory: 'stand-in', marker: 'stand-in' })
    expect(await execute(context)).toMatchObject({
      pause: { step: 'hand-over/api', failure: { code: 'detour-disagrees' } },
    })
    expect(deedsOf(memory)).toEqual({ home: [], aside: [] })
  })

  test.each<[string, Sides]>([
    ['api is in the same place of its engine on both sides.', { standIn: [home] }],
    ['api is on an engine on one side, and on a fleet on the other.', { standIn: [aService('api', 1)] }],
    ['api has no place on the stand-in: it would be changed while it serves.', { standIn: [] }],
  ])('is refused: %s', (what, sides) => {
    expect(movingApi(sides).refusals.map((refusal) => refusal.what)).toContain(what)
  })
})

describe('blue-green on engines whose run is lost at any call of an engine or the door', () => {
  /** Runs until the nth call, which the run does not outlive; null where it has fewer. */
  async function lostAt(call: number, when: 'before' | 'after'): Promise<InMemory | null> {
    const memory = bothSides()
    const plan = movingApi()
    await opened(memory, plan)
    const { died, dying } = dyingAt(memory, call, when)
    const ports = {
      ...memory.ports,
      engine: (service: EngineService) => dying(memory.ports.engine(service)),
      door: () => dying(memory.detour.door),
    }
    const session = openSession(await memory.ledgers.read('shop', 'production'), ports)
    const first = execute({ ports, plan, session, stop: memory.stop }).then(() => null)
    const ledger = await Promise.race([first, died])
    if (ledger === null) return null
    await goOnFrom(memory, ledger)
    return memory
  }

  test('is resumed to the same end: handed over once, and visitors moved', async () => {
    let died = 0
    for (const when of ['before', 'after'] as const)
      for (let call = 1; ; call += 1) {
        const memory = await lostAt(call, when)
        if (memory === null) break
        died += 1
        expect({ call, when, deeds: deedsOf(memory), visitors: visitors(memory) }).toEqual({
          ...{ call, when },
          deeds: { home: [], aside: ['hand-over api:2'] },
          visitors: ['stand-in', 'stand-in', 'stand-in'],
        })
        expect(await keptLedger(memory)).toMatchObject({ side: 'stand-in', deployment: null })
      }
    expect(died).toBeGreaterThan(30)
  })
})
