import type { EnvironmentPolicy } from '../../domain/config/policy.ts'
import type { Ledger } from '../../domain/ledger/ledger.ts'
import type { Fitness } from '../../domain/plan/fitness.ts'
import type { Failure } from '../../domain/question/decision.ts'
import { known } from '../../domain/reading.ts'
import type { WayBack } from '../../domain/release/feasibility.ts'
import type { ReleaseId } from '../../domain/release/release.ts'
import { knownReleases, type ReleaseStanding, releaseStanding } from '../../domain/release/release-state.ts'
import { newestFirst } from '../../domain/release/tag-order.ts'
import { type ConfigSource, policyText } from '../plan/config-source.ts'
import { fitting, waysBack } from '../plan/fitness.ts'
import type { Request } from '../plan/request.ts'
import type { Ports, Repository, Tag } from '../ports.ts'
import { atATime } from '../roll/at-a-time.ts'
import { failureFrom } from '../run/failure.ts'
import type { StatusReader } from './status.ts'

export interface ListRequest extends Pick<Request, 'app' | 'configPath'> {
  /** The environment to list releases for; null to list all releases. */
  readonly environment: string | null
  /** The number of releases to list. */
  readonly limit: number
}

/** The ledger of an environment, or the reason why it could not be read. */
export interface Remembering extends Pick<EnvironmentPolicy, 'name' | 'class'> {
  readonly memory:
    | { readonly kind: 'read'; readonly ledger: Ledger }
    | { readonly kind: 'unknown'; readonly failure: Failure }
}

/** The state of a release's tag: same commit, moved or gone. */
export type TagState = 'there' | 'moved' | 'gone'

export interface Listed extends ReleaseStanding {
  readonly tag: TagState
  /** The fitness for the environment; null without a named environment. */
  readonly fitness: Fitness | null
}

export interface Listing {
  readonly app: string
  readonly environments: readonly Remembering[]
  /** The newest first. */
  readonly releases: readonly Listed[]
  /** The number of known releases that are not listed. */
  readonly further: number
  readonly wanted: WantedEnvironment | null
}

/** The facts about the environment that releases are listed for. */
export interface WantedEnvironment {
  readonly environment: string
  /** Releases that were made for another base than the environment has, and are not listed. */
  readonly otherBase: readonly ReleaseId[]
  /** The releases that served it last, the latest first. */
  readonly waysBack: readonly WayBack[]
}

/** The number of earlier serving releases to judge. */
const mostWaysBack = 10
const atOnce = 8

/** Lists the releases with their state, and where an environment may go back to. Changes nothing. */
export async function listReleases(
  ports: Pick<Ports, 'repository' | 'ledgers'>,
  config: StatusReader,
  asked: ListRequest,
): Promise<Listing> {
  const { repository } = ports
  const source = await policyText(repository, asked.configPath)
  const policy = asked.environment === null ? null : config.readPolicy(source, asked.environment)
  const policies = config.readPolicies(source)
  const app = policies[0]?.app ?? asked.app
  const environments = await atATime(atOnce, policies, (one) => remembering(ports, app, one))
  const ledgers = environments.flatMap(({ memory }) => (memory.kind === 'read' ? [memory.ledger] : []))
  const newest = known(await repository.tags(asked.limit)) ?? []
  const { shown, further } = choose([...newest, ...knownReleases(ledgers)], ledgers, asked.limit)
  const states = await atATime(atOnce, shown, (release) => tagState(repository, release, newest, asked.limit))
  const listed = shown.map(
    (release, at): Listed => ({
      ...releaseStanding(release, ledgers),
      tag: states[at] ?? 'there',
      fitness: null,
    }),
  )
  const listing = { app, environments, releases: listed, further, wanted: null }
  return policy === null ? listing : forOne(ports, config, listing, policy, { ...asked, source })
}

async function remembering(
  { ledgers }: Pick<Ports, 'ledgers'>,
  app: string,
  { name, class: stake }: EnvironmentPolicy,
): Promise<Remembering> {
  try {
    const { ledger } = await ledgers.read(app, name)
    return { name, class: stake, memory: { kind: 'read', ledger } }
  } catch (thrown) {
    return { name, class: stake, memory: { kind: 'unknown', failure: failureFrom(thrown) } }
  }
}

/** The newest; and whatever serves, is under way or blocked, however old. */
function choose(all: readonly ReleaseId[], ledgers: readonly Ledger[], limit: number) {
  const each = [...new Map(all.map((one) => [`${one.sha} ${one.tag}`, one])).values()]
  const sorted = each.sort((one, other) => newestFirst(one.tag, other.tag))
  const shown = sorted.filter((release, at) => at < limit || matters(release, ledgers))
  return { shown, further: sorted.length - shown.length }
}

function matters(release: ReleaseId, ledgers: readonly Ledger[]): boolean {
  const { state, flags } = releaseStanding(release, ledgers)
  return state === 'deployed' || flags.some(({ kind }) => kind === 'partial' || kind === 'blocked')
}

/** A list that is not full holds every tag there is; otherwise the tag itself is read. */
async function tagState(
  repository: Repository,
  { tag, sha }: ReleaseId,
  newest: readonly Tag[],
  limit: number,
): Promise<TagState> {
  const listed = newest.find((one) => one.tag === tag)?.sha
  const now = listed ?? (newest.length < limit ? null : known(await repository.resolveTag(tag)))
  if (now === null) return 'gone'
  return now === sha ? 'there' : 'moved'
}

/** Returns only releases for the base version of the environment, each with its fitness. */
async function forOne(
  ports: Pick<Ports, 'repository'>,
  config: StatusReader,
  listing: Listing,
  policy: EnvironmentPolicy,
  { configPath, source }: Pick<ListRequest, 'configPath'> & { readonly source: ConfigSource },
): Promise<Listing> {
  const { memory } = listing.environments.find(({ name }) => name === policy.name) ?? {}
  // An unreadable ledger is shown in its place, and filters nothing.
  if (memory?.kind !== 'read') return listing
  const { ledger } = memory
  const at = {
    ports,
    config,
    policy,
    ledger,
    reading: { configPath, policy: source, environment: policy.name },
  }
  const fitted = await atATime(atOnce, listing.releases, async (listed) => ({
    ...listed,
    fitness: listed.tag === 'gone' ? null : await fitting(at, listed),
  }))
  const suits = ({ fitness }: Listed): boolean => fitness?.kind !== 'other-base'
  return {
    ...listing,
    releases: fitted.filter(suits),
    wanted: {
      environment: policy.name,
      otherBase: fitted.filter((listed) => !suits(listed)).map(({ release }) => release),
      waysBack: await waysBack(at, mostWaysBack),
    },
  }
}
