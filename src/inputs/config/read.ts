import type { EnvironmentPolicy } from '../../domain/config/policy.ts'
import type { Recipe } from '../../domain/config/recipe.ts'
import { onAbsent } from './absent.ts'
import { check } from './check.ts'
import { fleetKeysOnEngines } from './engines/fleet-keys.ts'
import { environmentUnknown } from './environment-unknown.ts'
import { configInvalid, notAt } from './finding.ts'
import { withoutInstances } from './instances.ts'
import { layDetour, layServices } from './overlay.ts'
import { toPolicy } from './policy.ts'
import { toRecipe } from './recipe.ts'
import { frozenFile, policyFile, recipeFile } from './schema/file.ts'
import { servicesThere } from './schema/services.ts'
import { variables } from './schema/variables.ts'
import { readDocument } from './yaml/document.ts'
import type { Source } from './yaml/source.ts'
import { keysAt, nodeAt, type Tree } from './yaml/tree.ts'

export type { Source } from './yaml/source.ts'

/**
 * Reads the approval and the class of one environment. All environments of the file are checked, so that a
 * mistake in production's is found on the way to staging. Throws `config-invalid` with every finding, or
 * `environment-unknown`.
 */
export function readPolicy(source: Source, environment: string): EnvironmentPolicy {
  const { tree, value } = checkedPolicies(source)
  const { app, environments = {} } = value
  const policy = Object.hasOwn(environments, environment) ? environments[environment] : undefined
  if (policy === undefined) throw environmentUnknown(source, tree, environment)
  return toPolicy(app, environment, environments, policy)
}

/** Reads the policies of all environments, in the order of the file. Throws `config-invalid` with every finding. */
export function readPolicies(source: Source): EnvironmentPolicy[] {
  const { tree, value } = checkedPolicies(source)
  const { app, environments = {} } = value
  return keysAt(tree, ['environments']).flatMap((name) => {
    const policy = environments[name]
    return policy === undefined ? [] : [toPolicy(app, name, environments, policy)]
  })
}

function checkedPolicies(source: Source) {
  const next = `Correct ${source.path} on ${source.commit}, and run again.`
  const { tree, findings } = readDocument(source)
  if (tree === null) throw configInvalid(findings, next)
  const checked = check(policyFile, tree)
  if (checked.kind === 'bad' || findings.length > 0) {
    throw configInvalid([...findings, ...notAt(findings, checked.findings)], next)
  }
  return { tree, value: checked.value }
}

/** An environment of a policy file, whose services are laid over a recipe's. */
export interface Overlay {
  readonly source: Source
  readonly environment: string
}

/**
 * Reads a release's recipe, with the environment's overlay of its services. Throws `config-invalid` with
 * every finding of both files, or `environment-unknown`.
 */
export function readRecipe(source: Source, overlay: Overlay): Recipe {
  const next =
    `Correct ${overlay.source.path} on ${overlay.source.commit} and run again; ` +
    `a mistake of ${source.commit} itself is frozen with it, and needs a new release.`
  const recipe = readDocument(source)
  const policy = readDocument(overlay.source)
  const unread = [...recipe.findings, ...policy.findings]
  if (recipe.tree === null || policy.tree === null) throw configInvalid(unread, next)
  if (!keysAt(policy.tree, ['environments']).includes(overlay.environment)) {
    throw unread.length > 0
      ? configInvalid(unread, next)
      : environmentUnknown(overlay.source, policy.tree, overlay.environment)
  }
  const { tree, absent, checked, findings } = checkRecipe(
    recipe.tree,
    policy.tree,
    overlay.environment,
    source,
  )
  const all = [...unread, ...notAt(unread, findings)]
  if (checked.kind === 'bad' || all.length > 0) throw configInvalid(all, next)
  return {
    ...toRecipe(checked.value, tree),
    ...(absent.length === 0 ? {} : { absent }),
    ...envOf(policy.tree, overlay.environment),
  }
}

/** Reads the `env` of an environment, which is checked with its policy. */
function envOf(policy: Tree, environment: string): Pick<Recipe, 'env'> {
  const written = nodeAt(policy, ['environments', environment, 'env'])
  const read = written === undefined ? null : check(variables(), written)
  return read?.kind === 'good' ? { env: read.value } : {}
}

/**
 * Lays an environment over a recipe and checks the recipe, the overlay, and the result. Each is checked by
 * itself, since a key that the environment replaces would otherwise never be checked.
 */
export function checkRecipe(recipe: Tree, policy: Tree, environment: string, source: Source) {
  const over = nodeAt(policy, ['environments', environment, 'services'])
  const detour = layDetour(recipe, nodeAt(policy, ['environments', environment, 'detour']))
  const laid = layServices(detour.tree, over, source)
  const apart = [
    ...check(frozenFile, recipe).findings,
    ...(over === undefined ? [] : check(servicesThere, over).findings),
  ]
  const checked = check(recipeFile, laid.tree)
  const together = [
    ...detour.findings,
    ...laid.findings,
    ...onAbsent(laid.tree, laid.absent, environment),
    ...withoutInstances(laid.tree, environment),
    ...fleetKeysOnEngines(laid.tree),
    ...checked.findings,
  ]
  const findings = [...apart, ...notAt(apart, together)]
  return { tree: laid.tree, absent: laid.absent, checked, findings }
}
