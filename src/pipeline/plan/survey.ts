import type { EnvironmentPolicy } from '../../domain/config/policy.ts'
import type { Recipe } from '../../domain/config/recipe.ts'
import { servedAs, servedBefore } from '../../domain/ledger/history.ts'
import type { Ledger } from '../../domain/ledger/ledger.ts'
import { modes } from '../../domain/plan/modes.ts'
import { releaseBack, type WishAhead } from '../../domain/plan/planned-anew.ts'
import { type Planning, planning } from '../../domain/plan/planning.ts'
import { type Mode, scheduleOf, withoutProof } from '../../domain/plan/undertaking.ts'
import { adviseWayBack } from '../../domain/plan/way-back.ts'
import type { World } from '../../domain/plan/wish.ts'
import { Problem } from '../../domain/problem.ts'
import { known } from '../../domain/reading.ts'
import type { ConfigThere } from '../../domain/release/feasibility.ts'
import type { Release } from '../../domain/release/release.ts'
import { knownReleases } from '../../domain/release/release-state.ts'
import { withPhase } from '../../domain/release/settled-phase.ts'
import type { KnownTag } from '../../domain/release/tag-missing.ts'
import { freezesAnything, type Timetable } from '../../domain/schedule/freeze.ts'
import { type ShownPlan, wasShown } from '../../domain/shown/shown-plan.ts'
import type { Signals } from '../../domain/signal/signal.ts'
import { checkRules } from '../lock/approvals.ts'
import type { Kept, Ports, Repository } from '../ports.ts'
import { startSchedule } from '../schedule/start.ts'
import { type AheadPorts, signalsAhead } from '../signal/signals-ahead.ts'
import { withAskedBlocks } from './asked-blocks.ts'
import { withCommitBlocks } from './commit-blocks.ts'
import { comparison } from './comparison.ts'
import { type ConfigReader, type ConfigSource, configAt, readPolicy } from './config-source.ts'
import { configThere, orElsewhere, type ReadingAt } from './config-there.ts'
import { filesThere } from './files-seen.ts'
import { prove } from './integrity.ts'
import { tagAsked } from './latest.ts'
import { manifestsThere } from './manifests-there.ts'
import { proofsOf } from './proof.ts'
import type { Request, RequestPlace } from './request.ts'
import { commitOf } from './tag.ts'
import { makeAnotherRelease, tagMoved } from './tag-moved.ts'
import { pinned, type Target, targetOf } from './target.ts'
import { mayOverride, overriddenLately, timetableOf } from './timetable.ts'

export { type ConfigReader, type ConfigSource, configAt, policyText, readPolicy } from './config-source.ts'

export interface Survey {
  readonly kept: Kept
  readonly recipe: Recipe
  readonly planning: Planning
  readonly policy: EnvironmentPolicy
  readonly timetable: Timetable
  /** The signals that were read, whether they hold it or not. */
  readonly signals: Signals
}

type SurveyPorts = Pick<Ports, 'repository' | 'releases' | 'ledgers' | 'calendar'> & AheadPorts

/** Reads everything a plan is made from, and makes it. */
export async function survey(
  ports: SurveyPorts,
  config: ConfigReader,
  request: Request,
  shown: ShownPlan | null = null,
): Promise<Survey> {
  const place = await findPlace(ports, config, request, shown)
  const { policy, kept } = place
  const proven = await readRelease(ports, config, request, place)
  const { recipe } = proven
  const timetable = timetableOf(ports, policy)
  const overriddenBefore = shown === null ? null : overriddenLately(ports, policy, request.override, shown)
  const world = await readWorld(ports, config, request, shown, { ...place, ...proven, timetable })
  const needed = freezesAnything(timetable) || overriddenBefore !== null
  const override = await mayOverride(ports.repository, policy, needed ? request.override : null)
  const confirmations = { words: request.confirm, override, overriddenBefore }
  return {
    ...{ kept, recipe, policy, timetable, signals: world.signals },
    planning: planning({ undertaking: request.undertaking, world, confirmations }),
  }
}

/** The environment, its ledger, and the commit that is to come there. */
interface SurveyPlace {
  readonly policy: EnvironmentPolicy
  readonly policySource: ConfigSource
  readonly kept: Kept
  readonly schedule: World['schedule']
  readonly target: Target
  readonly sha: string
}

async function findPlace(
  ports: SurveyPorts,
  config: ConfigReader,
  request: Request,
  shown: ShownPlan | null,
): Promise<SurveyPlace> {
  const { repository } = ports
  const { undertaking } = request
  const { policy, source: policySource } = await readPolicy(repository, config, request)
  if (shown === null) await checkRules(repository, policy.name, policy.approval)
  const kept = await ports.ledgers.read(policy.app ?? request.app, policy.name)
  const id = scheduleOf(undertaking)
  const schedule = id === null ? null : startSchedule(ports, kept.ledger, id, request)
  const asked = { ...request, tag: await tagAsked(ports, policy, request.tag, shown) }
  const target = schedule === null ? targetOf(asked, kept.ledger) : pinned(schedule)
  const sha = await resolve(repository, undertaking.mode, target, kept.ledger, shown)
  return { policy, policySource, kept, schedule, target, sha }
}

/** The release with its recipe, as far as they are proven. */
type SurveyedRelease = Pick<World, 'release' | 'recipe' | 'snapshot'>

async function readRelease(
  { repository, releases }: SurveyPorts,
  config: ConfigReader,
  { configPath, undertaking: { mode } }: Request,
  { policy, policySource, kept: { ledger }, target, sha }: SurveyPlace,
): Promise<SurveyedRelease> {
  const { tag } = target
  const source = await configAt(repository, configPath, sha, tag)
  const overlay = { source: policySource, environment: policy.name }
  const written = orElsewhere(mode, ledger, sha, () => config.readRecipe(source, overlay))
  const named: Release = {
    ...{ tag, sha, baseVersion: written.baseVersion },
    schemaVersion: await schemaVersion(repository, written, sha),
  }
  const { snapshot, manifest, outputs, migrations } = await prove(releases, {
    release: named,
    frozen: () => config.readFrozen(source),
    recorded: servedAs(ledger.history, tag)?.release ?? null,
    mayBeGone: target.serves === true,
  })
  const release = manifest === null ? named : { ...named, manifest, ...(outputs === null ? {} : { outputs }) }
  return { release, recipe: withPhase(written, migrations), snapshot }
}

async function readWorld(
  ports: SurveyPorts,
  config: ConfigReader,
  { configPath, undertaking }: Request,
  shown: ShownPlan | null,
  there: SurveyPlace & SurveyedRelease & Pick<World, 'timetable'>,
): Promise<World> {
  const { repository } = ports
  const { policy, policySource, kept, schedule, sha, release, recipe, snapshot, timetable } = there
  const { mode } = undertaking
  const judged = [release, ...servedBefore(kept.ledger, mostWaysBack)]
  const asks = await ports.asks.read(kept.ledger.app, policy.name)
  const ledger = await withCommitBlocks(repository, withAskedBlocks(kept.ledger, asks), judged)
  const known = { release, recipe, policy, ledger }
  const ahead = { undertaking, world: known }
  const files = await filesThere(repository, ahead)
  const manifests = await manifestsThere(repository, ahead)
  const signals = await signalsAhead(ports, policy, kept.ledger.app, mode, asks)
  const reading = { configPath, policy: policySource, environment: policy.name }
  return {
    ...known,
    ...(await relationOf(repository, kept.ledger, sha)),
    ...{ snapshot, timetable, schedule, files, manifests, signals },
    proofs: await proofsOf(ports, policy, mode, known, withoutProof(undertaking), shown),
    configBack: await configBack(repository, config, ahead, reading),
  }
}

/** The releases to go back to that are held against blocks of commits as well. */
const mostWaysBack = 3

/** The ledger of an environment, and its policy. */
export interface Recalled extends Kept {
  readonly policy: EnvironmentPolicy
}

/** Compares the recipe of a later rollback before it is needed. */
async function configBack(
  repository: Repository,
  config: ConfigReader,
  ahead: WishAhead,
  reading: ReadingAt,
): Promise<ConfigThere | null> {
  const target = releaseBack(ahead)
  if (target === null) return null
  return configThere(repository, config, target, ahead.world.recipe, reading)
}

/** Reads the ledger of an environment, under the app that the policy names. */
export async function recall(
  ports: Pick<Ports, 'repository' | 'ledgers'>,
  config: ConfigReader,
  request: RequestPlace,
): Promise<Recalled> {
  const { policy } = await readPolicy(ports.repository, config, request)
  return { policy, ...(await ports.ledgers.read(policy.app ?? request.app, policy.name)) }
}

async function resolve(
  repository: Repository,
  mode: Mode,
  { tag, recorded, serves }: Target,
  ledger: Ledger,
  shown: ShownPlan | null,
): Promise<string> {
  if (serves === true && recorded !== null) return recorded.sha
  const sha = await commitOf(repository, tag, knownAs(mode, tag, recorded?.sha ?? null, ledger))
  const before = recorded?.sha ?? (shown !== null && wasShown(shown, 'tag', tag) ? shown.release : sha)
  if (before !== sha)
    throw tagMoved(
      { tag, was: before, is: sha, since: recorded?.when ?? 'the plan was made' },
      makeAnotherRelease,
    )
  if (shown === null && known(await repository.resolveBranch(tag)) !== null)
    throw new Problem('tag-ambiguous', {
      what: `${tag} is a tag and a branch too.`,
      why: 'Git and people take the one for the other, and then another commit than the approved one is deployed.',
      next: `Delete or rename the branch ${tag}.`,
    })
  return sha
}

/** Returns the ledger's knowledge of a tag that may be gone, and the alternatives. */
function knownAs(mode: Mode, tag: string, recorded: string | null, ledger: Ledger): KnownTag | null {
  const sha = recorded ?? knownReleases([ledger]).find((release) => release.tag === tag)?.sha
  if (sha === undefined) return null
  const others = modes[mode].goesBack ? adviseWayBack(ledger, sha) : null
  return { sha, environment: ledger.environment, others }
}

/** Reads the relation again behind the gate: a plan from an input is compared with it, and never trusted. */
async function relationOf(repository: Repository, ledger: Ledger, sha: string) {
  const serving = ledger.serving?.release.sha
  if (serving === undefined) return { relation: 'first', commits: 0 } as const
  return comparison(repository, serving, sha)
}

async function schemaVersion(repository: Repository, recipe: Recipe, sha: string): Promise<string | null> {
  if (recipe.schema === null) return null
  const text = known(await repository.file(recipe.schema, sha))
  return text === null ? null : text.trim()
}
