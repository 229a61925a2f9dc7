import { goesBackForWriters } from '../detour/own/own.ts'
import type { Plan } from '../plan/plan.ts'
import {
  askAboutApproval,
  askAboutHalt,
  askAboutStep,
  unknownOutcome,
  unknownUndo,
} from '../question/asking.ts'
import type { Failure } from '../question/decision.ts'
import { wasObserved } from '../signal/signal.ts'
import { isRoll, type SingleStep, type Step } from '../step/step.ts'
import { buildStep, singleSteps } from '../step/steps-in.ts'
import { isFollowed, repeatable, traitsOf } from '../step/traits.ts'
import { stays, succeeded, turnedBack } from './conclusion.ts'
import { type Halt, hasBegun, type Standing, stateOf } from './deployment-standing.ts'
import { onward } from './direction.ts'
import { isTakenBack, keepsAll, pinBegun } from './doubt.ts'
import type { Journal } from './journal.ts'
import { keepsLease } from './kept-lease.ts'
import type { Move } from './move.ts'
import { ask, roll } from './roll-move.ts'
import { standing } from './standing.ts'
import { isWayBack, stepsBack } from './steps-back.ts'

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
  if (atInstances.has(move.kind)) return true
  return move.kind === 'run' && ['planned', 'fleet'].includes(traitsOf(move.step).files)
}

/** The moves that run commands of a service. */
const atInstances: ReadonlySet<Move['kind']> = new Set(['roll', 'bake'])

/** Chooses the next move of the deployment, apart from a repeated build. */
export function chooseWork(plan: Plan, now: Standing): Move {
  if (now.outcome !== null) return { kind: 'end', outcome: now.outcome }
  if (now.pause !== null) return { kind: 'pause', pause: now.pause, asked: true }
  if (now.rejected !== null) return { kind: 'end', outcome: { kind: 'rejected', ...now.rejected } }
  if (now.abandoned !== null) return { kind: 'end', outcome: { kind: 'abandoned', ...now.abandoned } }
  if (now.interrupted !== null) return close(plan, now)
  if (now.direction.to === 'old') return back(plan, now)
  return now.halt === null ? forward(plan, now) : halted(plan, now, now.halt)
}

/**
 * Asks, or goes back unasked where the policy says so. A person's halt and a failed reading always ask: only a signal
 * that was seen takes a release back.
 */
function halted(plan: Plan, now: Standing, halt: Halt): Move {
  const question = askAboutHalt(plan, now, halt)
  const unasked =
    goesBackForWriters(plan, now, question.failure) ||
    (plan.environment.halt?.onHalt === 'roll-back' && halt.signals.some(wasObserved))
  if (!unasked) return ask(question)
  const { failure } = question
  if (!hasImpact(plan, now))
    return { kind: 'end', outcome: { kind: 'failed', failure, stays: stays(plan, now) } }
  return question.options.includes('roll-back') ? { kind: 'turn-back', failure } : ask(question)
}

function forward(plan: Plan, now: Standing): Move {
  for (const step of plan.steps) {
    const { state, unsure, failure, ranOn } = stateOf(now, step)
    switch (state) {
      case 'succeeded':
      case 'skipped':
      case 'forced':
        continue
      case 'pending':
        return begin(plan, now, step)
      case 'running':
        if (isRoll(step)) return roll(plan, now, step)
        if (!unsure || repeatable(step) || isFollowed(step)) return { kind: 'run', step }
        if (isOnlyNoted(step)) return giveUp(step)
        return askOrTurnBack(plan, now, step, unknownOutcome(step, ranOn))
      case 'failed': {
        const move = fail(plan, now, step, failure ?? unknownOutcome(step))
        if (move !== null) return move
      }
    }
  }
  return { kind: 'end', outcome: succeeded(plan, now) }
}

function begin(plan: Plan, now: Standing, step: Step): Move {
  if (isRoll(step)) return { kind: 'observe', step, direction: onward }
  if (traitsOf(step).asks(step) === 'before' && now.approvedBy === null)
    return ask(askAboutApproval(plan, now, step))
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
      return askOrTurnBack(plan, now, step, failure)
    case 'note':
      return null
  }
}

/** A step whose config says so is taken back unasked, where a person could decide it as well. */
function askOrTurnBack(plan: Plan, now: Standing, step: Step, failure: Failure): Move {
  const question = askAboutStep(plan, now, step, failure)
  const way = question.options.find((option) => option === 'roll-back' || option === 'revert')
  const unasked =
    (traitsOf(step).turnsBack(step, failure) || goesBackForWriters(plan, now, failure)) && way !== undefined
  if (!unasked) return ask(question)
  return { kind: 'turn-back', failure, ...(way === 'revert' ? { database: 'restored' } : {}) }
}

/**
 * Undoes steps, last one first, as far as they can be undone. Files that services share are restored before the services
 * start again.
 */
function back(plan: Plan, now: Standing): Move {
  for (const step of stepsBack(plan.steps)) {
    const { undo, failure } = stateOf(now, step)
    if (undo === 'done' || !isWayBack(plan, now, step) || !hasWayBack(plan, step)) continue
    // Home serves no visitor while all of them are on the stand-in: all of it goes back at once.
    if (isRoll(step)) return roll(plan, now, now.visitors === 'stand-in' ? { ...step, back: null } : step)
    if (undo === 'failed') return ask(askAboutStep(plan, now, step, failure ?? unknownOutcome(step)))
    if (undo === 'doubtful') return ask(askAboutStep(plan, now, step, unknownUndo(step)))
    return { kind: 'undo', step }
  }
  return { kind: 'end', outcome: turnedBack(plan, now) }
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
  const resumable = singleSteps(started).findLast(
    (step) => isTakenBack(step) && hasWayBack(plan, step) && !keepsLease(plan, now, step),
  )
  if (!keepsAll(plan, now) && resumable !== undefined && stateOf(now, resumable).undo === 'none')
    return { kind: 'undo', step: resumable }
  if (started.every((step) => repeatableAndHarmless(step) || keepsLease(plan, now, step))) {
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
