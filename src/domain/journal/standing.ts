import { visitorsAfter } from '../detour/deed.ts'
import { engineAtRest } from '../engine/engine-standing.ts'
import { engineAfter, handedAnew } from '../engine/engine-turns.ts'
import type { Plan } from '../plan/plan.ts'
import type { Failure } from '../question/decision.ts'
import { failureOf, instancesOf, type Pause } from '../question/pause.ts'
import { bakedAgain, bakingFrom, judged, withFigures } from '../rolling/bake.ts'
import { checkAfter, checkForced } from '../rolling/roll-check.ts'
import type { Bake, InstanceStanding, RollStanding } from '../rolling/roll-standing.ts'
import { changeInstances, observeRoll, rollAtRest, turnRollBack } from '../rolling/rolling.ts'
import { orderOf } from '../rolling/rollout-order.ts'
import { signalKey } from '../signal/signal.ts'
import { handOverSteps, rollStep, rollSteps } from '../step/steps-in.ts'
import { traitsOf } from '../step/traits.ts'
import { type Standing, stepAtRest, withStep } from './deployment-standing.ts'
import { backInCode, type Direction, onward, restoring } from './direction.ts'
import { afresh, doubtPrepared, doubtRolls } from './doubt.ts'
import type { Event, Handled, InstancesObserved, Journal } from './journal.ts'

export type { Standing, StepStanding } from './deployment-standing.ts'

/** Reads a journal into a standing. It can be read again from its first event at any time: nothing else is kept. */
export const standing = (plan: Plan, journal: Journal): Standing =>
  journal.reduce<Standing>((before, event) => advance(plan, before, event), atFirst(plan))

/** The standing before the first event. */
function atFirst(plan: Plan): Standing {
  return {
    number: 0,
    direction: onward,
    visitors: plan.steps.some((step) => traitsOf(step).remembers === 'detour-joined') ? 'stand-in' : 'home',
    steps: new Map(plan.steps.map((step) => [step.id, stepAtRest])),
    rolls: new Map(rollSteps(plan.steps).map((step) => [step.id, rollAtRest(step)])),
    engines: new Map(handOverSteps(plan.steps).map(({ id }) => [id, engineAtRest])),
    pauses: 0,
    pause: null,
    approvedBy: null,
    rejected: null,
    abandoned: null,
    halt: null,
    passed: [],
    heard: [],
    interrupted: null,
    failure: null,
    outcome: null,
  }
}

/** Returns the standing after one more event, so that a long journal need not be read again for each event. */
export function advance(plan: Plan, now: Standing, event: Event): Standing {
  switch (event.kind) {
    case 'opened':
      return { ...now, number: event.number }
    case 'resumed':
      return afresh(plan, { ...now, interrupted: null })
    case 'interrupted':
      return doubtRolls(doubtPrepared(plan, { ...now, interrupted: event.cause }, event.at))
    case 'left':
    case 'record-opened':
    case 'artifact-frozen':
    case 'instance-prepared':
    case 'instance-desired':
    case 'outputs-frozen':
    case 'backed-up':
      return now
    case 'detour-deed':
      return { ...now, visitors: visitorsAfter(now.visitors, event.deed, event.evidence) }
    case 'step-started':
      return withStep(now, event.step, {
        ...stepAtRest,
        ranOn: now.steps.get(event.step)?.ranOn ?? [],
        state: 'running',
        startedAt: event.at,
        baked: now.steps.get(event.step)?.baked ?? null,
      })
    case 'command-ran':
      return withStep(now, event.step, {
        ranOn: [...(now.steps.get(event.step)?.ranOn ?? []), event.instance],
      })
    case 'step-succeeded':
      return withStep(now, event.step, {
        state: 'succeeded',
        ranOn: [],
        note: event.note ?? null,
        endedAt: event.at,
      })
    case 'step-skipped':
      return withStep(now, event.step, { state: 'skipped', note: event.note, endedAt: event.at })
    case 'step-failed':
      return withStep(now, event.step, { state: 'failed', failure: event.failure, endedAt: event.at })
    case 'undo-started':
      return withStep(now, event.step, { undo: 'running' })
    case 'undo-succeeded':
      // Undone while it still goes forward (its run was stopped), a step is to be done again by the next run.
      return withStep(now, event.step, now.direction.to === 'old' ? { undo: 'done' } : stepAtRest)
    case 'undo-failed':
      return withStep(now, event.step, { undo: 'failed', failure: event.failure })
    case 'instances-observed':
      return observe(plan, now, event)
    case 'bake-started':
      return bakes(now, event)
    case 'figures-read':
      return withBake(now, event.step, (bake) => withFigures(bake, event.figures))
    case 'bake-ended':
      return withBake(now, event.step, (bake) =>
        judged(bake, event, rollStep(plan.steps, event.step)?.service.testBed ?? null),
      )
    case 'capacity-observed':
      return Object.entries(event.available).reduce(
        (seen, [name, available]) => withInstances(seen, event.step, [name], { available }),
        now,
      )
    case 'instances-started':
      return withInstances(now, event.step, event.instances, {
        state: 'changing',
        ...(orderIn(plan, event.step)?.keepsTraffic === true ? {} : { available: false }),
        touched: true,
        out: false,
        failure: null,
      })
    case 'instance-succeeded':
      return withInstances(now, event.step, [event.instance], {
        state: 'done',
        available: true,
        broke: false,
      })
    case 'instance-failed':
      return withInstances(now, event.step, [event.instance], {
        state: 'failed',
        ...(orderIn(plan, event.step)?.failedServes === true ? {} : { available: false }),
        broke: true,
        out: isOut(event),
        failure: event.failure,
      })
    case 'instance-checked':
      return withRoll(now, event.step, (roll) => ({
        ...roll,
        check: checkAfter(event.found, event.instance),
      }))
    case 'handed-over':
    case 'engine-observed':
      return engineAfter(now, event)
    case 'paused':
      return { ...now, pauses: now.pauses + 1, pause: event.pause }
    case 'lapsed':
      return now.pause?.id === event.pause ? { ...now, pause: null } : now
    case 'approved':
      return now
    case 'withdrawn':
      return unapproved(plan, now)
    case 'decided':
      return now.pause?.id === event.pause ? decide(plan, { ...now, pause: null }, event, now.pause) : now
    case 'halted':
      return halt(now, event)
    case 'turned-back':
      return turnBack(now, event.failure, event.database === 'restored' ? restoring : backInCode)
    case 'ended':
      return { ...now, outcome: event.outcome }
  }
}

/** The traits of the order in which a step changes its instances. */
function orderIn(plan: Plan, id: string) {
  const step = rollStep(plan.steps, id)
  return step === null ? null : orderOf(step.service.rollout.order)
}

/** A bake of a test bed, or of the whole environment. */
const bakes = (now: Standing, { step, until, at }: Extract<Event, { kind: 'bake-started' }>): Standing =>
  now.rolls.has(step)
    ? withBake(now, step, () => bakingFrom(at, until))
    : withStep(now, step, { baked: { from: at, until } })

const isOut = ({ outSince, backSince }: Handled): boolean => outSince !== null && backSince === null

function withInstances(
  now: Standing,
  step: string,
  names: readonly string[],
  change: Partial<InstanceStanding>,
): Standing {
  return withRoll(now, step, (roll) => changeInstances(roll, names, change))
}

function withRoll(now: Standing, step: string, change: (roll: RollStanding) => RollStanding): Standing {
  const roll = now.rolls.get(step)
  return roll === undefined ? now : { ...now, rolls: new Map(now.rolls).set(step, change(roll)) }
}

function observe(plan: Plan, now: Standing, { step: id, instances }: InstancesObserved): Standing {
  const step = rollStep(plan.steps, id)
  if (step === null) return now
  const wanted = now.direction.to === 'new' ? plan.release : plan.from
  const releases = { wanted, before: plan.from }
  return withRoll(now, id, (roll) => observeRoll(step, roll, instances, releases))
}

/** The gate of a deployment that has changed nothing is closed again: the next run asks once more. */
function unapproved(plan: Plan, now: Standing): Standing {
  const gates = plan.steps.filter((step) => traitsOf(step).asks(step) === 'before')
  return gates.reduce<Standing>((seen, { id }) => withStep(seen, id, stepAtRest), {
    ...now,
    approvedBy: null,
  })
}

type DecidedEvent = Extract<Event, { kind: 'decided' }>

function turnBack(now: Standing, failure: Failure | null, direction: Direction): Standing {
  const rolls = new Map([...now.rolls].map(([id, roll]) => [id, turnRollBack(roll)]))
  return { ...now, direction, halt: null, failure: now.failure ?? failure, rolls }
}

function halt(now: Standing, { step, signals }: Extract<Event, { kind: 'halted' }>): Standing {
  const asks = signals.flatMap((signal) => (signal.kind === 'person' ? signal.ask : []))
  return { ...now, halt: { step, signals }, heard: [...new Set([...now.heard, ...asks])] }
}

/** `past`: the keys of the signals that hold it no more. */
const goOn = (now: Standing, past: readonly string[] = []): Standing => ({
  ...now,
  halt: null,
  passed: [...new Set([...now.passed, ...past])],
})

function decide(plan: Plan, now: Standing, event: DecidedEvent, pause: Pause | null): Standing {
  if (pause === null) return now
  switch (event.decision) {
    case 'approve':
      return { ...now, approvedBy: event.by }
    case 'reject':
      return { ...now, rejected: { by: event.by, reason: event.reason } }
    case 'abandon':
      return { ...now, abandoned: { by: event.by, reason: event.reason } }
    case 'roll-back':
    case 'revert-code':
      return turnBack(now, failureOf(pause), backInCode)
    case 'revert':
      return turnBack(now, failureOf(pause), restoring)
    case 'exclude':
      return withInstances(now, pause.step, namedBy(event, pause), { state: 'excluded' })
    case 'complete':
      return now.direction.to === 'new'
        ? withStep(now, pause.step, { state: 'succeeded', note: inspectedBy(event), endedAt: event.at })
        : withStep(now, pause.step, { undo: 'done' })
    case 'retry':
      return retry(plan, now, event, pause)
    case 'force-next':
      return forceNext(now, event, pause)
  }
}

const inspectedBy = ({ by, reason }: DecidedEvent): string =>
  reason === '' ? `inspected by ${by}` : `inspected by ${by}: ${reason}`

/** The instances that an answer is for. */
const namedBy = ({ instances }: DecidedEvent, pause: Pause): readonly string[] =>
  instances.length > 0 ? instances : instancesOf(pause)

function retry(plan: Plan, now: Standing, event: DecidedEvent, pause: Pause): Standing {
  switch (pause.kind) {
    case 'verdict':
    case 'wait':
      return withBake(now, pause.step, (bake) =>
        bakedAgain(bake, event.at, rollStep(plan.steps, pause.step)?.service.testBed ?? null),
      )
    case 'halt':
      return goOn(now)
    case 'failed-instances':
      return withInstances(now, pause.step, namedBy(event, pause), { state: 'pending', failure: null })
    case 'approval':
    case 'bake':
    case 'inspection':
    case 'revert-inspection':
    case 'failed-step':
    case 'no-capacity':
      return retryStep(now, pause.step)
  }
}

function forceNext(now: Standing, event: DecidedEvent, pause: Pause): Standing {
  switch (pause.kind) {
    case 'verdict':
    case 'wait':
      return withBake(now, pause.step, () => ({ state: 'over' }))
    case 'halt':
      return goOn(now, pause.signals.map(signalKey))
    case 'failed-instances':
      return forceInstances(now, pause.step, namedBy(event, pause))
    case 'approval':
    case 'bake':
    case 'inspection':
    case 'revert-inspection':
    case 'failed-step':
    case 'no-capacity':
      return withStep(now, pause.step, now.direction.to === 'new' ? { state: 'forced' } : { undo: 'done' })
  }
}

const forceInstances = (now: Standing, step: string, names: readonly string[]): Standing =>
  withRoll(now, step, (roll) => ({
    ...changeInstances(roll, names, { state: 'forced' }),
    check: checkForced(roll.check, names),
  }))

const withBake = (now: Standing, step: string, change: (bake: Bake | null) => Bake | null): Standing =>
  withRoll(now, step, (roll) => ({ ...roll, bake: change(roll.bake) }))

function retryStep(now: Standing, id: string): Standing {
  if (now.direction.to === 'old') return withStep(handedAnew(now, id), id, { undo: 'none' })
  const rolls = new Map(now.rolls)
  const roll = rolls.get(id)
  if (roll !== undefined) rolls.set(id, { ...roll, observed: false })
  return withStep(
    { ...handedAnew(now, id), rolls },
    id,
    roll === undefined ? { state: 'pending', unsure: false, baked: null } : {},
  )
}
