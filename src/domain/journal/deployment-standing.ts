import type { Visitors } from '../detour/deed.ts'
import type { EngineStanding } from '../engine/engine-standing.ts'
import type { Failure } from '../question/decision.ts'
import type { Pause } from '../question/pause.ts'
import type { Bake, InstanceStanding, RollStanding } from '../rolling/roll-standing.ts'
import { changeInstances } from '../rolling/rolling.ts'
import type { Signal } from '../signal/signal.ts'
import type { Step } from '../step/step.ts'
import type { Direction } from './direction.ts'
import type { InterruptionCause } from './journal.ts'
import type { Outcome } from './outcome.ts'

/** The state of a deployment: the sum of its journal. */
export interface Standing {
  readonly number: number
  readonly direction: Direction
  readonly visitors: Visitors
  readonly steps: ReadonlyMap<string, StepStanding>
  /** By the IDs of the steps that roll. */
  readonly rolls: ReadonlyMap<string, RollStanding>
  /** By the IDs of the steps that hand over. */
  readonly engines: ReadonlyMap<string, EngineStanding>
  readonly pauses: number
  /** The open question. */
  readonly pause: Pause | null
  readonly approvedBy: string | null
  readonly rejected: { readonly by: string; readonly reason: string } | null
  readonly abandoned: { readonly by: string; readonly reason: string } | null
  /** The signals before which it stopped; null while none holds it. */
  readonly halt: Halt | null
  /** The keys of signals that a person passed: they hold it no more. */
  readonly passed: readonly string[]
  /** The ids of people's asks that its journal has: none counts twice. */
  readonly heard: readonly string[]
  readonly interrupted: InterruptionCause | null
  /** The first thing that made it turn back, or that it will end with. */
  readonly failure: Failure | null
  readonly outcome: Outcome | null
}

/** The step that does not begin, or does not go on, and the signals that hold it. */
export interface Halt {
  readonly step: string
  readonly signals: readonly Signal[]
}

export interface StepStanding {
  readonly state: 'pending' | 'running' | 'succeeded' | 'skipped' | 'failed' | 'forced'
  /** A run ended while the step was running, so that its end is unknown. */
  readonly unsure: boolean
  /** Done by an earlier run, in a checkout that is gone: its files are missing here. */
  readonly elsewhere: boolean
  /** The instances on which its command has ended well, while it has not on all of them. */
  readonly ranOn: readonly string[]
  /** `doubtful`: a run ended while the undo was running, and running it twice may do harm. */
  readonly undo: 'none' | 'running' | 'done' | 'failed' | 'doubtful'
  /** True if its undo had failed, and a person counted it as done. */
  readonly undoForced: boolean
  readonly note: string | null
  readonly failure: Failure | null
  readonly startedAt: string | null
  readonly endedAt: string | null
  /** The time for which the step watches; null for any other step, and before it watches. */
  readonly baked: BakeTime | null
}

/** ISO times in UTC. */
export interface BakeTime {
  readonly from: string
  readonly until: string
}

export const stepAtRest: StepStanding = {
  state: 'pending',
  unsure: false,
  elsewhere: false,
  ranOn: [],
  undo: 'none',
  undoForced: false,
  note: null,
  failure: null,
  startedAt: null,
  endedAt: null,
  baked: null,
}

export function withStep(now: Standing, id: string, change: Partial<StepStanding>): Standing {
  const steps = new Map(now.steps)
  steps.set(id, { ...(steps.get(id) ?? stepAtRest), ...change })
  return { ...now, steps }
}

/** True if a step has begun, with any state now; a step to retry is pending, but it has begun. */
export const hasBegun = (now: Standing, { id }: { readonly id: string }): boolean =>
  now.steps.get(id)?.startedAt != null

export function stateOf(now: Standing, step: Step): StepStanding {
  const state = now.steps.get(step.id)
  if (state === undefined) throw new Error(`the journal has no step ${step.id}`)
  return state
}

export function withInstances(
  now: Standing,
  step: string,
  names: readonly string[],
  change: Partial<InstanceStanding>,
): Standing {
  return withRoll(now, step, (roll) => changeInstances(roll, names, change))
}

export function withRoll(
  now: Standing,
  step: string,
  change: (roll: RollStanding) => RollStanding,
): Standing {
  const roll = now.rolls.get(step)
  return roll === undefined ? now : { ...now, rolls: new Map(now.rolls).set(step, change(roll)) }
}

export const withBake = (now: Standing, step: string, change: (bake: Bake | null) => Bake | null): Standing =>
  withRoll(now, step, (roll) => ({ ...roll, bake: change(roll.bake) }))
