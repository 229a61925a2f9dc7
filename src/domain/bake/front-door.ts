import type { Probe } from '../config/command.ts'
import { ours, variablesIn } from '../config/filled-addresses.ts'
import type { EnvironmentPolicy } from '../config/policy.ts'
import type { StepRecipes } from '../config/recipe.ts'
import type { ProblemWords } from '../problem.ts'

/** Addresses of a whole environment, which `steps.verify` asks. */

/** The variables of Rollgate that differ from one environment to another. */
const ofTheEnvironment = ['ROLLGATE_ENVIRONMENT', 'ROLLGATE_URL']

/**
 * True if an address is the same in every environment. The smoke test of staging would then ask the front door of
 * production, and pass for a release that staging does not serve.
 */
export const namesNoEnvironment = (address: string): boolean =>
  variablesIn(address).every((name) => ours.includes(name) && !ofTheEnvironment.includes(name))

/** The variables of an instance, which no address of the whole environment has. */
const ofAnInstance = ['ROLLGATE_SERVICE', 'ROLLGATE_INSTANCE']

/** The stretch of time that figures are asked about. */
const ofTime = ['ROLLGATE_FROM', 'ROLLGATE_UNTIL']

type AskedOutside = Pick<StepRecipes, 'verify' | 'bake'>
type Addressed = Pick<EnvironmentPolicy, 'name' | 'url'>

/** Refuses addresses of the whole environment that cannot be filled in for it. */
export function frontDoorRefusals({ verify, bake }: AskedOutside, place: Addressed): ProblemWords[] {
  const known = ours.filter((name) => !ofAnInstance.includes(name))
  return [
    ...unfilled('steps.verify.http', verify?.http ?? null, known, place),
    ...unfilled('steps.verify.figures.http', bake?.figures ?? null, [...known, ...ofTime], place),
  ]
}

function unfilled(
  key: string,
  probe: Probe | null,
  known: readonly string[],
  { name, url }: Addressed,
): ProblemWords[] {
  if (probe?.kind !== 'http') return []
  const needed = variablesIn(probe.url)
  if (needed.includes('ROLLGATE_URL') && url === null)
    return [
      {
        code: 'config-invalid',
        what: `${key} needs $ROLLGATE_URL, and ${name} has no url.`,
        why: 'ROLLGATE_URL is the address that the policy gives to an environment. Without it nothing can be asked there.',
        next: `Add environments.${name}.url to the config of the default branch.`,
      },
    ]
  const unknown = needed.filter((variable) => !known.includes(variable))
  if (unknown.length === 0) return []
  return [
    {
      code: 'config-invalid',
      what: `${key} needs $${unknown.join(', $')}, which no command of ${name} is given.`,
      why: 'An address of the whole environment takes its variables from Rollgate. A variable of an instance, of the job or of ROLLGATE_ENV is not filled in.',
      next: 'Use $ROLLGATE_URL or $ROLLGATE_ENVIRONMENT in it.',
    },
  ]
}
