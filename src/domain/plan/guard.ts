import type { EnvironmentPolicy } from '../config/policy.ts'
import type { ProblemWords } from '../problem.ts'
import { destruction } from '../step/destruction.ts'
import type { Step } from '../step/step.ts'
import type { BaseChange } from './base-change.ts'
import type { Guard } from './plan.ts'
import type { Confirmations } from './wish.ts'

/**
 * Returns the guard of destructive steps; null without one. The words are the environment's own name, because
 * the wrong environment is the likely mistake.
 */
export function guardOf(
  steps: readonly Step[],
  base: BaseChange | null,
  policy: EnvironmentPolicy,
  { words }: Pick<Confirmations, 'words'>,
): Guard | null {
  const reasons = [
    ...steps.flatMap((step) => destruction(step) ?? []),
    ...(base !== null && policy.class === 'production'
      ? [`The base version of ${policy.name} changes from ${base.from} to ${base.to ?? 'none'}.`]
      : []),
  ]
  if (reasons.length === 0) return null
  return { reasons, words: policy.name, confirmed: words === policy.name }
}

/**
 * In a production a destructive step needs more than a confirmation: the policy, which no release can change,
 * must name it.
 */
export function guardRefusals(
  steps: readonly Step[],
  guard: Guard | null,
  policy: Pick<EnvironmentPolicy, 'name' | 'class' | 'allowDestructive'>,
): ProblemWords[] {
  const { allowDestructive = [] } = policy
  const forbidden = steps.filter(
    (step) =>
      policy.class === 'production' && destruction(step) !== null && !allowDestructive.includes(step.id),
  )
  if (forbidden.length > 0) return forbidden.map((step) => forbiddenWords(step, policy.name))
  return guard === null || guard.confirmed ? [] : [unconfirmedWords(guard)]
}

const forbiddenWords = (step: Step, environment: string): ProblemWords => ({
  code: 'destructive-refused',
  what: `${destruction(step) ?? ''} The class of ${environment} is production.`,
  why: 'Nothing may destroy what a production has, unless its own policy on the default branch names the step. A release cannot allow it for itself.',
  next: `Do it in another environment, or take the step out of the config. To let it happen in ${environment} set environments.${environment}.allow-destructive: [${step.id}].`,
})

const unconfirmedWords = ({ reasons, words }: Guard): ProblemWords => ({
  code: 'confirmation-missing',
  what: `It must be confirmed. ${reasons.join(' ')}`,
  why: 'It cannot be undone, so it must not begin by accident, or in the wrong place.',
  next: `Read the plan. To go on, start it again with the input confirm: ${words}`,
})
