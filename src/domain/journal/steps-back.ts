import { backOrder } from '../config/shared-files.ts'
import { isChangedAside } from '../detour/going-back.ts'
import type { Plan } from '../plan/plan.ts'
import { changesService, isRoll, type Step } from '../step/step.ts'
import { staysDone, traitsOf } from '../step/traits.ts'
import { hasBegun, type Standing, stateOf } from './deployment-standing.ts'
import { keepsLease } from './kept-lease.ts'

/** Returns the steps of a plan in the order of a way back: the last one first, and the services in their own order. */
export function stepsBack(steps: readonly Step[]): Step[] {
  const changing = steps.filter(changesService)
  const place = steps.findIndex(changesService)
  const before = steps.slice(0, Math.max(0, place)).toReversed()
  const after = steps.slice(place).filter((step) => !changesService(step))
  if (place < 0) return steps.toReversed()
  return [
    ...after.filter((step) => !looksBack(step)).toReversed(),
    ...servicesBack(changing),
    ...after.filter(looksBack),
    ...before,
  ]
}

/** True of a step whose undo has people look at the older release, which is back by then. */
const looksBack = (step: Step): boolean => traitsOf(step).undoneWhere === 'inspected'

/** Returns the services in the order of a way back: the last one first, and files that others use before all. */
function servicesBack(changing: readonly Step[]): Step[] {
  const rolled = backOrder(changing.filter(isRoll))
  const reversed = changing.toReversed()
  const [first] = rolled
  return first === undefined || reversed.find(isRoll) === first
    ? interleaved(reversed, rolled)
    : [...rolled, ...reversed.filter((step) => !isRoll(step))]
}

/** Puts the rolls, in an order of their own, where the list has rolls. */
function interleaved(all: readonly Step[], rolled: readonly Step[]): Step[] {
  const waiting = [...rolled]
  return all.flatMap((step) => (isRoll(step) ? (waiting.shift() ?? []) : [step]))
}

/** True if the whole database was brought back to where visitors left it, and nothing of a migration is left. */
export const isDatabaseBack = (plan: Plan, now: Standing): boolean =>
  now.direction.database === 'restored' &&
  plan.steps.some((step) => traitsOf(step).undoneWhere === 'restored' && stateOf(now, step).undo === 'done')

/** True if the effect of a step that has begun is still there, and no decision takes it away any more. */
export function staysNow(plan: Plan, now: Standing, step: Step): boolean {
  if (!hasBegun(now, step)) return false
  if (keepsLease(plan, now, step)) return true
  const { kind } = traitsOf(step).undo(step, plan)
  return staysDone(plan, step) || (kind === 'with-database' && !isDatabaseBack(plan, now))
}

/** True if the effect of a step is there, and no answer to a question that waits takes it away any more. */
export function staysWhatever(plan: Plan, now: Standing, step: Step): boolean {
  const { to, database } = now.direction
  const mayComeBack = to === 'new' || database === 'restored'
  return (
    staysNow(plan, now, step) && !(mayComeBack && traitsOf(step).undo(step, plan).kind === 'with-database')
  )
}

/** True if the undo of a step is part of the way that the deployment goes back. */
export function isWayBack(plan: Plan, now: Standing, step: Step): boolean {
  const { state } = stateOf(now, step)
  switch (traitsOf(step).undoneWhere) {
    case 'begun':
      // In a detour the database is brought back as a whole, or stays as it is migrated.
      if (traitsOf(step).remembers === 'migration' && isChangedAside(plan, now)) return false
      if (keepsLease(plan, now, step)) return false
      // A step to retry is pending, and its effect is there.
      return hasBegun(now, step) && state !== 'skipped'
    case 'restored':
      return now.direction.database === 'restored'
    case 'inspected':
      return isChangedAside(plan, now)
  }
}
