import type { EnvironmentPolicy } from '../../domain/config/policy.ts'
import { readFrozen } from '../../inputs/config/frozen.ts'
import { readInventory, refuseSecrets } from '../../inputs/config/inventory.ts'
import { readPolicies, readPolicy, readRecipe } from '../../inputs/config/read.ts'
import type { Inputs } from '../../inputs/inputs.ts'
import type { Runner } from '../../inputs/runner.ts'
import type { StatusReader } from '../../pipeline/look/status.ts'
import type { ConfigReader } from '../../pipeline/plan/survey.ts'
import { checkApp } from './app.ts'

/** Reads configs: those of one environment, and the policies of all. */
export type PolicyReader = ConfigReader & Pick<StatusReader, 'readPolicies'>

/** Returns the reader of this app's configs. It refuses those of another app, and an inventory that prints a secret. */
export function configReader(
  inputs: Inputs,
  runner: Runner,
  masker: { mask(text: string): string },
): PolicyReader {
  const ofThisApp = (policy: EnvironmentPolicy) => checkApp(policy, inputs, appOf(runner))
  return {
    readPolicy: (source, environment) => ofThisApp(readPolicy(source, environment)),
    readPolicies: (source) => readPolicies(source).map(ofThisApp),
    readRecipe,
    readFrozen,
    readInventory: (text, fleet, of) =>
      refuseSecrets(readInventory(text, fleet, of), of, (value) => masker.mask(value) !== value),
  }
}

/** The app where the config names none: the name of the repository. */
export const appOf = ({ repository }: Runner): string => repository.split('/')[1] ?? repository
