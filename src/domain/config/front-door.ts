import type { ProblemWords } from '../problem.ts'
import { ours, variablesIn } from './filled-addresses.ts'
import type { EnvironmentPolicy } from './policy.ts'

/** Addresses of the front door of an environment, which `steps.verify` asks. */

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

/** Refuses an address that cannot be filled in for this environment. */
export function frontDoorRefusals(
  address: string | null,
  { name, url }: Pick<EnvironmentPolicy, 'name' | 'url'>,
): ProblemWords[] {
  if (address === null) return []
  const needed = variablesIn(address)
  if (needed.includes('ROLLGATE_URL') && url === null)
    return [
      {
        code: 'config-invalid',
        what: `steps.verify.http needs $ROLLGATE_URL, and ${name} has no url.`,
        why: 'ROLLGATE_URL is the address that the policy gives to an environment. Without it the front door cannot be asked.',
        next: `Add environments.${name}.url to the config of the default branch.`,
      },
    ]
  const unknown = needed.filter((variable) => !ours.includes(variable) || ofAnInstance.includes(variable))
  if (unknown.length === 0) return []
  return [
    {
      code: 'config-invalid',
      what: `steps.verify.http needs $${unknown.join(', $')}, which no command of ${name} is given.`,
      why: 'An address of the front door takes its variables from Rollgate. A variable of an instance, of the job or of ROLLGATE_ENV is not filled in.',
      next: 'Use $ROLLGATE_URL or $ROLLGATE_ENVIRONMENT in it.',
    },
  ]
}
