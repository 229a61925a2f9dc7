import { hasTwoPhases } from '../config/recipe.ts'
import { standing } from '../journal/standing.ts'
import { completes, isMigrationEnd, type Step } from '../step/step.ts'
import type { MigrationPart } from './past.ts'
import type { Underway } from './underway.ts'

/** Returns the part of a deployment by its journal; null if it had none. */
export function partOf({ number, plan, journal }: Underway): MigrationPart | null {
  const now = standing(plan, journal)
  const step = plan.steps.find((one) => hasPart(one) && now.steps.get(one.id)?.startedAt != null)
  const state = step === undefined ? undefined : now.steps.get(step.id)
  if (step === undefined || state === undefined) return null
  const done = state.state === 'succeeded' || state.state === 'forced'
  if (isMigrationEnd(step)) {
    const { started, release, knownBy } = step
    const part = completes(step) ? 'completed' : 'rolled-back'
    return { part, done, started, release, knownBy }
  }
  const { tag, sha } = plan.release
  const of = { started: number, release: { tag, sha }, knownBy: [sha] }
  return state.undo === 'none'
    ? { part: 'started', done, ...of }
    : { part: 'rolled-back', done: state.undo === 'done', ...of }
}

const hasPart = (step: Step): boolean => hasTwoPhases(step) || isMigrationEnd(step)

/** True if a deployment took back its own migration, so that nothing of it is left. */
export const leftNothing = ({ number }: Pick<Underway, 'number'>, part: MigrationPart | null): boolean =>
  part?.part === 'rolled-back' && part.done && part.started === number
