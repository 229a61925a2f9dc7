import type { Step } from '../step/step.ts'
import { suspendStep } from '../step/steps-in.ts'
import { traitsOf } from '../step/traits.ts'
import { isWaitedFor } from './recipe.ts'

/** Warns if the plan does not wait for running jobs, and names the steps that then run beside them. */
export function drainWarnings(steps: readonly Step[]): string[] {
  const step = suspendStep(steps)
  if (step === null) return []
  const beside = besideJobs(steps)
  const then = beside.length === 0 ? '' : ` ${beside.join(' and ')} may run beside them.`
  if (!isWaitedFor(step.scheduler))
    return [`Running jobs are not waited for: steps.scheduler has no running.${then}`]
  return step.scheduler.onTimeout === 'proceed'
    ? [`Running jobs are waited for until drain-timeout and no longer: on-timeout is proceed.${then}`]
    : []
}

/** Returns the purpose of the suspension, in the words of a warning. */
function besideJobs(steps: readonly Step[]): string[] {
  const those = steps.toReversed().flatMap((step) => {
    const needs = traitsOf(step).brackets.filter((bracket) => bracket.part === 'needs')
    return needs.flatMap(({ lease, who }) => (lease === 'scheduler' ? [who] : []))
  })
  return those.map((words, at) => (at === 0 ? words.replace(/^the/, 'The') : words))
}
