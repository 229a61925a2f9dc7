import { onFleets } from '../config/declared-service.ts'
import { isOverSsh } from '../config/fleet.ts'
import type { EnvironmentPolicy } from '../config/policy.ts'
import type { Recipe } from '../config/recipe.ts'
import type { CheckoutSeen } from './checkout.ts'
import { engineJobFindings } from './engine-jobs.ts'
import type { CheckFinding } from './finding.ts'
import { everyStep, firstDeploymentFindings } from './first-deployment.ts'
import { namedFileFindings } from './named-files.ts'
import { noEffectFindings } from './no-effect.ts'
import { oneAddressFindings } from './one-address.ts'
import { scriptFindings, scriptsOf } from './scripts.ts'
import { sshFindings } from './ssh-ways.ts'
import { variableFindings } from './variables.ts'

/** An environment of a config, with the recipe as it would be deployed there. */
export interface CheckedEnvironment {
  readonly policy: EnvironmentPolicy
  readonly recipe: Recipe
}

/** Returns the findings about one environment, from the files of a checkout alone. */
export function environmentFindings(
  { policy, recipe }: CheckedEnvironment,
  seen: CheckoutSeen,
): CheckFinding[] {
  const steps = everyStep(policy, recipe)
  const fleets = onFleets(recipe.services)
  const given = [
    ...(recipe.vars ?? []),
    ...Object.keys(recipe.env ?? {}),
    ...(recipe.requiresVariables ?? []),
    ...(policy.requiresVariables ?? []),
  ]
  return [
    ...firstDeploymentFindings(policy, recipe, seen),
    ...engineJobFindings(steps, recipe.services),
    ...noEffectFindings(policy, fleets),
    ...oneAddressFindings(fleets),
    ...namedFileFindings(recipe, seen),
    ...sshFindings(fleets, seen),
    ...scriptFindings(scriptsOf(steps, seen), seen),
    ...variableFindings({ steps, services: fleets, given }, seen),
  ]
}

/** Returns the files whose texts the check of an environment reads. */
export function filesToRead(
  { policy, recipe }: CheckedEnvironment,
  { tree }: Pick<CheckoutSeen, 'tree'>,
): string[] {
  const settings = onFleets(recipe.services).flatMap(({ fleet }) =>
    isOverSsh(fleet) && fleet.settings !== null ? [fleet.settings] : [],
  )
  return [...scriptsOf(everyStep(policy, recipe), { tree }), ...settings]
}
