import type { Recipe } from '../../domain/config/recipe.ts'
import { recipeDifferences } from '../../domain/config/recipe-differences.ts'
import type { Ledger } from '../../domain/ledger/ledger.ts'
import { modes } from '../../domain/plan/modes.ts'
import type { Mode } from '../../domain/plan/undertaking.ts'
import { adviseWayBack } from '../../domain/plan/way-back.ts'
import { Problem } from '../../domain/problem.ts'
import type { ConfigThere } from '../../domain/release/feasibility.ts'
import type { ReleaseId } from '../../domain/release/release.ts'
import type { Repository } from '../ports.ts'
import { type ConfigReader, type ConfigSource, configAt } from './config-source.ts'

/** The means to read the recipe of a release for an environment of today's policy. */
export interface ReadingAt {
  readonly configPath: string
  readonly policy: ConfigSource
  readonly environment: string
}

/** The recipe that a release has in an environment. */
export async function recipeAt(
  repository: Repository,
  config: ConfigReader,
  { sha, tag }: ReleaseId,
  { configPath, policy, environment }: ReadingAt,
): Promise<Recipe> {
  const source = await configAt(repository, configPath, sha, tag)
  return config.readRecipe(source, { source: policy, environment })
}

/**
 * Reads the recipe; if a rollback goes to a release whose config does not fit today's policy, the problem
 * names others.
 */
export function orElsewhere(mode: Mode, ledger: Ledger, sha: string, read: () => Recipe): Recipe {
  try {
    return read()
  } catch (thrown) {
    if (!modes[mode].goesBack || !(thrown instanceof Problem)) throw thrown
    const { code, what, why, next } = thrown
    throw new Problem(code, { what, why, next: `${adviseWayBack(ledger, sha)} ${next}` }, thrown)
  }
}

/** Compares the config of a release to go back to with the recipe that it would replace. */
export async function configThere(
  repository: Repository,
  config: ConfigReader,
  target: ReleaseId,
  current: Recipe,
  reading: ReadingAt,
): Promise<ConfigThere> {
  try {
    const recipe = await recipeAt(repository, config, target, reading)
    return { kind: 'read', differences: recipeDifferences(recipe, current) }
  } catch (thrown) {
    if (!(thrown instanceof Problem) || !ofTheConfig.has(thrown.code)) throw thrown
    return { kind: 'unreadable', why: thrown.what }
  }
}

/** The problems that are about the config; an outage of GitHub says nothing about one. */
const ofTheConfig: ReadonlySet<string> = new Set(['commit-missing', 'config-invalid', 'config-missing'])
