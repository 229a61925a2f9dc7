import type { Plan } from '../../domain/plan/plan.ts'
import {
  type MissingVariable,
  type VariableSeen,
  variablesMissing,
} from '../../domain/plan/required-variables.ts'
import { asProblem } from '../../domain/problem.ts'
import type { Ports } from '../ports.ts'
import { sharedVariables } from '../run/shared-variables.ts'

/**
 * Refuses a run that lacks a variable of its plan, before it runs any command. GitHub hands over an empty secret
 * without a word; a migration would then run without its database.
 */
export function refuseWithoutVariables(
  { given }: Pick<Ports, 'given'>,
  {
    environment,
    requiresVariables,
    vars,
    release,
  }: Pick<Plan, 'environment' | 'requiresVariables' | 'vars' | 'release'>,
): void {
  const shared = sharedVariables(given, { vars, env: environment.env, outputs: release.outputs ?? {} })
  const missing = requiresVariables.flatMap((name): MissingVariable[] => {
    const seen = shared[name] === undefined ? given.variable(name) : seenIn(shared[name])
    return seen === 'given' ? [] : [{ name, seen }]
  })
  if (missing.length > 0) throw asProblem(variablesMissing(environment.name, missing, given.secret))
}

const seenIn = (value: string): VariableSeen => (value.trim() === '' ? 'empty' : 'given')
