import { visitorsAfter } from '../detour/deed.ts'
import { engineAtRest } from '../engine/engine-standing.ts'
import { engineAfter } from '../engine/engine-turns.ts'
import type { Plan } from '../plan/plan.ts'
import { bakingFrom, judged, withFigures } from '../rolling/bake.ts'
import { checkAfter } from '../rolling/roll-check.ts'
import { observeRoll, rollAtRest } from '../rolling/rolling.ts'
import { orderOf } from '../rolling/rollout-order.ts'
import { handOverSteps, rollStep, rollSteps } from '../step/steps-in.ts'
import { traitsOf } from '../step/traits.ts'
import { decide, turnBack } from './decided.ts'
import {
  type Standing,
  stepAtRest,
  withBake,
  withInstances,
  withRoll,
  withStep,
} from './deployment-standing.ts'
import { backInCode, onward, restoring } from './direction.ts'
import { afresh, doubtPrepared, doubtRolls, doubtThoseOut } from './doubt.ts'
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
      return doubtThoseOut(doubtRolls(doubtPrepared(plan, { ...now, interrupted: event.cause }, event.at)))
    case 'left':
    case 'record-opened':
    case 'artifact-frozen':
    case 'instance-prepared':
    case 'instance-desired':
    case 'outputs-frozen':
    case 'backed-up':
    case 'cron-jobs-observed':
    case 'manifests-compared':
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
        perhapsBack: false,
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
        perhapsBack: false,
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

function halt(now: Standing, { step, signals }: Extract<Event, { kind: 'halted' }>): Standing {
  const asks = signals.flatMap((signal) => (signal.kind === 'person' ? signal.ask : []))
  return { ...now, halt: { step, signals }, heard: [...new Set([...now.heard, ...asks])] }
}
