import { goesBackForWriters } from '../detour/own/own.ts'
import type { Plan } from '../plan/plan.ts'
import { askAboutCapacity, askAboutInstances, askAboutVerdict, unknownOutcome } from '../question/asking.ts'
import type { Failure } from '../question/decision.ts'
import { failureOf, type Question } from '../question/pause.ts'
import type { RollStanding } from '../rolling/roll-standing.ts'
import { batchOf, instancesThatAre } from '../rolling/rolling.ts'
import { type Phase, phaseOf } from '../rolling/test-bed.ts'
import type { RollStep } from '../step/step.ts'
import type { Standing } from './deployment-standing.ts'
import type { Direction } from './direction.ts'
import type { Move } from './move.ts'

/** The next move of a step that rolls, in either direction. */
export function roll(plan: Plan, now: Standing, step: RollStep): Move {
  const { direction } = now
  const rolling = now.rolls.get(step.id)
  if (rolling === undefined || !rolling.observed) return { kind: 'observe', step, direction }
  const failed = instancesThatAre(rolling, 'failed')
  const worst = failed.find((name) => isUnchecked(rolling, name)) ?? failed[0]
  if (worst !== undefined && !tolerable(step, rolling, direction, failed)) {
    const failure = rolling.instances.get(worst)?.failure ?? unknownOutcome(step)
    const question = askAboutInstances(plan, now, step, failed, failure)
    if (goesBackForWriters(plan, now, failure)) return { kind: 'turn-back', failure }
    return askOrTurnBack(step, failure, question)
  }
  const phase = direction.to === 'new' ? phaseOf(step, rolling) : open
  if (phase.kind === 'baking') return bake(plan, now, step, phase)
  const pending = phase.kind === 'test-bed' ? phase.pending : instancesThatAre(rolling, 'pending')
  if (pending.length === 0) return { kind: 'finish', step, direction }
  const instances = batchOf(step, rolling, direction, pending)
  if (instances.length === 0) return ask(askAboutCapacity(plan, now, step, pending))
  return { kind: 'roll', step, instances, direction }
}

const open: Phase = { kind: 'open' }

/** A release that fails where it is tried out, or against the checks of the serving one, is not tried elsewhere. */
const tolerable = (
  { testBed, service }: RollStep,
  rolling: RollStanding,
  direction: Direction,
  failed: readonly string[],
): boolean =>
  direction.to === 'new' &&
  failed.length <= service.rollout.maxFailures &&
  !failed.some((name) => testBed.includes(name)) &&
  !failed.some((name) => isUnchecked(rolling, name))

/** True of the instance on which the checks of the serving release did not pass. */
const isUnchecked = ({ check }: RollStanding, name: string): boolean =>
  check.kind === 'open' && check.instance === name

function bake(
  plan: Plan,
  now: Standing,
  step: RollStep,
  { bake, watched }: Extract<Phase, { kind: 'baking' }>,
): Move {
  if (bake?.state !== 'judged')
    return { kind: 'bake', step, watched, over: bake?.state === 'baking' ? bake.watched : null }
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

export const ask = (question: Question): Move => ({ kind: 'pause', pause: question, asked: false })
