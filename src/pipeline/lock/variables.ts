import type { Plan } from '../../domain/plan/plan.ts'
import { type MissingVariable, variablesMissing } from '../../domain/plan/required-variables.ts'
import { asProblem } from '../../domain/problem.ts'
import type { Ports } from '../ports.ts'

/**
 * Refuses a run that lacks a variable of its plan, before it runs any command. GitHub hands over an empty secret
 * without a word; a migration would then run without its database.
 */
export function refuseWithoutVariables(
  { given }: Pick<Ports, 'given'>,
  { environment, requiresVariables }: Pick<Plan, 'environment' | 'requiresVariables'>,
): void {
  const missing = requiresVariables.flatMap((name): MissingVariable[] => {
    const seen = given.variable(name)
    return seen === 'given' ? [] : [{ name, seen }]
  })
  if (missing.length > 0) throw asProblem(variablesMissing(environment.name, missing, given.secret))
}
