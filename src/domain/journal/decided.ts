import { handedAnew } from '../engine/engine-turns.ts'
import type { Plan } from '../plan/plan.ts'
import type { Failure } from '../question/decision.ts'
import { failureOf, instancesOf, type Pause } from '../question/pause.ts'
import { bakedAgain } from '../rolling/bake.ts'
import { checkForced } from '../rolling/roll-check.ts'
import { changeInstances, turnRollBack } from '../rolling/rolling.ts'
import { signalKey } from '../signal/signal.ts'
import { rollStep } from '../step/steps-in.ts'
import {
  type Standing,
  type StepStanding,
  withBake,
  withInstances,
  withRoll,
  withStep,
} from './deployment-standing.ts'
import { backInCode, type Direction, restoring } from './direction.ts'
import type { Event } from './journal.ts'

type DecidedEvent = Extract<Event, { kind: 'decided' }>

/** Returns the standing once a question is answered. */
export function decide(plan: Plan, now: Standing, event: DecidedEvent, pause: Pause | null): Standing {
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

/** Returns the standing on the way back: every roll turns, and the first failure stays the reason. */
export function turnBack(now: Standing, failure: Failure | null, direction: Direction): Standing {
  const rolls = new Map([...now.rolls].map(([id, roll]) => [id, turnRollBack(roll)]))
  return { ...now, direction, halt: null, failure: now.failure ?? failure, rolls }
}

/** `past`: the keys of the signals that hold it no more. */
const goOn = (now: Standing, past: readonly string[] = []): Standing => ({
  ...now,
  halt: null,
  passed: [...new Set([...now.passed, ...past])],
})

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
      return withStep(
        now,
        pause.step,
        now.direction.to === 'new' ? { state: 'forced' } : undoForced(now, pause),
      )
  }
}

/** A person who was asked how an undo of a lost run had ended has seen it done: it had not failed. */
const undoForced = (now: Standing, { step }: Pause): Partial<StepStanding> => ({
  undo: 'done',
  undoForced: now.steps.get(step)?.undo === 'failed',
})

const forceInstances = (now: Standing, step: string, names: readonly string[]): Standing =>
  withRoll(now, step, (roll) => ({
    ...changeInstances(roll, names, { state: 'forced' }),
    check: checkForced(roll.check, names),
  }))

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
