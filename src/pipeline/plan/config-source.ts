import type { SshFleet } from '../../domain/config/fleet.ts'
import type { EnvironmentPolicy } from '../../domain/config/policy.ts'
import type { Recipe } from '../../domain/config/recipe.ts'
import { Problem } from '../../domain/problem.ts'
import { known } from '../../domain/reading.ts'
import type { FrozenRecipe } from '../../domain/release/manifest.ts'
import type { Repository } from '../ports.ts'

/** Reads a config's text into values. The room of inputs implements it, and refuses invalid text with a problem. */
export interface ConfigReader {
  readPolicy(source: ConfigSource, environment: string): EnvironmentPolicy
  readRecipe(source: ConfigSource, overlay: { source: ConfigSource; environment: string }): Recipe
  /** Reads the frozen recipe of a release, without the overlays of environments. */
  readFrozen(source: ConfigSource): FrozenRecipe
  /** The fleet with the hosts that its inventory has printed. */
  readInventory(text: string, fleet: SshFleet, of: { service: string; command: string }): SshFleet
}

export interface ConfigSource {
  readonly path: string
  readonly text: string
  /** The branch or tag it was read from, for a person. */
  readonly commit: string
}

/** The policy of an environment, and the text that it was read from. */
export async function readPolicy(
  repository: Repository,
  config: ConfigReader,
  { configPath, environment }: { readonly configPath: string; readonly environment: string },
): Promise<{ policy: EnvironmentPolicy; source: ConfigSource }> {
  const source = await policyText(repository, configPath)
  return { policy: config.readPolicy(source, environment), source }
}

/** The config on the default branch, where the policy of every environment stands. */
export const policyText = (repository: Repository, path: string): Promise<ConfigSource> =>
  configAt(repository, path, null, 'the default branch')

/** Reads the config at a commit, or on the default branch for null; `where` names it for a person. */
export async function configAt(
  repository: Repository,
  path: string,
  commit: string | null,
  where: string,
): Promise<ConfigSource> {
  const text = known(await repository.file(path, commit))
  if (text !== null) return { path, text, commit: where }
  throw new Problem('config-missing', {
    what: `There is no ${path} on ${where}.`,
    why:
      commit === null
        ? 'The policy (who approves, which environments there are) is read from the default branch.'
        : 'The recipe (steps and services) is read at the release itself and frozen with it.',
    next: `Commit ${path} there, or name another file with the input config. The README has one to start from.`,
  })
}
