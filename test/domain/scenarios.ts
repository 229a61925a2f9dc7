import fc from 'fast-check'
import type { Count } from '../../src/domain/config/command.ts'
import type { ApprovalRule } from '../../src/domain/config/policy.ts'
import type { StepRecipes } from '../../src/domain/config/recipe.ts'
import type { RollbackPace, Service } from '../../src/domain/config/service.ts'
import type { Plan } from '../../src/domain/plan/plan.ts'
import type { FinalDecision } from '../../src/domain/question/decision.ts'
import {
  aCommand,
  aLedgerServing,
  aLedgerWithChecks,
  allSteps,
  aPlan,
  aPolicy,
  aRecipe,
  aScheduler,
  aService,
  aTestBed,
  count,
  newer,
  older,
  percent,
  rollsOf,
} from './a-plan.ts'
import { type Interruption, type Scenario, type Story, tell } from './story.ts'
import type { Condition } from './world.ts'

export interface Bounds {
  readonly services: number
  readonly instances: number
  /**
   * True if the scenario ends the same in every order. After a lost run several failures may be found at
   * once, and tolerated failures are then asked about.
   */
  readonly comparable: boolean
  /** Some services have a front door that cannot be observed. */
  readonly unseen?: boolean
  /** Every service of more than one instance has a test bed, and every deployment uses it. */
  readonly tried?: boolean
}

const oneOf = <Value>(...values: readonly Value[]) => fc.constantFrom(...values)
const perhaps = <Value>(value: Value) => fc.option(fc.constant(value), { nil: null })

const steps: fc.Arbitrary<StepRecipes> = fc.record({
  build: perhaps(allSteps.build),
  configureBroker: perhaps(allSteps.configureBroker),
  preDeploy: perhaps(allSteps.preDeploy),
  scheduler: fc.option(
    fc
      .record({
        deploy: perhaps(aCommand('deploy-scheduler')),
        resumeAfter: oneOf('migrate' as const, 'services' as const),
      })
      .map(aScheduler),
    { nil: null, freq: 4 },
  ),
  preConfigure: perhaps(allSteps.preConfigure),
  migrate: fc.option(
    fc.record({
      command: fc.constant(aCommand('migrate')),
      phase: oneOf('expand' as const, 'expand' as const, 'contract' as const),
      repeatable: oneOf(false, false, true),
    }),
    { nil: null, freq: 4 },
  ),
  postConfigure: perhaps(allSteps.postConfigure),
  postDeploy: perhaps(allSteps.postDeploy),
})

const counts = (most: number): fc.Arbitrary<Count> =>
  fc.oneof(
    fc.record({ kind: fc.constant('number' as const), value: fc.integer({ min: 1, max: most }) }),
    fc.record({ kind: fc.constant('percent' as const), value: fc.integer({ min: 1, max: 100 }) }),
  )

const unseenTraffic = { kind: 'command', leave: null, enter: null, serving: null, timeout: 1_000 } as const

/** A service that a plan does not refuse: some instance may always be taken. */
/** The instances in turn in one of these zones, and the last one in none. */
const inZones = (zones: number, { fleet, ...service }: Service): Service => {
  const instances = fleet.instances.map((instance, at) =>
    zones === 0 || at === fleet.instances.length - 1 ? instance : { ...instance, zone: `zone-${at % zones}` },
  )
  return { ...service, fleet: { ...fleet, instances } as Service['fleet'] }
}

const services = (
  name: string,
  { instances, comparable, unseen = false, tried = false }: Bounds,
): fc.Arbitrary<Service> =>
  fc.integer({ min: tried ? 2 : 1, max: instances }).chain((size) =>
    fc
      .record({
        maxParallel: counts(4),
        minAvailable: fc.option(
          fc.integer({ min: 0, max: size - 1 }).map((value) => ({ kind: 'number' as const, value })),
          { nil: null },
        ),
        batches: oneOf<readonly Count[]>([], [], [count(1), count(2)], [count(1), percent(50), percent(100)]),
        rollback: oneOf<RollbackPace | null>(
          null,
          { maxParallel: count(1), minAvailable: null },
          { maxParallel: percent(100), minAvailable: null },
          { maxParallel: count(3), minAvailable: count(size - 1) },
        ),
        maxFailures: comparable ? fc.constant(0) : fc.nat({ max: 2 }),
        onFailure: oneOf('ask' as const, 'ask' as const, 'roll-back' as const),
        // An instance that reports no version is changed again after a lost run, if there is capacity for that.
        testBed: tried ? oneOf(1, 1, 2) : oneOf(0, 0, 1, 2),
        zones: oneOf(0, 0, 2, 3),
        blind: unseen ? oneOf(false, false, true) : fc.constant(false),
        mute: comparable ? fc.constant(false) : oneOf(false, false, false, true),
      })
      .map(({ mute, testBed, blind, zones, ...rollout }) =>
        inZones(
          zones,
          aService(name, size, rollout, {
            ...(mute ? { version: null } : {}),
            ...(blind ? { traffic: unseenTraffic } : {}),
            ...(testBed > 0 && testBed < size ? { testBed: aTestBed(testBed) } : {}),
          }),
        ),
      ),
  )

const approvals: fc.Arbitrary<ApprovalRule> = oneOf<ApprovalRule>(
  { kind: 'none' },
  { kind: 'reviewers', allowBypass: false },
  { kind: 'named', from: ['bob'], notSelf: true },
)

const plans = (bounds: Bounds): fc.Arbitrary<Plan> =>
  fc
    .record({
      steps,
      services: fc
        .integer({ min: 1, max: bounds.services })
        .chain((some) =>
          fc.tuple(...['web', 'api', 'jobs'].slice(0, some).map((name) => services(name, bounds))),
        ),
      approval: approvals,
      mode: bounds.tried
        ? fc.constant('deploy')
        : oneOf('first', 'deploy', 'deploy', 'deploy', 'deploy', 'rollback', 'redeploy'),
      checked: oneOf(false, true),
    })
    .map(({ steps, services, approval, mode, checked }) =>
      aPlan({
        recipe: aRecipe({ steps, services }),
        policy: aPolicy({ approval }),
        wanted: mode === 'rollback' ? 'rollback' : 'deploy',
        redeploy: true,
        ledger:
          checked && (mode === 'deploy' || mode === 'rollback')
            ? aLedgerWithChecks()
            : aLedgerServing(mode === 'first' ? null : mode === 'redeploy' ? newer : older),
      }),
    )

const stepFaults = [
  'configure-broker',
  'pre-deploy',
  'suspend-scheduler',
  'pre-configure',
  'deploy-scheduler',
]
  .concat([
    'migrate',
    'check-compatibility',
    'resume-scheduler',
    'record-version',
    'post-configure',
    'post-deploy',
  ])
  .concat(['roll-services/web', 'roll-services/api'])
  .concat(['source', 'build', 'undo suspend-scheduler', 'undo deploy-scheduler'])

const never = 9

export const scenarios = (bounds: Bounds): fc.Arbitrary<Scenario> =>
  plans(bounds).chain((plan) => {
    const instances = rollsOf(plan).flatMap(({ service }) => service.fleet.instances.map(({ name }) => name))
    const mute = new Set(
      rollsOf(plan)
        .filter(({ service }) => service.version === null)
        .flatMap(({ service }) => service.fleet.instances.map(({ name }) => name)),
    )
    const forwardFaults = instances.map((name) => `forward ${name}`)
    const backFaults = instances.map((name) => `back ${name}`)
    const faulty = (keys: readonly string[], most: readonly number[]) =>
      keys.length === 0
        ? fc.constant({})
        : fc.dictionary(fc.constantFrom(...keys), fc.constantFrom(...most), { maxKeys: 3 })
    const forward = oneOf<FinalDecision>(
      'retry',
      'force-next',
      'exclude',
      'roll-back',
      'roll-back',
      'abandon',
    )
    return fc
      .record({
        plan: fc.constant(plan),
        conditions: fc
          .dictionary(fc.constantFrom(...instances), oneOf<Condition>('down', 'ahead', 'elsewhere'), {
            maxKeys: 4,
          })
          // The release of an instance that reports no version cannot be a condition: no look shows it.
          .map((all) => Object.fromEntries(Object.entries(all).filter(([name]) => !mute.has(name)))),
        faults: fc
          .tuple(
            fc.oneof(
              { weight: 2, arbitrary: fc.constant({}) },
              { weight: 1, arbitrary: faulty(stepFaults, [1, 2, never]) },
            ),
            faulty(forwardFaults, bounds.comparable ? [1, 2] : [1, 2, never]),
            faulty(backFaults, bounds.comparable ? [1, 2] : [1, 2, never]),
          )
          .map((parts) => Object.assign({}, ...parts) as Record<string, number>),
        person: fc.record({
          approves: oneOf(true, true, true, false),
          forward,
          back: bounds.comparable
            ? fc.constant<FinalDecision>('retry')
            : oneOf<FinalDecision>('retry', 'force-next', 'exclude', 'abandon'),
          oneByOne: fc.boolean(),
        }),
        savesInPassing: fc.boolean(),
        waitsForBakes: bounds.comparable ? fc.constant(false) : fc.boolean(),
      })
      .map((scenario) => (bounds.comparable ? plainIfAnyBreaks(scenario) : scenario))
  })

/**
 * Drops the other conditions where an instance breaks. The progress of its batch at that moment differs after
 * a lost run, and so does the set that is taken back: instances in another condition may then be up, or may
 * be missing for the capacity.
 */
function plainIfAnyBreaks(scenario: Scenario): Scenario {
  const breaks = Object.keys(scenario.faults).some((key) => /^(forward|back) /.test(key))
  return breaks ? { ...scenario, conditions: {} } : scenario
}

const interruptions = (ticks: number, kinds: readonly Interruption['kind'][]): fc.Arbitrary<Interruption[]> =>
  fc.array(fc.record({ after: fc.integer({ min: 1, max: ticks + 20 }), kind: fc.constantFrom(...kinds) }), {
    minLength: 1,
    maxLength: 3,
  })

export const bigFleets: Bounds = { services: 3, instances: 12, comparable: false }
export const smallFleets: Bounds = { services: 2, instances: 5, comparable: true }

const toldUndisturbed = new WeakMap<Scenario, Story>()

/** The story without a lost run. It is told once: its length bounds the interruptions, its end is compared. */
export function undisturbed(scenario: Scenario): Story {
  const story = toldUndisturbed.get(scenario) ?? tell(scenario)
  toldUndisturbed.set(scenario, story)
  return story
}

/** A scenario, and one to three things that befall its runs. */
export const befallen = (
  bounds: Bounds,
  kinds: readonly Interruption['kind'][],
): fc.Arbitrary<[Scenario, Interruption[]]> =>
  scenarios(bounds).chain((scenario) =>
    fc.tuple(fc.constant(scenario), interruptions(undisturbed(scenario).ticks, kinds)),
  )
