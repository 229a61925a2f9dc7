import type { EnvironmentPolicy, Recipe } from '../domain/config.ts'
import { type ConfigThere, configIn } from '../domain/feasibility.ts'
import { holdsAnything, type Timetable } from '../domain/freeze.ts'
import { previousRelease, servedAs } from '../domain/history.ts'
import type { Ledger } from '../domain/ledger.ts'
import type { Plan } from '../domain/plan.ts'
import { type Planning, planning, releaseBack, type Wish } from '../domain/planning.ts'
import { Problem } from '../domain/problem.ts'
import type { Release } from '../domain/release.ts'
import type { Schedule } from '../domain/schedule.ts'
import { type Override, type Verification, verificationOf } from '../domain/verification.ts'
import { checkRules } from './approval.ts'
import { type ConfigReader, configAt, readPolicy } from './config-source.ts'
import { configThere, type ReadingAt } from './config-there.ts'
import { prove } from './integrity.ts'
import type { Kept, LedgerStore, Ports, Repository } from './ports.ts'
import { startSchedule } from './schedule-start.ts'
import { commitOf } from './tag.ts'
import { mayOverride, type Overriding, timetableOf } from './timetable.ts'

export { type ConfigReader, configAt, policyText, readPolicy, type Source } from './config-source.ts'

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
  /** Who goes through a freeze, and why. */
  readonly override: Overriding | null
  /** Who goes on without the proof that `verified-in` asks for, and why; null where nobody said so. */
  readonly overrideVerified: Override | null
  /** The id of the schedule that is to begin now; left out where a person asks by themselves. */
  readonly schedule?: string
}

export interface Survey {
  readonly kept: Kept
  readonly recipe: Recipe
  readonly planning: Planning
  readonly policy: EnvironmentPolicy
  readonly timetable: Timetable
}

/** Reads everything a plan is made from, and makes it. */
export async function survey(
  ports: Pick<Ports, 'repository' | 'releases' | 'ledgers' | 'calendar' | 'clock'>,
  config: ConfigReader,
  request: Request,
  planned: Plan | null = null,
): Promise<Survey> {
  const { repository } = ports
  const { policy, source: policySource } = await readPolicy(repository, config, request)
  if (planned === null) await checkRules(repository, policy.name, policy.approval)
  const kept = await ports.ledgers.read(policy.app ?? request.app, policy.name)
  const schedule =
    request.schedule === undefined ? null : startSchedule(ports, kept.ledger, request.schedule, request)
  const { tag, recorded } = schedule === null ? target(request, kept.ledger) : pinned(schedule)
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
  const timetable = timetableOf(ports, policy)
  const overriddenBefore = planned?.overridden ?? null
  const needed = holdsAnything(timetable) || overriddenBefore !== null
  const { wanted, redeploy, acknowledged } = request
  const asked = { wanted, release, snapshot, recipe, policy, ledger: kept.ledger, redeploy, acknowledged }
  const wish = schedule === null ? asked : { ...asked, schedule }
  const reading = { configPath: request.configPath, policy: policySource, environment: policy.name }
  return {
    kept,
    recipe,
    policy,
    timetable,
    planning: planning({
      ...(await relationOf(repository, kept.ledger, sha, planned)),
      timetable,
      override: await mayOverride(repository, policy, needed ? request.override : null),
      overriddenBefore,
      ...wish,
      verification: await verify(ports.ledgers, policy, wish, request.overrideVerified, planned),
      configBack: await configBack(repository, config, wish, reading, planned),
    }),
  }
}

/** What an environment remembers, and its policy. */
export interface Recalled extends Kept {
  readonly policy: EnvironmentPolicy
}

/**
 * Asked anew each time: what has proven a release there may have failed since. Proven once more it is no other release
 * than the one that was approved.
 */
async function verify(
  ledgers: LedgerStore,
  { verifiedIn }: EnvironmentPolicy,
  { wanted, release, ledger }: Pick<Wish, 'wanted' | 'release' | 'ledger'>,
  override: Override | null,
  planned: Plan | null,
): Promise<Verification | null> {
  if (wanted !== 'deploy' || verifiedIn === null) return null
  const there = await ledgers.read(ledger.app, verifiedIn)
  const now = verificationOf(there.ledger, release, override)
  const before = planned?.release.sha === release.sha ? planned.verification : undefined
  const stillProven = before?.kind === 'verified' && now.kind === 'verified' && before.where === now.where
  return stillProven ? before : now
}

/** What a rollback would later run is compared before it is needed. Between two commits that never changes. */
async function configBack(
  repository: Repository,
  config: ConfigReader,
  wish: Pick<Wish, 'wanted' | 'release' | 'recipe' | 'ledger' | 'redeploy'>,
  reading: ReadingAt,
  planned: Plan | null,
): Promise<ConfigThere | null> {
  const target = releaseBack(wish)
  if (target === null) return null
  const known = planned?.wayBack ?? null
  if (known?.release.sha === target.sha && planned?.release.sha === wish.release.sha)
    return configIn(known.feasibility)
  return configThere(repository, config, target, wish.recipe, reading)
}

/** Reads what an environment remembers, under the app that the policy names. */
export async function recall(
  ports: Pick<Ports, 'repository' | 'ledgers'>,
  config: ConfigReader,
  request: Pick<Request, 'environment' | 'app' | 'configPath'>,
): Promise<Recalled> {
  const { policy } = await readPolicy(ports.repository, config, request)
  return { policy, ...(await ports.ledgers.read(policy.app ?? request.app, policy.name)) }
}

/** A tag, and the commit that it is to be still, because it was once; null where it was nothing before. */
interface Target {
  readonly tag: string
  readonly recorded: { readonly sha: string; readonly when: string } | null
}

/** Of a schedule the release is the one that was seen when it was asked for. */
const pinned = ({ id, release }: Schedule): Target => ({
  tag: release.tag,
  recorded: { sha: release.sha, when: `it was scheduled as ${id}` },
})

const served = ({ sha }: Release): Target['recorded'] => ({ sha, when: 'it was deployed here' })

/** The tag that is asked for, and the commit it had when it served here. */
function target(request: Request, ledger: Ledger): Target {
  if (request.wanted === 'deploy') {
    if (request.tag === null) throw missingTag()
    return { tag: request.tag, recorded: null }
  }
  const previous = previousRelease(ledger.history)
  if (request.tag === null) {
    if (previous === null) throw nothingBefore(request.environment)
    return { tag: previous.tag, recorded: served(previous) }
  }
  const past = servedAs(ledger.history, request.tag)
  if (past !== null) return { tag: request.tag, recorded: served(past.release) }
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
  recorded: Target['recorded'],
  planned: Plan | null,
): Promise<string> {
  const sha = await commitOf(repository, tag)
  const before = recorded?.sha ?? (planned?.release.tag === tag ? planned.release.sha : sha)
  if (before !== sha)
    throw new Problem('tag-moved', {
      what: `The tag ${tag} is ${sha} now; it was ${before}.`,
      why: `Somebody moved it after ${recorded?.when ?? 'the plan was made'}. A release never changes.`,
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
