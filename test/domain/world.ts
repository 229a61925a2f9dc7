import type { Direction } from '../../src/domain/journal/direction.ts'
import type { Observation } from '../../src/domain/journal/journal.ts'
import type { Plan } from '../../src/domain/plan/plan.ts'
import type { Failure } from '../../src/domain/question/decision.ts'
import { sizeAfter } from '../../src/domain/rolling/batches.ts'
import { paceOf } from '../../src/domain/rolling/pace.ts'
import { plainVerdict, type Verdict } from '../../src/domain/rolling/verdict.ts'
import type { RollStep, Step } from '../../src/domain/step/step.ts'
import { repeatable } from '../../src/domain/step/traits.ts'
import { rollsOf } from './a-plan.ts'

/** The state of an instance before the deployment. */
export type Condition = 'serving' | 'down' | 'ahead' | 'elsewhere'

/**
 * The number of repairs by a person before a thing works. Keys: a step's id, `undo` and its id, and for an
 * instance the direction and its name.
 */
export type Faults = Readonly<Record<string, number>>

/** A rule of the deployment that the world saw broken. */
export type Breach =
  | 'floor'
  | 'width'
  | 'zone'
  | 'direction'
  /** After a lost run it is unknown whether the run changed an instance that was down, or served before. */
  | 'direction, for all that can be seen'
  | 'excluded'
  | 'scheduler on during its suspension'
  /** After a lost run instances may be handled once more when the scheduler was on again already. */
  | 'scheduler on during the rollout'
  | 'run twice'
  /** The others were taken before the test bed had served the release alone and was judged. */
  | 'not tried out'
  | 'test bed changed again'

/** The parts that deployments change: a scheduler, a database, instances. The world counts the changes. */
export interface World {
  readonly state: State
  /** The instances that were changed. */
  readonly touched: ReadonlySet<string>
  readonly breaches: readonly { readonly rule: Breach; readonly what: string }[]
  run(step: Step): Failure | null
  undo(step: Step, direction: Direction): Failure | null
  look(step: RollStep): Record<string, Observation>
  /** Judges the test bed against the other instances. */
  judge(step: RollStep, watched: readonly string[]): Verdict
  takeOut(step: RollStep, names: readonly string[], direction: Direction): void
  bringBack(step: RollStep, name: string, direction: Direction): Failure | null
  /** A person repairs it, so that the next try may succeed. */
  repair(key: string): void
  /** A person does the work of a step by hand. */
  doByHand(step: Step, direction: Direction): void
  finished(step: Step): boolean
  mayRunAgain(step: Step): void
  exclude(names: readonly string[]): void
}

export interface State {
  scheduler: 'on' | 'off'
  schedulerOf: 'older' | 'newer'
  database: 'older' | 'half' | 'newer'
  readonly done: Set<string>
  /** `up`: requests reach it. `alive`: it says that it is healthy; only where its traffic is unseen the two may differ. */
  readonly instances: Map<string, { version: string; up: boolean; alive: boolean }>
}

const worse: Verdict = plainVerdict('worse', '')

const broken: Failure = { code: 'command-failed', what: 'It does not work.', tail: [] }

/** `tick` is called after every single effect; it throws when the run is lost there. */
export function aWorld(
  plan: Plan,
  conditions: Readonly<Record<string, Condition>>,
  faults: Faults,
  tick: () => void,
): World {
  const toRepair = new Map(Object.entries(faults))
  const mayRun = new Map<string, number>()
  const finished = new Set<string>()
  const touched = new Set<string>()
  const excluded = new Set<string>()
  const judged = new Set<string>()
  /** A failed instance is changed again, even if a lost run put it right without noting it. */
  const failedOnce = new Set<string>()
  const breaches: { rule: Breach; what: string }[] = []
  const from = plan.from?.tag ?? 'none'
  const state: State = {
    scheduler: 'on',
    schedulerOf: 'older',
    database: 'older',
    done: new Set(),
    instances: new Map(
      rollsOf(plan).flatMap((step) =>
        step.service.fleet.instances.map(({ name }) => [name, initially(conditions[name] ?? 'serving')]),
      ),
    ),
  }

  function initially(condition: Condition): { version: string; up: boolean; alive: boolean } {
    if (condition === 'ahead') return { version: plan.release.tag, up: true, alive: true }
    const up = condition !== 'down'
    return { version: condition === 'elsewhere' ? 'v0.9.0' : from, up, alive: up }
  }

  const breach = (rule: Breach, what: string) => void breaches.push({ rule, what })
  const fails = (key: string): boolean => (toRepair.get(key) ?? 0) > 0
  const instance = (name: string) => {
    const found = state.instances.get(name)
    if (found === undefined) throw new Error(`no instance ${name}`)
    return found
  }
  const plain = (step: RollStep, name: string): boolean =>
    step.service.version !== null && (conditions[name] ?? 'serving') === 'serving'
  const names = (step: RollStep) => step.service.fleet.instances.map(({ name }) => name)
  const up = (step: RollStep) => names(step).filter((name) => instance(name).up).length

  function checkSuspension(step: Step): void {
    const place = (kind: Step['kind']) => plan.steps.findIndex((other) => other.kind === kind)
    const at = plan.steps.indexOf(step)
    const within =
      place('suspend-scheduler') >= 0 && place('suspend-scheduler') < at && at < place('resume-scheduler')
    if (!within || state.scheduler === 'off') return
    const rolls = step.kind === 'roll-services'
    breach(rolls ? 'scheduler on during the rollout' : 'scheduler on during its suspension', step.id)
  }

  /** The largest batch while as many as now serve the wanted release. */
  function mostAtOnce(step: RollStep, direction: Direction): number {
    const wanted = direction.to === 'new' ? plan.release.tag : from
    const there = names(step).filter((name) => instance(name).version === wanted)
    return sizeAfter(there.length, paceOf(step, direction))
  }

  function checkTestBed(step: RollStep, taken: readonly string[]): void {
    const again = taken.filter((name) => step.testBed.includes(name) && touched.has(name))
    if (judged.has(step.id) && again.length > 0) breach('test bed changed again', again.join())
    if (taken.every((name) => step.testBed.includes(name))) return
    const untried = step.testBed.filter(
      (name) => !touched.has(name) && !excluded.has(name) && instance(name).version !== plan.release.tag,
    )
    const unjudged = step.testBed.filter((name) => touched.has(name) && instance(name).up)
    if (untried.length > 0 || (unjudged.length > 0 && !judged.has(step.id)))
      breach('not tried out', `${taken} before ${[...untried, ...unjudged]}`)
  }

  function effect(step: Step): void {
    switch (step.kind) {
      case 'suspend-scheduler':
        state.scheduler = 'off'
        return
      case 'resume-scheduler':
        state.scheduler = 'on'
        return
      case 'deploy-scheduler':
        state.schedulerOf = 'newer'
        return
      case 'migrate':
        state.database = 'newer'
        return
      default:
        state.done.add(step.id)
    }
  }

  function undoEffect(step: Step): void {
    if (step.kind === 'suspend-scheduler') state.scheduler = 'on'
    else state.schedulerOf = 'older'
  }

  return {
    state,
    touched,
    breaches,
    run(step) {
      checkSuspension(step)
      const left = mayRun.get(step.id) ?? 1
      if (left === 0 && !repeatable(step)) breach('run twice', step.id)
      mayRun.set(step.id, Math.max(0, left - 1))
      finished.delete(step.id)
      if (step.kind === 'suspend-scheduler') state.scheduler = 'off'
      if (step.kind === 'migrate') state.database = 'half'
      tick()
      if (fails(step.id)) return broken
      effect(step)
      finished.add(step.id)
      tick()
      return null
    },
    undo(step, direction) {
      // No job may run while another scheduler takes the place of this one.
      if (step.kind === 'deploy-scheduler') {
        state.scheduler = 'off'
        tick()
      }
      if (fails(`undo ${step.id}`)) return broken
      // Going back, a person has checked the database, or accepts it as it is.
      if (direction.to === 'new' && step.kind === 'suspend-scheduler' && state.database === 'half')
        breach('scheduler on during its suspension', 'half a migration')
      undoEffect(step)
      tick()
      return null
    },
    look: (step) =>
      Object.fromEntries(
        names(step).map((name) => {
          const { version, up, alive } = instance(name)
          const healthy = step.service.traffic.kind === 'command' ? alive : up
          return [name, { healthy, version: healthy && step.service.version !== null ? version : null }]
        }),
      ),
    judge(step, watched) {
      tick()
      judged.add(step.id)
      if (watched.some((name) => !instance(name).up)) breach('not tried out', `${watched} is down`)
      return fails(step.id) ? { ...worse, what: 'It is slower.' } : { ...worse, kind: 'better-or-equal' }
    },
    takeOut(step, taken, direction) {
      if (direction.to === 'new') {
        checkSuspension(step)
        checkTestBed(step, taken)
      }
      if (taken.length > mostAtOnce(step, direction)) breach('width', `${taken.length} of ${step.id}`)
      const zones = step.service.fleet.instances.filter(({ name }) => taken.includes(name))
      if (new Set(zones.map(({ zone }) => zone)).size > 1) breach('zone', `${taken} of ${step.id}`)
      const costs = taken.some((name) => instance(name).up)
      for (const name of taken) {
        const { version, up: serves } = instance(name)
        const wanted = direction.to === 'new' ? plan.release.tag : from
        if (serves && version === wanted && step.service.version !== null && !failedOnce.has(name))
          breach('direction', `${name} serves ${wanted} already`)
        if (direction.to === 'old' && !touched.has(name))
          breach(
            plain(step, name) ? 'direction' : 'direction, for all that can be seen',
            `${name} was not touched`,
          )
        if (excluded.has(name)) breach('excluded', name)
        touched.add(name)
        instance(name).up = false
      }
      if (costs && up(step) < paceOf(step, direction).floor)
        breach('floor', `${up(step)} of ${paceOf(step, direction).floor} in ${step.id}`)
      tick()
    },
    bringBack(_step, name, direction) {
      instance(name).version = direction.to === 'new' ? plan.release.tag : from
      tick()
      if (fails(`${way(direction)} ${name}`)) {
        failedOnce.add(name)
        // The instance stays up for inspection, out of traffic.
        instance(name).alive = true
        return { ...broken, code: 'self-test-failed' }
      }
      instance(name).alive = true
      instance(name).up = true
      tick()
      return null
    },
    repair: (key) => void toRepair.set(key, (toRepair.get(key) ?? 0) - 1),
    doByHand: (step, direction) => (direction.to === 'new' ? effect(step) : undoEffect(step)),
    finished: (step) => finished.has(step.id),
    mayRunAgain: (step) => void mayRun.set(step.id, 1),
    exclude(some) {
      for (const name of some) excluded.add(name)
    },
  }
}

/** The direction as scenarios name it. */
export const way = ({ to }: Direction) => (to === 'new' ? 'forward' : 'back')
