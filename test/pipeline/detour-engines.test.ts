import { beforeEach, describe, expect, test } from 'vitest'
import type { DeclaredService } from '../../src/domain/config/declared-service.ts'
import type { StepAside } from '../../src/domain/config/detour-recipe.ts'
import type { EngineService } from '../../src/domain/config/engine-recipe.ts'
import { manifestsOf } from '../../src/domain/engine/manifests.ts'
import type { Ledger } from '../../src/domain/ledger/ledger.ts'
import type { Plan } from '../../src/domain/plan/plan.ts'
import type { FinalDecision } from '../../src/domain/question/decision.ts'
import { asideStep } from '../../src/domain/step/steps-in.ts'
import { execute, type RunEnding } from '../../src/pipeline/run/execute.ts'
import { openSession } from '../../src/pipeline/run/session.ts'
import { detourCommands, detourInWords } from '../../src/report/plan/detour-in-words.ts'
import { aDetour } from '../domain/a-detour.ts'
import { aCommand, aDigest, anEngineService, aService, older } from '../domain/a-plan.ts'
import { crashing, onStandIn } from '../fakes/memory-engine.ts'
import { enginePlan, goOnFrom, imagesOf, onEngines, servingImages } from './an-engine.ts'
import { dyingAt } from './dying-at.ts'
import { type InMemory, keptLedger, leanPlan, opened } from './in-memory.ts'
import { answered, begun } from './later-run.ts'

const scalable = (name: string, state: string): EngineService => {
  const service = anEngineService(name)
  return {
    ...service,
    engine: {
      ...service.engine,
      state: aCommand(state),
      scale: aCommand('scale'),
    } as EngineService['engine'],
  }
}

const home = scalable('api', 'state')
const aside = scalable('api', onStandIn.run)

const serving = (): Ledger => {
  const ledger = servingImages({ api: imagesOf('api', '1') })
  return { ...ledger, serving: ledger.serving && { ...ledger.serving, readOnly: true } }
}

interface Sides {
  readonly services?: readonly DeclaredService[]
  readonly standIn?: readonly DeclaredService[]
  readonly detour?: Partial<StepAside>
  readonly ledger?: Ledger
}

/** A plan that steps aside and migrates, with `api` on an engine on both sides. */
const asidePlan = ({
  services = [home],
  standIn = [aside],
  detour = {},
  ledger = serving(),
}: Sides = {}): Plan =>
  enginePlan({
    services,
    ledger,
    steps: {
      detour: aDetour({ services: standIn, when: 'always', ...detour }),
      migrate: { command: aCommand('migrate'), phase: 'contract', repeatable: true },
    },
  })

const deedsOf = (memory: InMemory) => ({
  home: memory.engines.at('api').deeds,
  aside: memory.engines.at('api aside').deeds,
})

const visitors = ({ detour: { state } }: InMemory) => state.marker

/** Everything that no detour may do: told after each deed of an engine. */
function holdTruth(memory: InMemory): string[] {
  const breaches: string[] = []
  const sides = { home: 'api', 'stand-in': 'api aside' } as const
  const { engine } = memory.ports
  const watching = (service: EngineService) => {
    const control = engine(service)
    const side = control === memory.engines.at('api').control ? 'home' : 'stand-in'
    return {
      ...control,
      async empty(...given: Parameters<NonNullable<typeof control.empty>>) {
        if (visitors(memory) === side) breaches.push(`${sides[side]} was emptied under its visitors`)
        return (await control.empty?.(...given)) ?? null
      },
      async handOver(...given: Parameters<typeof control.handOver>) {
        if (visitors(memory) === side) breaches.push(`${sides[side]} was changed under its visitors`)
        return control.handOver(...given)
      },
    }
  }
  Object.assign(memory.ports, { engine: watching })
  return breaches
}

const opening = ['hand-over api:1']
const changed = ['empty', 'hand-over api:2', 'scale 3']

describe('stepping aside on engines', () => {
  let memory: InMemory
  let breaches: string[]
  beforeEach(() => {
    memory = onEngines()
    breaches = holdTruth(memory)
  })

  const open = async (plan = asidePlan()): Promise<RunEnding> => execute(await opened(memory, plan))

  test('the stand-in runs the images that serve, at the scale of home, and home is changed with nobody there SD-12', async () => {
    memory.engines.at('api').replicas = 4
    expect(await open()).toMatchObject({ pause: { kind: 'inspection' } })
    expect(deedsOf(memory)).toEqual({
      aside: ['hand-over api:1', 'scale 4'],
      home: ['empty', 'hand-over api:2', 'scale 4'],
    })
    expect([visitors(memory), breaches]).toEqual(['stand-in', []])
    expect(memory.effects()).toContain('migrate')
  })

  test('home is migrated once the last of its replicas has ended', async () => {
    const api = memory.engines.at('api')
    let left = 3
    api.lingering = () => (api.replicas === 0 && left > 0 ? left-- : 0)
    memory.shell.play('migrate', () => {
      if (left > 0) breaches.push('the database was migrated beside a replica of home')
      return {}
    })
    await open()
    expect([left, breaches]).toEqual([0, []])
  })

  test('complete brings visitors home, and the stand-in runs no replica any more SD-12', async () => {
    await open()
    expect(await answered(memory, 'complete')).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(deedsOf(memory)).toEqual({ aside: [...opening, 'empty'], home: changed })
    expect([visitors(memory), breaches, memory.detour.copies]).toEqual(['home', [], { made: 1, removed: 1 }])
    expect(await keptLedger(memory)).toMatchObject({
      ...{ detour: null, deployment: null, serving: { images: { api: imagesOf('api', '2') } } },
    })
  })

  test.each<FinalDecision>(['revert', 'revert-code'])(
    '%s brings the images from before home, at the scale of before, then visitors SD-13',
    async (decision) => {
      await open()
      expect(await answered(memory, decision, 'it is slow')).toMatchObject({
        outcome: { kind: 'rolled-back' },
      })
      const stopped = decision === 'revert' ? ['empty'] : []
      const scaled = decision === 'revert' ? ['scale 3'] : []
      expect(deedsOf(memory)).toEqual({
        aside: [...opening, 'empty'],
        home: [...changed, ...stopped, 'hand-over api:1', ...scaled],
      })
      expect([visitors(memory), breaches]).toEqual(['home', []])
      expect((await keptLedger(memory)).detour).toBeNull()
    },
  )

  test('a migration that fails is reverted without another hand-over: home comes up as it was', async () => {
    memory.shell.play('migrate', { ends: { kind: 'exited', code: 3 } })
    expect(await open()).toMatchObject({ pause: { step: 'migrate' } })
    expect(await answered(memory, 'revert')).toMatchObject({ outcome: { kind: 'rolled-back' } })
    expect(deedsOf(memory).home.filter((deed) => deed.startsWith('hand-over'))).toEqual([])
    expect(memory.engines.at('api').replicas).toBe(3)
    expect([visitors(memory), breaches]).toEqual(['home', []])
  })

  test('a stand-in that does not get ready is taken back, and home was never touched', async () => {
    memory.engines.at('api aside').ways.push({ part: 'api@', way: { kind: 'trouble', trouble: crashing } })
    expect(await open()).toMatchObject({ outcome: { kind: 'failed' } })
    expect(deedsOf(memory)).toEqual({ aside: [...opening, 'empty'], home: [] })
    expect([visitors(memory), breaches, memory.detour.copies.removed]).toEqual(['home', [], 1])
  })

  test('home comes back with as many replicas as the stand-in has by then', async () => {
    const api = memory.engines.at('api')
    api.ways.push({ part: aDigest('2'), way: { kind: 'trouble', trouble: crashing } })
    await open()
    api.ways.push({ part: aDigest('2'), way: { kind: 'ends', seconds: 3 } })
    api.mend()
    memory.engines.at('api aside').replicas = 7
    expect(await answered(memory, 'retry')).toMatchObject({ pause: { kind: 'inspection' } })
    expect(memory.engines.at('api').replicas).toBe(7)
  })

  test('visitors stay away while home has fewer replicas ready than serve them', async () => {
    await open()
    memory.engines.at('api aside').replicas = 5
    expect(await answered(memory, 'complete')).toMatchObject({
      pause: {
        failure: {
          code: 'detour-short',
          what: '3 replicas of api are ready at home, and 5 serve visitors on the stand-in.',
        },
      },
    })
    expect([visitors(memory), breaches]).toEqual(['stand-in', []])
  })

  test('visitors stay away from a home that was changed by another author meanwhile', async () => {
    await open()
    memory.engines.at('api').rollBy('somebody', imagesOf('api', '5'))
    await memory.clock.sleep(60_000)
    expect(await answered(memory, 'complete')).toMatchObject({
      pause: {
        failure: {
          code: 'detour-short',
          what: expect.stringMatching(/^api is not well at home: .* wants .*5555/),
        },
      },
    })
    expect(visitors(memory)).toBe('stand-in')
  })

  test('a release that does not get ready at home is asked about, with visitors on the stand-in', async () => {
    memory.engines.at('api').ways.push({ part: aDigest('2'), way: { kind: 'trouble', trouble: crashing } })
    expect(await open()).toMatchObject({
      pause: { kind: 'failed-step', step: 'hand-over/api', failure: { code: 'engine-stuck' } },
    })
    expect(visitors(memory)).toBe('stand-in')
    expect(await answered(memory, 'revert-code', 'it is slow')).toMatchObject({
      outcome: { kind: 'rolled-back' },
    })
    expect([visitors(memory), breaches]).toEqual(['home', []])
  })

  test('an abandoned one is closed by name: the serving release comes home, and visitors to it', async () => {
    await open()
    await answered(memory, 'abandon')
    const ledger = await keptLedger(memory)
    const plan = leanPlan({
      ...{ wanted: 'close-detour', closes: ledger.detour?.id ?? '', as: 'revert', detour: false },
      ...{ release: { ...older, outputs: { DIGEST: aDigest('1') } }, ledger, services: [home] },
      steps: { detour: aDetour({ services: [aside] }) },
    })
    expect(plan.refusals).toEqual([])
    expect(await execute(await begun({ memory }, plan))).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(deedsOf(memory)).toEqual({
      aside: [...opening, 'empty'],
      home: [...changed, 'empty', 'hand-over api:1', 'scale 3'],
    })
    expect([visitors(memory), breaches]).toEqual(['home', []])
    expect((await keptLedger(memory)).detour).toBeNull()
  })

  test.each<[string, Sides]>([
    [
      'Services of home cannot be stopped while it is changed: api (nothing scales it to zero on its engine).',
      { services: [anEngineService('api')] },
    ],
    ['The stand-in cannot serve: api is in the same place of its engine on both sides.', { standIn: [home] }],
    [
      'The stand-in cannot serve: home has no api on an engine, so that its images are not known.',
      { services: [aService('api', 2)] },
    ],
    [
      'The stand-in cannot serve: nothing scales api to zero on its engine.',
      {
        standIn: [
          { ...aside, engine: { ...anEngineService('api').engine, state: aCommand(onStandIn.run) } as never },
        ],
      },
    ],
    [
      'The stand-in cannot serve: env is for workloads that are made like those of home, and api is not made so.',
      { detour: { env: { DATABASE_HOST: 'copy' } } },
    ],
  ])('is refused: %s', (what, sides) => {
    expect(asidePlan(sides).refusals.map((refusal) => refusal.what)).toContain(what)
  })

  test('the plan says where the stand-in runs, and names the commands of its engine', () => {
    const plan = asidePlan()
    const step = asideStep(plan.steps)
    if (step === null) throw new Error('the plan does not step aside')
    expect(detourInWords(plan, step)[0]).toBe(
      'v1.0.0 serves from a second `api` on its engine, at the scale of home, on a copy of the database',
    )
    expect(detourCommands(step).map(({ name }) => name)).toContain(
      'stand-in services.api.engine.command.scale',
    )
  })

  test('a stand-in whose images are not known is none, and the question says what to do first', async () => {
    const ledger = serving()
    memory.engines.at('api').rollBy('somebody', { api: 'registry/api:latest' })
    await memory.clock.sleep(60_000)
    const images = {}
    const plan = asidePlan({
      ledger: { ...ledger, serving: ledger.serving && { ...ledger.serving, images } },
    })
    const context = await opened(memory, plan)
    expect(await execute(context)).toMatchObject({ outcome: { kind: 'failed' } })
    expect(context.session.journal).toContainEqual(
      expect.objectContaining({
        failure: expect.objectContaining({
          code: 'engine-no-way-back',
          next: expect.stringMatching(/^Deploy once without the detour/),
        }),
      }),
    )
    expect(deedsOf(memory)).toEqual({ aside: [], home: [] })
    expect([visitors(memory), breaches]).toEqual(['home', []])
  })

  test('the plan has the digests of manifests of the stand-in', () => {
    const there: EngineService = {
      ...aside,
      engine: {
        kind: 'kubernetes',
        workload: { kind: 'deployment', name: 'aside' },
        namespace: 'shop',
        context: null,
        images: {},
        manifests: ['deploy/aside.yaml'],
      },
    }
    const plan = asidePlan({ standIn: [there] })
    expect(manifestsOf(plan.steps)).toEqual([{ service: 'api on the stand-in', path: 'deploy/aside.yaml' }])
    const found = { sha256: 'a'.repeat(64) }
    const manifests = [{ service: 'api on the stand-in', path: 'deploy/aside.yaml', found }]
    const step = asideStep(plan.steps)
    expect(step === null ? [] : detourInWords({ ...plan, manifests }, step)).toContainEqual(
      expect.stringMatching(/^applies `deploy\/aside\.yaml`, `sha256:aaaaaaaaaaaa`/),
    )
  })

  test('a worker without visitors needs no stand-in: it is stopped, and comes back at its scale', async () => {
    memory.engines.at('worker', imagesOf('worker', '1')).replicas = 2
    const ledger = serving()
    const images = { api: imagesOf('api', '1'), worker: imagesOf('worker', '1') }
    const plan = asidePlan({
      services: [home, scalable('worker', 'state')],
      ledger: { ...ledger, serving: ledger.serving && { ...ledger.serving, images } },
    })
    await open(plan)
    await answered(memory, 'complete')
    expect(memory.engines.at('worker').deeds).toEqual(['empty', 'hand-over worker:2', 'scale 2'])
  })
})

describe('stepping aside on engines whose run is lost at any call of an engine, the database or the door', () => {
  /** Runs until the nth call, which the run does not outlive; null where it has fewer. */
  async function lostAt(call: number, when: 'before' | 'after', answer: FinalDecision | null) {
    const memory = onEngines()
    const breaches = holdTruth(memory)
    const plan = asidePlan()
    if (answer !== null) await execute(await opened(memory, plan))
    else await opened(memory, plan)
    const { died, dying } = dyingAt(memory, call, when)
    const { engine, detour } = memory.ports
    const ports = {
      ...memory.ports,
      engine: (service: EngineService) => dying(engine(service)),
      detour: (...given: Parameters<typeof detour>) => {
        const { database, door } = detour(...given)
        return { database: dying(database), door: dying(door) }
      },
    }
    const run = answer === null ? openSession(await memory.ledgers.read('shop', 'production'), ports) : null
    const first =
      run === null
        ? answered({ ...memory, ports }, answer as FinalDecision, 'it is slow')
        : execute({ ports, plan, session: run, stop: memory.stop })
    const ledger = await Promise.race([first.then(() => null), died])
    if (ledger === null) return null
    // The fence was held by the lost run.
    if (memory.detour.state.fence === 'home') memory.detour.state.fence = null
    const ending = await goOnFrom(memory, ledger)
    return { memory, breaches, ending }
  }

  test('is resumed to the inspection: no second copy, nothing handed over twice', async () => {
    let died = 0
    for (const when of ['before', 'after'] as const)
      for (let call = 1; ; call += 1) {
        const lost = await lostAt(call, when, null)
        if (lost === null) break
        died += 1
        const { memory, breaches, ending } = lost
        expect({
          call,
          when,
          ending,
          deeds: deedsOf(memory),
          visitors: visitors(memory),
          breaches,
        }).toMatchObject({
          ...{ call, when, ending: { pause: { kind: 'inspection' } } },
          deeds: { home: changed, aside: opening },
          ...{ visitors: 'stand-in', breaches: [] },
        })
        expect(memory.detour.copies.made).toBe(1)
      }
    expect(died).toBeGreaterThan(80)
  })

  test.each<[FinalDecision, object]>([
    ['complete', { home: changed, aside: [...opening, 'empty'] }],
    ['revert-code', { home: [...changed, 'hand-over api:1'], aside: [...opening, 'empty'] }],
    ['revert', { home: [...changed, 'empty', 'hand-over api:1', 'scale 3'], aside: [...opening, 'empty'] }],
  ])('%s is resumed to the same end', async (answer, deeds) => {
    let died = 0
    for (const when of ['before', 'after'] as const)
      for (let call = 1; ; call += 1) {
        const lost = await lostAt(call, when, answer)
        if (lost === null) break
        died += 1
        const { memory, breaches } = lost
        expect({ call, when, deeds: deedsOf(memory), visitors: visitors(memory), breaches }).toEqual({
          ...{ call, when, deeds, visitors: 'home', breaches: [] },
        })
        expect(memory.detour.copies).toEqual({ made: 1, removed: 1 })
        expect((await keptLedger(memory)).detour).toBeNull()
      }
    expect(died).toBeGreaterThan(30)
  })
})
