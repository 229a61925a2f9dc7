import type { EnvironmentPolicy, Recipe, SshFleet } from '../domain/config.ts'
import { previousRelease, servedAs } from '../domain/history.ts'
import type { Ledger } from '../domain/ledger.ts'
import type { FrozenRecipe } from '../domain/manifest.ts'
import type { Plan } from '../domain/plan.ts'
import { type Planning, planning } from '../domain/planning.ts'
import { Problem } from '../domain/problem.ts'
import type { Release } from '../domain/release.ts'
import { checkTagName } from '../domain/tag-name.ts'
import { checkRules } from './approval.ts'
import { prove } from './integrity.ts'
import type { Kept, Ports, Repository } from './ports.ts'

/** What somebody asks for, as the doors read it. */
export interface Request {
  readonly wanted: 'deploy' | 'rollback'
  readonly environment: string
  /** The tag; a rollback without one goes to the release that served before. */
  readonly tag: string | null
  readonly app: string
  readonly configPath: string
  readonly redeploy: boolean
  readonly acknowledged: { readonly older: boolean; readonly dataLoss: boolean }
}

/** Reads a config's text into values. The room of inputs does it; what it cannot read it refuses with a problem. */
export interface ConfigReader {
  readPolicy(source: Source, environment: string): EnvironmentPolicy
  readRecipe(source: Source, overlay: { source: Source; environment: string }): Recipe
  /** What is frozen with a release, whatever environments lay over it. */
  readFrozen(source: Source): FrozenRecipe
  /** The fleet with the hosts that its inventory has printed. */
  readInventory(text: string, fleet: SshFleet, of: { service: string; command: string }): SshFleet
}

export interface Source {
  readonly path: string
  readonly text: string
  /** Where it was read, for people: a branch or a tag. */
  readonly commit: string
}

export interface Survey {
  readonly kept: Kept
  readonly recipe: Recipe
  readonly planning: Planning
}

/** Reads everything a plan is made from, and makes it. */
export async function survey(
  ports: Pick<Ports, 'repository' | 'releases' | 'ledgers'>,
  config: ConfigReader,
  request: Request,
  planned: Plan | null = null,
): Promise<Survey> {
  const { repository } = ports
  const { policy, source: policySource } = await readPolicy(repository, config, request)
  if (planned === null) await checkRules(repository, policy.name, policy.approval)
  const kept = await ports.ledgers.read(policy.app ?? request.app, policy.name)
  const { tag, recorded } = target(request, kept.ledger)
  const sha = await resolve(repository, tag, recorded, planned)
  const recipeSource = await configAt(repository, request.configPath, sha, tag)
  const recipe = config.readRecipe(recipeSource, { source: policySource, environment: policy.name })
  const named: Release = {
    tag,
    sha,
    baseVersion: recipe.baseVersion,
    schemaVersion: await schemaVersion(repository, recipe, sha, planned),
  }
  const frozen = () => config.readFrozen(recipeSource)
  const before = servedAs(kept.ledger.history, tag)?.release ?? null
  const { snapshot, manifest } = await prove(ports.releases, { release: named, frozen, recorded: before })
  const release = manifest === null ? named : { ...named, manifest }
  return {
    kept,
    recipe,
    planning: planning({
      ...(await relationOf(repository, kept.ledger, sha, planned)),
      wanted: request.wanted,
      release,
      snapshot,
      recipe,
      policy,
      ledger: kept.ledger,
      redeploy: request.redeploy,
      acknowledged: request.acknowledged,
    }),
  }
}

/** Reads what an environment remembers, under the app that the policy names. */
export async function recall(
  ports: Pick<Ports, 'repository' | 'ledgers'>,
  config: ConfigReader,
  request: Pick<Request, 'environment' | 'app' | 'configPath'>,
): Promise<Kept> {
  const { policy } = await readPolicy(ports.repository, config, request)
  return ports.ledgers.read(policy.app ?? request.app, policy.name)
}

/** The policy of an environment, and the text that it was read from. */
export async function readPolicy(
  repository: Repository,
  config: ConfigReader,
  { configPath, environment }: Pick<Request, 'environment' | 'configPath'>,
): Promise<{ policy: EnvironmentPolicy; source: Source }> {
  const source = await policyText(repository, configPath)
  return { policy: config.readPolicy(source, environment), source }
}

/** The config on the default branch, where the policy of every environment stands. */
export const policyText = (repository: Repository, path: string): Promise<Source> =>
  configAt(repository, path, null, 'the default branch')

/** The config at a commit, or on the default branch for null; `where` says it for people. */
export async function configAt(
  repository: Repository,
  path: string,
  commit: string | null,
  where: string,
): Promise<Source> {
  const text = await repository.file(path, commit)
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

/** The tag that is asked for, and the commit it had when it served here. */
function target(request: Request, ledger: Ledger): { tag: string; recorded: Release | null } {
  if (request.wanted === 'deploy') {
    if (request.tag === null) throw missingTag()
    return { tag: request.tag, recorded: null }
  }
  const previous = previousRelease(ledger.history)
  if (request.tag === null) {
    if (previous === null) throw nothingBefore(request.environment)
    return { tag: previous.tag, recorded: previous }
  }
  const served = servedAs(ledger.history, request.tag)
  if (served !== null) return { tag: request.tag, recorded: served.release }
  throw new Problem('nothing-to-roll-back-to', {
    what: `${request.tag} has never served ${request.environment}.`,
    why: 'A rollback goes to a release that did work here, and the ledger has no successful deployment of this one.',
    next: 'Leave the release out to go to the one before, name one that has served, or deploy this one.',
  })
}

const missingTag = () =>
  new Problem('input-invalid', {
    what: 'The input release is empty.',
    why: 'A deployment takes one release to one environment.',
    next: 'Give the tag of the release, like release: v1.2.0.',
  })

const nothingBefore = (environment: string) =>
  new Problem('nothing-to-roll-back-to', {
    what: `No release served ${environment} before the one that does now.`,
    why: 'Only successful deployments count, and the ledger knows of none to go back to.',
    next: 'Deploy a known good release instead.',
  })

async function resolve(
  repository: Repository,
  tag: string,
  recorded: Release | null,
  planned: Plan | null,
): Promise<string> {
  checkTagName(tag)
  const sha = await repository.resolveTag(tag)
  if (sha === null)
    throw new Problem('tag-missing', {
      what: `There is no tag ${tag} in this repository.`,
      why: 'It is misspelt, it was not pushed, or it is the name of a branch: only tags are deployed.',
      next: `Push the tag (git push origin ${tag}) and run again.`,
    })
  const before = recorded?.sha ?? (planned?.release.tag === tag ? planned.release.sha : sha)
  if (before !== sha)
    throw new Problem('tag-moved', {
      what: `The tag ${tag} is ${sha} now; it was ${before}.`,
      why: `Somebody moved it after ${recorded === null ? 'the plan was made' : 'it was deployed here'}. A release never changes.`,
      next: 'Find out who moved it and why, then make a new release with a new tag. Protect tags with a ruleset.',
    })
  if (planned === null && (await repository.branchExists(tag)))
    throw new Problem('tag-ambiguous', {
      what: `${tag} is a tag and a branch too.`,
      why: 'Git and people take the one for the other, and then another commit than the approved one is deployed.',
      next: `Delete or rename the branch ${tag}.`,
    })
  return sha
}

/** Between two commits the relation never changes: a plan for the same two already has it. */
async function relationOf(repository: Repository, ledger: Ledger, sha: string, planned: Plan | null) {
  const serving = ledger.serving?.release.sha
  if (serving === undefined) return { relation: 'first', commits: 0 } as const
  if (planned?.from?.sha === serving && planned.release.sha === sha)
    return { relation: planned.relation, commits: planned.commits }
  return repository.compare(serving, sha)
}

/** Nor does a file at a commit. */
async function schemaVersion(
  repository: Repository,
  recipe: Recipe,
  sha: string,
  planned: Plan | null,
): Promise<string | null> {
  if (recipe.schema === null) return null
  if (planned?.release.sha === sha) return planned.release.schemaVersion
  const text = await repository.file(recipe.schema, sha)
  return text === null ? null : text.trim()
}
