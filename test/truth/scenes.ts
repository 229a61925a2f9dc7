import type { EnvironmentPolicy } from '../../src/domain/config/policy.ts'
import type { BakeRecipe, StepRecipes, VerifyRecipe } from '../../src/domain/config/recipe.ts'
import type { FinalDecision } from '../../src/domain/question/decision.ts'
import {
  aCommand,
  aDigest,
  anEngineService,
  aPlan,
  aPolicy,
  aRecipe,
  aScheduler,
  aService,
  aTestBed,
  newer,
  noSteps,
  older,
} from '../domain/a-plan.ts'
import { anAsk } from '../domain/an-ask.ts'
import { crashing } from '../fakes/memory-engine.ts'
import { aDetourWorld, steppingAside } from '../pipeline/a-detour-world.ts'
import { movingOver } from '../pipeline/a-move.ts'
import { aSlotWorld, inSlots } from '../pipeline/a-slot-world.ts'
import { enginePlan, imagesOf, onEngines, rollsBack, servingImages } from '../pipeline/an-engine.ts'
import { leanPlan } from '../pipeline/in-memory.ts'
import { aPlainWorld, maintenance, type PlainWorld, switched, twoPhases } from './a-plain-world.ts'
import type { Scene, SceneOf, Seen } from './scene.ts'

const minute = 60_000
const unguarded = aPolicy({ approval: { kind: 'none' } })
const migrate = { command: aCommand('migrate'), phase: 'expand', repeatable: false } as const
const contract = { ...migrate, phase: 'contract' } as const
const backup = { create: aCommand('back-up'), restore: aCommand('restore') }
const verify: VerifyRecipe = {
  ...{ http: { kind: 'http', url: 'https://front.example/', timeout: 1_000 }, command: null },
  ...{ attempts: 1, interval: 0, onFailure: 'ask' },
}
const bake: BakeRecipe = {
  ...{ lasts: 10 * minute, on: 'clock', interval: 15_000, figures: null, atMost: {}, onFailure: 'ask' },
}
const prepare = { command: aCommand('prepare'), unless: null, keep: 5, clear: null }

interface Plain {
  readonly instances?: number
  readonly steps?: Partial<StepRecipes>
  readonly service?: ReturnType<typeof switched>
  readonly broken?: readonly string[]
  readonly inPlace?: boolean
  readonly policy?: EnvironmentPolicy
  readonly wishes?: readonly FinalDecision[]
  readonly befalls?: (world: PlainWorld) => void
}

/** A roll over instances of one place. */
const plain =
  ({ instances = 2, steps = {}, service, broken = [], inPlace = false, ...rest }: Plain): SceneOf =>
  () => {
    const world = aPlainWorld(instances, inPlace)
    for (const one of broken) world.broken.add(one)
    rest.befalls?.(world)
    const policy = rest.policy ?? unguarded
    const services = [service ?? switched(instances)]
    const plan = aPlan({
      policy,
      recipe: aRecipe({ steps: { ...noSteps, ...steps }, services }),
      ledger: leanLedger,
    })
    return { ...world.scene, plan, policy, services, before: leanLedger, wishes: rest.wishes ?? [] }
  }

const before = servingImages({})
const leanLedger = { ...before, serving: before.serving && { ...before.serving, record: null } }

const inPlace = (instances: number) => {
  const { fleet, ...service } = switched(instances, { order: { kind: 'in-place' } })
  return { ...service, traffic: { kind: 'is-alive' as const }, fleet: { ...fleet, stop: null } }
}

const preparing = (instances: number) => {
  const { fleet, ...service } = switched(instances)
  return { ...service, fleet: { ...fleet, prepare } }
}

const people = aPolicy({
  approval: { kind: 'named', from: ['rhea', 'olga', 'nils'], notSelf: true, atLeast: 2 },
})
const halting = aPolicy({
  approval: { kind: 'none' },
  halt: { labels: ['incident'], command: null, http: null, onHalt: 'ask' },
})

/** An instance starts, and meanwhile something happens. */
const whileStarts = ({ memory }: PlainWorld, name: string, happens: () => unknown) => {
  const ask = memory.ports.prober.ask
  let once = false
  Object.assign(memory.ports.prober, {
    ask: (...given: Parameters<typeof ask>) => {
      if (!once && given[1].ROLLGATE_INSTANCE === name) void happens()
      once ||= given[1].ROLLGATE_INSTANCE === name
      return ask(...given)
    },
  })
}

const nothing: Omit<Seen, 'places' | 'visitors' | 'breaches'> = {
  ...{ scheduler: 'on', page: false, migrated: false, migrating: false, copy: false, side: null },
}

const slots = (): SceneOf => () => {
  const world = aSlotWorld(['web-1', 'web-2'])
  const { memory } = world
  const services = [inSlots(2)]
  const plan = leanPlan({ services, ledger: leanLedger })
  return {
    memory,
    plan,
    services,
    policy: unguarded,
    before: leanLedger,
    wishes: [],
    repair() {},
    byHand() {},
    hasRun: () => false,
    async seen() {
      const places = new Map(
        [...world.instances].map(([name, { a, b }]) => {
          const serve = [a, b].filter(({ inPool }) => inPool).map(({ running }) => running)
          return [`web/${name}`, serve.length === 1 ? (serve[0] ?? null) : serve.length === 0 ? null : 'both']
        }),
      )
      const visitors = new Set([...places.values()].filter((tag) => tag !== null))
      return { ...nothing, places, visitors, breaches: world.breaches }
    },
  }
}

const inDetour =
  (
    plan: Scene['plan'],
    wishes: readonly FinalDecision[] = [],
    change?: (world: ReturnType<typeof aDetourWorld>) => () => void,
  ): SceneOf =>
  (life) => {
    const world = aDetourWorld(life.around)
    const { memory } = world
    const mend = change?.(world)
    const side = () => memory.detour.state.marker
    return {
      memory,
      plan,
      services: [aService('web', 2)],
      policy: unguarded,
      before: { ...leanLedger, side: plan.steps.some(({ kind }) => kind === 'move-over') ? 'home' : null },
      wishes,
      repair: () => mend?.(),
      byHand(step) {
        if (step === 'migrate' && memory.detour.state.rows.home < 1_000)
          memory.detour.state.rows.home += 1_000
      },
      hasRun: () => false,
      async seen() {
        const places = new Map([...world.running].map(([name, tag]) => [`web/${name}`, tag]))
        const serves = world.visitors()
        return {
          ...nothing,
          places,
          visitors: new Set(serves === null ? [] : [serves]),
          migrated: memory.detour.state.rows.home >= 1_000,
          copy: memory.detour.state.standIn !== null,
          side: side(),
          breaches: world.breaches,
        }
      },
    }
  }

const onEngine =
  (troubled: boolean, onFailure: 'ask' | 'roll-back' = 'ask'): SceneOf =>
  () => {
    const memory = onEngines()
    const engine = memory.engines.at('api')
    if (troubled) engine.ways.push({ part: aDigest('2'), way: { kind: 'trouble', trouble: crashing } })
    const services = [anEngineService('api', onFailure === 'roll-back' ? rollsBack : {})]
    const plan = enginePlan({ services })
    const settle = (): void => {
      engine.ways.length = 0
      engine.mend()
    }
    const release = (images: unknown): string | null => {
      const text = JSON.stringify(images)
      return text === JSON.stringify(imagesOf('api', '2'))
        ? newer.tag
        : text === JSON.stringify(imagesOf('api', '1'))
          ? older.tag
          : null
    }
    return {
      memory,
      plan,
      services,
      policy: unguarded,
      before: { ...servingImages({ api: imagesOf('api', '1') }) },
      wishes: [],
      repair: settle,
      byHand: settle,
      hasRun: () => false,
      async seen() {
        const state = await engine.control.state({}, memory.stop.asked)
        const tag =
          state.kind === 'found' && state.value.phase === 'settled' ? release(state.value.wanted) : null
        return {
          ...nothing,
          places: new Map([['api', tag]]),
          visitors: new Set(tag === null ? [] : [tag]),
          breaches: [],
        }
      },
    }
  }

const scheduler = aScheduler({ deploy: null })

/** Deployments of every shape, each with what goes wrong in it. */
export const scenes: Readonly<Record<string, SceneOf>> = {
  'a roll with a scheduler and a migration': plain({ steps: { scheduler, migrate } }),
  'a roll whose second instance fails': plain({ broken: ['self-test web-2'], steps: { scheduler, migrate } }),
  'a roll whose migration fails': plain({ broken: ['migrate'], steps: { scheduler, migrate } }),
  prepare: plain({ service: preparing(2) }),
  'prepare, and an instance that fails': plain({ service: preparing(2), broken: ['self-test web-1'] }),
  'in place': plain({ service: inPlace(2), inPlace: true }),
  'in place, and an instance that fails': plain({
    service: inPlace(2),
    inPlace: true,
    broken: ['self-test web-2'],
  }),
  'a test bed that is watched by the clock': plain({
    instances: 3,
    service: switched(3, {}, { testBed: aTestBed(1) }),
  }),
  'verify and a bake by the clock': plain({ steps: { verify, bake, migrate } }),
  'verify that fails': plain({ steps: { verify, bake }, broken: ['https://front.example/'] }),
  'a maintenance page, a backup and a contract migration': plain({
    steps: { maintenance, backup, migrate: contract, scheduler },
  }),
  'a maintenance page around a migration that fails': plain({
    steps: { maintenance, backup, migrate: contract },
    broken: ['migrate'],
  }),
  'a two-phase migration': plain({ steps: { migrate: twoPhases } }),
  'a two-phase migration, and an instance that fails': plain({
    steps: { migrate: twoPhases },
    broken: ['self-test web-1'],
    wishes: ['roll-back'],
  }),
  'two approvals': plain({ policy: people, steps: { scheduler, migrate } }),
  'an incident in mid-roll': plain({
    policy: halting,
    befalls: (world) => whileStarts(world, 'web-1', () => world.memory.issues.incident('Orders are lost')),
    wishes: ['force-next'],
  }),
  'a halt by a person in mid-roll': plain({
    befalls: (world) =>
      whileStarts(world, 'web-1', () =>
        world.memory.asks.add('shop', 'production', anAsk({ deployment: 7 })),
      ),
    wishes: ['retry', 'force-next'],
  }),
  'start-first': slots(),
  'a detour that is completed': inDetour(steppingAside()),
  'a detour with a scheduler that is completed': inDetour(steppingAside({}, { scheduler })),
  'a detour that is reverted': inDetour(steppingAside(), ['revert']),
  'a detour whose code is reverted': inDetour(steppingAside(), ['revert-code']),
  'a detour with writes that is completed': inDetour(
    steppingAside({ mode: 'read-write', acceptDataLoss: true }),
  ),
  'a detour whose migration fails': inDetour(steppingAside(), ['roll-back', 'revert'], failingMigration),
  'blue-green': inDetour(movingOver()),
  'blue-green with a front door that fails': inDetour(
    movingOver({}, { verify: { ...verify, onFailure: 'roll-back' } }),
    [],
    (world) => {
      world.memory.prober.reply('https://front.example/', { kind: 'no', why: 'answered 500', text: '' })
      return () => world.memory.prober.reply('https://front.example/', { kind: 'yes', text: '' })
    },
  ),
  'an engine': onEngine(false),
  'an engine in trouble': onEngine(true),
  'an engine in trouble that goes back': onEngine(true, 'roll-back'),
}

function failingMigration({ memory }: ReturnType<typeof aDetourWorld>): () => void {
  memory.shell.play('migrate', { ends: { kind: 'exited', code: 1 } })
  return () => memory.shell.play('migrate', {})
}
