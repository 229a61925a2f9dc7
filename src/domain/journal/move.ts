import { backOrder } from '../config/shared-files.ts'
import type { Plan } from '../plan/plan.ts'
import { isRoll, type RollStep, type SingleStep, type Step } from '../plan/step.ts'
import { buildStep, rollSteps, singleSteps } from '../plan/steps-in.ts'
import { repeatable, traitsOf } from '../plan/traits.ts'
import {
  askAboutApproval,
  askAboutCapacity,
  askAboutInstances,
  askAboutStep,
  askAboutVerdict,
  unknownOutcome,
} from '../question/asking.ts'
import type { Failure } from '../question/decision.ts'
import { failureOf, type Pause, type Question } from '../question/pause.ts'
import { nextBatch } from '../rolling/batches.ts'
import { availability, instancesThatAre } from '../rolling/rolling.ts'
import { type Phase, phaseOf } from '../rolling/test-bed.ts'
import { hasBegun, type Standing, type StepStanding } from './deployment-standing.ts'
import { type Direction, onward } from './direction.ts'
import { isTakenBack, keepsAll, pinBegun } from './doubt.ts'
import type { Journal } from './journal.ts'
import type { Outcome } from './outcome.ts'
import { standing } from './standing.ts'

/** The next move. The executor obeys it and writes the journal. */
export type Move =
  | { readonly kind: 'run'; readonly step: SingleStep }
  /** Look at the instances of a step that rolls; its first look also begins the step. */
  | { readonly kind: 'observe'; readonly step: RollStep; readonly direction: Direction }
  | {
      readonly kind: 'roll'
      readonly step: RollStep
      readonly instances: readonly string[]
      readonly direction: Direction
    }
  /** Every instance of the step has been seen to. */
  | { readonly kind: 'finish'; readonly step: RollStep; readonly direction: Direction }
  | { readonly kind: 'undo'; readonly step: SingleStep }
  /** Watch the test bed, from now on or until a time that was set before, and judge it. */
  | {
      readonly kind: 'bake'
      readonly step: RollStep
      readonly watched: readonly string[]
      readonly until: string | null
    }
  | { readonly kind: 'turn-back'; readonly failure: Failure }
  /** The release serves: an unknown end of a later hook is noted, and keeps nothing open. */
  | { readonly kind: 'give-up'; readonly step: SingleStep; readonly failure: Failure }
  /** `asked`: the question stands in the journal already. */
  | { readonly kind: 'pause'; readonly pause: Pause; readonly asked: boolean }
  /** This run is over; another may resume the deployment. */
  | { readonly kind: 'leave' }
  | { readonly kind: 'end'; readonly outcome: Outcome }

/** Chooses the next move. Every action of a deployment is one of these moves, chosen after the last one. */
export const next = (plan: Plan, journal: Journal): Move => choose(plan, standing(plan, journal))

/** Chooses the next move, with the standing at hand. */
export function choose(plan: Plan, now: Standing): Move {
  const move = chooseWork(plan, now)
  const build = now.direction.to === 'new' && needsBuild(move) ? builtElsewhere(plan, now) : null
  return build === null ? move : { kind: 'run', step: build }
}

/** A resuming run has a checkout of its own, without the files that the last run built. */
function builtElsewhere(plan: Plan, now: Standing): SingleStep | null {
  const build = buildStep(plan.steps)
  return build !== null && stateOf(now, build).elsewhere ? build : null
}

/** True if a move runs commands of the release, which may use the files of its build. */
function needsBuild(move: Move): boolean {
  if (move.kind === 'roll' || move.kind === 'bake') return true
  return move.kind === 'run' && traitsOf(move.step).files === 'planned'
}

/** Chooses the next move of the deployment, apart from a repeated build. */
export function chooseWork(plan: Plan, now: Standing): Move {
  if (now.outcome !== null) return { kind: 'end', outcome: now.outcome }
  if (now.pause !== null) return { kind: 'pause', pause: now.pause, asked: true }
  if (now.rejected !== null) return { kind: 'end', outcome: { kind: 'rejected', ...now.rejected } }
  if (now.abandoned !== null) return { kind: 'end', outcome: { kind: 'abandoned', ...now.abandoned } }
  if (now.interrupted !== null) return close(plan, now)
  return now.direction.to === 'new' ? forward(plan, now) : back(plan, now)
}

function forward(plan: Plan, now: Standing): Move {
  for (const step of plan.steps) {
    const { state, unsure, failure } = stateOf(now, step)
    switch (state) {
      case 'succeeded':
      case 'skipped':
      case 'forced':
        continue
      case 'pending':
        return begin(now, step)
      case 'running':
        if (isRoll(step)) return roll(plan, now, step)
        if (!unsure || repeatable(step)) return { kind: 'run', step }
        if (isOnlyNoted(step)) return giveUp(step)
        return ask(askAboutStep(plan, now, step, unknownOutcome(step)))
      case 'failed': {
        const move = fail(plan, now, step, failure ?? unknownOutcome(step))
        if (move !== null) return move
      }
    }
  }
  return { kind: 'end', outcome: succeeded(plan, now) }
}

function begin(now: Standing, step: Step): Move {
  if (isRoll(step)) return { kind: 'observe', step, direction: onward }
  if (traitsOf(step).asks(step) === 'before' && now.approvedBy === null)
    return ask(askAboutApproval(now, step))
  return { kind: 'run', step }
}

/** Null when the failure is only to be reported. */
function fail(plan: Plan, now: Standing, step: Step, failure: Failure): Move | null {
  switch (traitsOf(step).onFailure) {
    case 'end':
      // If a repeated build fails in the middle, the deployment must not end there without a question.
      return hasImpact(plan, now)
        ? ask(askAboutStep(plan, now, step, failure))
        : { kind: 'end', outcome: { kind: 'failed', failure, stays: stays(plan, now) } }
    case 'take-back':
      // Suspended for a migration that is tried again, the scheduler must not be resumed without a word.
      return pinBegun(plan, now)
        ? ask(askAboutStep(plan, now, step, failure))
        : { kind: 'turn-back', failure }
    case 'ask':
      return ask(askAboutStep(plan, now, step, failure))
    case 'note':
      return null
  }
}

/** The next move of a step that rolls, in either direction. */
function roll(plan: Plan, now: Standing, step: RollStep): Move {
  const { direction } = now
  const rolling = now.rolls.get(step.id)
  if (rolling === undefined || !rolling.observed) return { kind: 'observe', step, direction }
  const failed = instancesThatAre(rolling, 'failed')
  const [worst] = failed
  if (worst !== undefined && !tolerable(step, direction, failed)) {
    const failure = rolling.instances.get(worst)?.failure ?? unknownOutcome(step)
    return askOrTurnBack(step, failure, askAboutInstances(plan, now, step, failed, failure))
  }
  const phase = direction.to === 'new' ? phaseOf(step, rolling) : open
  if (phase.kind === 'baking') return bake(plan, now, step, phase)
  const pending = phase.kind === 'test-bed' ? phase.pending : instancesThatAre(rolling, 'pending')
  if (pending.length === 0) return { kind: 'finish', step, direction }
  const instances = nextBatch(pending, availability(rolling), step)
  if (instances.length === 0) return ask(askAboutCapacity(plan, now, step, pending))
  return { kind: 'roll', step, instances, direction }
}

const open: Phase = { kind: 'open' }

/** A release that fails where it is tried out is not tried elsewhere. */
const tolerable = (
  { testBed, service }: RollStep,
  direction: Direction,
  failed: readonly string[],
): boolean =>
  direction.to === 'new' &&
  failed.length <= service.rollout.maxFailures &&
  !failed.some((name) => testBed.includes(name))

function bake(
  plan: Plan,
  now: Standing,
  step: RollStep,
  { bake, watched }: Extract<Phase, { kind: 'baking' }>,
): Move {
  if (bake?.state !== 'judged')
    return { kind: 'bake', step, watched, until: bake?.state === 'baking' ? bake.until : null }
  const question = askAboutVerdict(plan, now, step, bake.verdict)
  const failure = failureOf(question)
  return bake.verdict.kind === 'worse' && failure !== null
    ? askOrTurnBack(step, failure, question)
    : ask(question)
}

function askOrTurnBack({ service }: RollStep, failure: Failure, question: Question): Move {
  const unasked = service.rollout.onFailure === 'roll-back' && question.options.includes('roll-back')
  return unasked ? { kind: 'turn-back', failure } : ask(question)
}

/**
 * Undoes steps, last one first, as far as they can be undone. Files that services share are restored before the services
 * start again.
 */
function back(plan: Plan, now: Standing): Move {
  for (const step of stepsBack(plan)) {
    const { state, undo, failure } = stateOf(now, step)
    if (state === 'pending' || state === 'skipped' || undo === 'done' || !hasWayBack(plan, step)) continue
    if (isRoll(step)) return roll(plan, now, step)
    if (undo === 'failed') return ask(askAboutStep(plan, now, step, failure ?? unknownOutcome(step)))
    return { kind: 'undo', step }
  }
  return { kind: 'end', outcome: turnedBack(plan, now) }
}

function stepsBack({ steps }: Plan): Step[] {
  const rolled = backOrder(rollSteps(steps))
  const place = steps.findIndex(isRoll)
  const before = steps.slice(0, Math.max(0, place)).toReversed()
  return place < 0
    ? steps.toReversed()
    : [...singleSteps(steps.slice(place)).toReversed(), ...rolled, ...before]
}

/**
 * Closes for a stopped run, or for one that is gone: before the migration the scheduler is resumed. After it
 * the deployment is left as it is, for a run that can finish it.
 */
function close(plan: Plan, now: Standing): Move {
  const cut = singleSteps(plan.steps).find(
    (step) => stateOf(now, step).state === 'running' && isOnlyNoted(step),
  )
  if (cut !== undefined && now.direction.to === 'new') return giveUp(cut)
  if (isDone(plan, now)) return { kind: 'end', outcome: succeeded(plan, now) }
  // A step to retry is pending, but it has begun.
  const started = plan.steps.filter((step) => hasBegun(now, step))
  if (now.direction.to === 'old') return { kind: 'leave' }
  const resumable = singleSteps(started).findLast((step) => isTakenBack(step) && hasWayBack(plan, step))
  if (!keepsAll(plan, now) && resumable !== undefined && stateOf(now, resumable).undo === 'none')
    return { kind: 'undo', step: resumable }
  if (started.every(repeatableAndHarmless)) {
    const why = now.interrupted === 'cancelled' ? 'the run was cancelled' : 'the run broke off'
    return { kind: 'end', outcome: { kind: 'cancelled', why, stays: stays(plan, now) } }
  }
  return { kind: 'leave' }
}

/** True if a failure of the step is only reported. */
const isOnlyNoted = (step: Step): boolean => traitsOf(step).onFailure === 'note'

const giveUp = (step: SingleStep): Move => ({ kind: 'give-up', step, failure: unknownOutcome(step) })

/** True if the release serves and no step is left: a run that is closed has only its end to write down. */
const isDone = (plan: Plan, now: Standing): boolean =>
  now.direction.to === 'new' &&
  plan.steps.every((step) => {
    const { state } = stateOf(now, step)
    return ['succeeded', 'skipped', 'forced'].includes(state) || (state === 'failed' && isOnlyNoted(step))
  })

/** True if a step has begun that users may notice, or that must not run twice. */
const hasImpact = (plan: Plan, now: Standing): boolean =>
  plan.steps.some((step) => hasBegun(now, step) && !repeatableAndHarmless(step))

const repeatableAndHarmless = (step: Step): boolean => repeatable(step) && !traitsOf(step).impact

const hasWayBack = (plan: Plan, step: Step): boolean => traitsOf(step).undo(step, plan).kind === 'by'

function stateOf(now: Standing, step: Step): StepStanding {
  const state = now.steps.get(step.id)
  if (state === undefined) throw new Error(`the journal has no step ${step.id}`)
  return state
}

const ask = (question: Question): Move => ({ kind: 'pause', pause: question, asked: false })

function succeeded(plan: Plan, now: Standing): Outcome {
  const afterwards = plan.steps
    .map((step) => stateOf(now, step))
    .find(({ state, failure }) => state === 'failed' && failure !== null)
  return {
    kind: 'succeeded',
    forced: instancesIn(plan, now, 'forced'),
    excluded: instancesIn(plan, now, 'excluded'),
    failed: instancesIn(plan, now, 'failed'),
    afterwards: afterwards?.failure ?? null,
  }
}

function turnedBack(plan: Plan, now: Standing): Outcome {
  const failure = now.failure
  const gaveUp = plan.steps.some(
    (step) => traitsOf(step).onFailure === 'take-back' && stateOf(now, step).state === 'failed',
  )
  if (gaveUp && failure !== null) return { kind: 'failed', failure, stays: stays(plan, now) }
  return {
    kind: 'rolled-back',
    forced: instancesIn(plan, now, 'forced'),
    excluded: instancesIn(plan, now, 'excluded'),
    failure,
  }
}

const instancesIn = (plan: Plan, now: Standing, wanted: 'forced' | 'excluded' | 'failed'): string[] =>
  rollSteps(plan.steps).flatMap(({ id, service }) => {
    const rolling = now.rolls.get(id)
    return rolling === undefined
      ? []
      : instancesThatAre(rolling, wanted).map((name) => `${service.name}/${name}`)
  })

/** Returns the steps whose effects stay: they began, and cannot be undone. */
const stays = (plan: Plan, now: Standing): string[] =>
  plan.steps
    .filter((step) => traitsOf(step).undo(step, plan).kind === 'cannot' && hasBegun(now, step))
    .map((step) => step.id)
