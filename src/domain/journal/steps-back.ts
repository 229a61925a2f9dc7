import { backOrder } from '../config/shared-files.ts'
import { changesService, isRoll, type Step } from '../step/step.ts'

/** Returns the steps of a plan in the order of a way back: the last one first, and the services in their own order. */
export function stepsBack(steps: readonly Step[]): Step[] {
  const changing = steps.filter(changesService)
  const place = steps.findIndex(changesService)
  const before = steps.slice(0, Math.max(0, place)).toReversed()
  const after = steps.slice(place).filter((step) => !changesService(step))
  return place < 0 ? steps.toReversed() : [...after.toReversed(), ...servicesBack(changing), ...before]
}

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
