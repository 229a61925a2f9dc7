import type { Plan } from '../plan/plan.ts'
import type { InstanceStanding } from '../rolling/roll-standing.ts'
import type { Step } from '../step/step.ts'
import { isFollowed, repeatable, traitsOf } from '../step/traits.ts'
import { hasBegun, type Standing, type StepStanding, stepAtRest, withStep } from './deployment-standing.ts'

/** Doubts: a run that was lost, or stopped, may have done more than its journal says. */

/** Another run does not have the observations of the last one: it looks again, and a running step is uncertain. */
export function afresh(plan: Plan, now: Standing): Standing {
  const prepares = now.direction.to === 'new' && (!keepsAll(plan, now) || needsLeaseAgain(plan, now))
  const again = (step: Step) => prepares && isTakenBack(step)
  const steps = new Map(
    plan.steps.map((step) => [step.id, stepAfresh(step, now.steps.get(step.id) ?? stepAtRest, again(step))]),
  )
  const rolls = new Map([...now.rolls].map(([id, roll]) => [id, { ...roll, observed: false }]))
  return { ...now, steps, rolls }
}

/** `again`: the run before may have taken the step back without noting it, and its lease may have run out. */
function stepAfresh(step: Step, before: StepStanding, again: boolean): StepStanding {
  const state = again && before.state === 'succeeded' ? 'running' : before.state
  const cutShort = traitsOf(step).repeatsUndo(step) ? 'none' : 'doubtful'
  return {
    ...before,
    state,
    unsure: before.unsure || state === 'running',
    elsewhere: state === 'succeeded' || state === 'skipped',
    undo: before.undo === 'running' ? cutShort : before.undo,
  }
}

/** True if a stopped run undoes the step, as long as no step has begun that keeps everything. */
export const isTakenBack = (step: Step): boolean => traitsOf(step).whenStopped === 'take-back'

/** True if a step has begun after which a stopped run undoes nothing. */
export const keepsAll = (plan: Plan, now: Standing): boolean =>
  plan.steps.some((step) => traitsOf(step).whenStopped === 'keep-all' && hasBegun(now, step))

/** True if a step has begun that pins a lease, so that earlier steps cannot simply be undone. */
export const pinBegun = (plan: Plan, now: Standing): boolean =>
  plan.steps.some((step) => pins(step) && hasBegun(now, step))

/** True of a step that pins a lease while it has begun and not succeeded. */
export const pins = (step: Step): boolean =>
  traitsOf(step).brackets.some((bracket) => bracket.part === 'needs' && bracket.pins)

/** A migration that is repeated needs the suspension again: the lost run may have ended it. */
const needsLeaseAgain = (plan: Plan, now: Standing): boolean =>
  plan.steps.some((step) => {
    const state = pins(step) ? now.steps.get(step.id)?.state : undefined
    return state === 'pending' || (state === 'running' && (repeatable(step) || isFollowed(step)))
  })

/**
 * A step that needs a lease and is not saved first may have begun in a lost run that had taken the lease: a
 * new scheduler, for example. When rolling back no new step starts, and the started ones were saved with the
 * `turned-back` event, so nothing is uncertain.
 */
export function doubtPrepared(plan: Plan, now: Standing, at: string): Standing {
  if (now.interrupted === null || now.interrupted === 'cancelled') return now
  if (now.direction.to === 'old' || keepsAll(plan, now)) return now
  return plan.steps
    .filter((step) => isUnsaved(step) && leaseBegun(plan, now, step))
    .filter(({ id }) => now.steps.get(id)?.state === 'pending')
    .reduce(
      (doubted, { id }) => withStep(doubted, id, { state: 'running', unsure: true, startedAt: at }),
      now,
    )
}

const isUnsaved = (step: Step): boolean => isTakenBack(step) && traitsOf(step).save === 'none'

function leaseBegun({ steps }: Plan, now: Standing, step: Step): boolean {
  const leases = traitsOf(step).brackets.map(({ lease }) => lease)
  const opens = (other: Step): boolean =>
    traitsOf(other).brackets.some(({ part, lease }) => part === 'opens' && leases.includes(lease))
  return steps.some((other) => opens(other) && hasBegun(now, other))
}

/** In either direction: an instance that waits for its next change is one that a lost run may have changed. */
export function doubtThoseOut(now: Standing): Standing {
  const doubted = ([name, instance]: [string, InstanceStanding]): [string, InstanceStanding] => [
    name,
    instance.out && instance.state === 'pending' ? { ...instance, perhapsBack: true } : instance,
  ]
  const rolls = new Map(
    [...now.rolls].map(([id, roll]) => [
      id,
      { ...roll, instances: new Map([...roll.instances].map(doubted)) },
    ]),
  )
  return { ...now, rolls }
}

/** When rolling back a run changes only the touched instances of the journal, so that no doubt is added. */
export function doubtRolls(now: Standing): Standing {
  if (now.direction.to === 'old') return now
  const rolls = new Map(
    [...now.rolls].map(([id, roll]) => [
      id,
      { ...roll, unsure: roll.unsure || now.steps.get(id)?.state === 'running' },
    ]),
  )
  return { ...now, rolls }
}
