import type { EnvironmentPolicy } from '../config/policy.ts'
import type { Recipe } from '../config/recipe.ts'
import type { ProblemWords } from '../problem.ts'
import { modes } from './modes.ts'
import type { Mode } from './undertaking.ts'

/**
 * Returns the names of the variables that a run must have: those of the release and those of the environment. A build
 * touches no environment, and may run in a job without its secrets.
 */
export const requiredVariables = (
  mode: Mode,
  { recipe, policy }: { readonly recipe: Recipe; readonly policy: EnvironmentPolicy },
): readonly string[] =>
  modes[mode].changesEnvironment
    ? [...new Set([...(recipe.requiresVariables ?? []), ...(policy.requiresVariables ?? [])])].sort()
    : []

/** A variable as a command of this run would see it. */
export type VariableSeen = 'given' | 'empty' | 'absent'

/** A required variable that no command of this run would see with a value. */
export interface MissingVariable {
  readonly name: string
  readonly seen: Exclude<VariableSeen, 'given'>
}

/** The refusal of a run without its variables. It has their names, and never a value. */
export const variablesMissing = (
  environment: string,
  missing: readonly MissingVariable[],
  secret: 'given' | 'empty',
): ProblemWords => ({
  code: 'variables-missing',
  what: `Variables that ${environment} requires are missing in this job: ${missing.map(inWords).join(', ')}.`,
  why:
    secret === 'empty'
      ? `The secret ROLLGATE_ENV is empty here. GitHub hands over an empty text, without a word, where the secret is not set in ${environment} or its repository, where the job does not name the environment, where a workflow of another owner is called, and for a fork.`
      : 'The secret ROLLGATE_ENV arrived, and neither it nor the job gives these a value. requires-variables in the config asks for them.',
  next: `Give each a line NAME=value in the secret ROLLGATE_ENV of ${environment}, hand the secret to the step (env: ROLLGATE_ENV), and run again. Nothing was changed.`,
})

const inWords = ({ name, seen }: MissingVariable): string =>
  `${name} (${seen === 'empty' ? 'empty' : 'not set'})`
