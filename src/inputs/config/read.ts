import type { EnvironmentPolicy, Recipe } from '../../domain/config.ts'
import { check } from './check.ts'
import { readDocument } from './document.ts'
import { environmentUnknown } from './environment-unknown.ts'
import { configInvalid } from './finding.ts'
import { withoutInstances } from './instances.ts'
import { layServices } from './overlay.ts'
import { toPolicy } from './policy.ts'
import { toRecipe } from './recipe.ts'
import { policyFile, recipeFile } from './schema/file.ts'
import type { Source } from './source.ts'
import { keysAt, nodeAt } from './tree.ts'

export type { Source } from './source.ts'

/**
 * Reads who must approve, and what is at stake, in one environment. All environments of the file are checked, so
 * that a mistake in production's is found on the way to staging.
 * Throws `config-invalid` with every finding, or `environment-unknown`.
 */
export function readPolicy(source: Source, environment: string): EnvironmentPolicy {
  const { tree, value } = checkedPolicies(source)
  const { app, environments = {} } = value
  const policy = Object.hasOwn(environments, environment) ? environments[environment] : undefined
  if (policy === undefined) throw environmentUnknown(source, tree, environment)
  return toPolicy(app, environment, policy)
}

/** Reads the policies of all environments, in the order of the file. Throws `config-invalid` with every finding. */
export function readPolicies(source: Source): EnvironmentPolicy[] {
  const { tree, value } = checkedPolicies(source)
  const { app, environments = {} } = value
  return keysAt(tree, ['environments']).flatMap((name) => {
    const policy = environments[name]
    return policy === undefined ? [] : [toPolicy(app, name, policy)]
  })
}

function checkedPolicies(source: Source) {
  const next = `Correct ${source.path} on ${source.commit}, and run again.`
  const { tree, findings } = readDocument(source)
  if (tree === null) throw configInvalid(findings, next)
  const checked = check(policyFile, tree)
  if (checked.kind === 'bad' || findings.length > 0) {
    throw configInvalid([...findings, ...checked.findings], next)
  }
  return { tree, value: checked.value }
}

/** An environment of a policy file, whose services are laid over a recipe's. */
export interface Overlay {
  readonly source: Source
  readonly environment: string
}

/**
 * Reads what a release does, with what the environment lays over its services.
 * Throws `config-invalid` with every finding of both files, or `environment-unknown`.
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
  const laid = layServices(
    recipe.tree,
    nodeAt(policy.tree, ['environments', overlay.environment, 'services']),
    source,
  )
  const checked = check(recipeFile, laid.tree)
  const findings = [
    ...unread,
    ...laid.findings,
    ...withoutInstances(laid.tree, overlay.environment),
    ...checked.findings,
  ]
  if (checked.kind === 'bad' || findings.length > 0) throw configInvalid(findings, next)
  return toRecipe(checked.value, laid.tree)
}
