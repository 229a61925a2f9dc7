import type { Plan } from '../plan/plan.ts'
import { isRoll, type Step } from '../step/step.ts'
import { hasBegun, type Standing, stateOf } from './deployment-standing.ts'
import type { Journal } from './journal.ts'
import { standing } from './standing.ts'
import { isWayBack, stepsBack } from './steps-back.ts'

/** The part of a deployment that is done, as its journal has it. */
export interface ShareDone {
  readonly direction: 'forward' | 'back'
  /** The share of all steps, or of all steps of the way back: a whole number, and 100 only where nothing is left. */
  readonly percent: number
  /** The step at work, or the next one; null where none is left. */
  readonly step: string | null
}

/** Returns the progress of a deployment. A roll counts by its instances, every other step as a whole. */
export function progressOf(plan: Plan, now: Standing): ShareDone {
  return now.direction.to === 'new' ? forward(plan, now) : back(plan, now)
}

/** `46 % done`, `20 % of the way back` */
export function describeProgress({
  plan,
  journal,
}: {
  readonly plan: Plan
  readonly journal: Journal
}): string {
  const { direction, percent } = progressOf(plan, standing(plan, journal))
  return `${percent} % ${direction === 'forward' ? 'done' : 'of the way back'}`
}

const over: readonly string[] = ['succeeded', 'skipped', 'forced']

function forward({ steps }: Plan, now: Standing): ShareDone {
  const parts = steps.map((step) => (over.includes(stateOf(now, step).state) ? 1 : rolled(now, step)))
  return { direction: 'forward', percent: percentOf(parts), step: firstLeft(steps, parts) }
}

function back(plan: Plan, now: Standing): ShareDone {
  const steps = stepsBack(plan.steps).filter((step) => hasBegun(now, step) && isWayBack(plan, now, step))
  const parts = steps.map((step) => (stateOf(now, step).undo === 'done' ? 1 : rolled(now, step)))
  return { direction: 'back', percent: percentOf(parts), step: firstLeft(steps, parts) }
}

const firstLeft = (steps: readonly Step[], parts: readonly number[]): string | null =>
  steps[parts.findIndex((part) => part < 1)]?.id ?? null

/** Each instance counts where it has what this direction brings; the step itself has ended only with the last. */
function rolled(now: Standing, step: Step): number {
  const roll = isRoll(step) ? now.rolls.get(step.id) : undefined
  if (roll === undefined || roll.instances.size === 0) return 0
  const done = [...roll.instances.values()].filter(({ state }) => state === 'done' || state === 'left-alone')
  return Math.min(done.length / roll.instances.size, 0.99)
}

/** Rounded down, so that what is not done never looks done. */
const percentOf = (parts: readonly number[]): number =>
  parts.length === 0 ? 0 : Math.floor((parts.reduce((sum, part) => sum + part, 0) / parts.length) * 100)
