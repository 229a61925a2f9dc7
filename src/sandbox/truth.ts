import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { parse } from 'yaml'
import type { Shop } from './fleet/shop.ts'
import type { SandboxGitHub } from './github/github.ts'
import type { Ended } from './runner/runner.ts'

/**
 * Holds what Rollgate said against the world: the answers of the instances, the front door's pool, and GitHub's records.
 * It reads the ledger as JSON and shares no code with Rollgate, so that a rule that is wrong there is not wrong here too.
 */

/** A release, as the ledger has it. */
interface Release {
  readonly tag: string
}

interface Outcome {
  readonly kind: string
  readonly forced?: readonly string[]
  readonly excluded?: readonly string[]
  readonly failed?: readonly string[]
  readonly stays?: readonly string[]
  readonly afterwards?: unknown
}

interface Past {
  readonly number: number
  readonly mode: string
  readonly release: Release
  readonly outcome: Outcome
  readonly record: number | null
  readonly endedAt: string
}

interface Event {
  readonly kind: string
  readonly at: string
  readonly step?: string
  readonly instance?: string
  readonly instances?: readonly string[] | Readonly<Record<string, unknown>>
  readonly direction?: string
  readonly decision?: string
}

interface Ledger {
  readonly environment: string
  readonly serving: { readonly release: Release; readonly record: number | null } | null
  readonly deployment: {
    readonly number: number
    readonly plan: { readonly release: Release; readonly from: Release | null }
    readonly journal: readonly Event[]
    readonly holder: unknown
    readonly record: number | null
  } | null
  readonly history: readonly Past[]
}

/** An instance as it is: its own answer, and whether visitors are sent to it. */
interface Seen {
  readonly name: string
  readonly version: string | undefined
  readonly inTraffic: boolean
}

/** The parts of the output `result` that speak of the world. */
interface Result {
  readonly outcome: string
  readonly environment: { readonly name: string }
  readonly deployment: { readonly number: number }
  readonly release: Release
  readonly instances: readonly {
    readonly name: string
    readonly state: string
    readonly version: string | null
  }[]
}

export interface World {
  readonly github: SandboxGitHub
  readonly shop: Shop
  /** Main and post of every job, in the order in which they ended. */
  readonly told: readonly Ended[]
}

/** Each place where the world is not what the ledgers, the records and the last results say, as a sentence. Empty when all agree. */
export async function untruths(world: World): Promise<string[]> {
  const ledgers = await ledgersIn(world.github)
  const seen = await instancesOf(world.shop)
  const newest = ledgers.toSorted((one, other) => lastChange(other).localeCompare(lastChange(one)))[0]
  const found: string[] = []
  for (const ledger of ledgers) {
    const names = await namesIn(world.github, ledger.environment)
    // Environments that share their instances take turns: the one that changed last says what they serve.
    const own = names.length < seen.length || ledger === newest
    const instances = own ? seen.filter(({ name }) => names.includes(name)) : []
    found.push(
      ...ofInstances(ledger, instances),
      ...ofRecords(ledger, world.github),
      ...ofResults(ledger, world, instances),
    )
  }
  return found
}

const git = promisify(execFile)

async function ledgersIn({ gitDir }: SandboxGitHub): Promise<Ledger[]> {
  const { stdout: refs } = await git('git', [
    '--git-dir',
    gitDir,
    'for-each-ref',
    '--format=%(refname)',
    'refs/rollgate/',
  ])
  const texts = refs
    .split('\n')
    .filter(Boolean)
    .map((ref) => git('git', ['--git-dir', gitDir, 'show', `${ref}:ledger.json`]))
  // A story may lay something else in a ledger's place.
  const read = await Promise.allSettled(texts)
  return read.flatMap((one) => (one.status === 'fulfilled' ? ledgerIn(one.value.stdout) : []))
}

function ledgerIn(text: string): Ledger[] {
  const ledger: Partial<Ledger> = JSON.parse(text)
  return ledger.history === undefined || (ledger.deployment?.plan === undefined && ledger.deployment !== null)
    ? []
    : [ledger as Ledger]
}

/** The instances that the policy gives to an environment. */
async function namesIn({ gitDir }: SandboxGitHub, environment: string): Promise<string[]> {
  try {
    const { stdout } = await git('git', ['--git-dir', gitDir, 'show', 'main:.github/rollgate.yml'])
    const { environments } = parse(stdout)
    return Object.keys(environments[environment].services.web.fleet.local.instances)
  } catch {
    return []
  }
}

const instancesOf = ({ instances, frontDoor, instanceVersion }: Shop): Promise<Seen[]> =>
  Promise.all(
    instances.map(async ({ name }) => ({
      name,
      version: await instanceVersion(name),
      inTraffic: frontDoor.members.some((member) => member.name === name && member.in),
    })),
  )

const lastChange = ({ deployment, history }: Ledger): string =>
  deployment?.journal.at(-1)?.at ?? history.find(({ record }) => record !== null)?.endedAt ?? ''

/** What the ledger says of the instances. */
function ofInstances(ledger: Ledger, seen: readonly Seen[]): string[] {
  const claims =
    ledger.deployment === null ? atRest(ledger) : underWay(ledger.deployment, ledger.serving?.release ?? null)
  return seen.flatMap((instance) => contradictions(ledger.environment, instance, claims(instance.name)))
}

/** What is claimed of one instance; null where nothing is. */
interface Claim {
  readonly because: string
  readonly serves: string | null
  readonly inTraffic: boolean | null
}

type Claims = (name: string) => Claim | null

function contradictions(
  environment: string,
  { name, version, inTraffic }: Seen,
  claim: Claim | null,
): string[] {
  if (claim === null) return []
  const place = `${environment}: ${claim.because}, but ${name}`
  return [
    ...(claim.serves === null || claim.serves === version
      ? []
      : [`${place} serves ${version ?? 'nothing'} and not ${claim.serves}`]),
    ...(claim.inTraffic === null || claim.inTraffic === inTraffic
      ? []
      : [`${place} is ${inTraffic ? 'in' : 'out of'} traffic`]),
  ]
}

const nothing: Claims = () => null

function atRest({ serving, history }: Ledger): Claims {
  const last = history.find(({ record }) => record !== null)
  if (serving === null || (last !== undefined && leavesItOpen(last.outcome))) return nothing
  const { forced = [], excluded = [], failed = [] } = last?.outcome ?? {}
  const because = `${serving.release.tag} serves`
  const apart = new Set([...forced, ...excluded, ...failed].map((name) => name.split('/').at(-1) ?? name))
  return (name) => (apart.has(name) ? null : { because, serves: serving.release.tag, inTraffic: true })
}

/** True if an outcome itself says that what was begun stays as it is. */
const leavesItOpen = ({ kind, stays = [] }: Outcome): boolean =>
  kind === 'abandoned' || (kind === 'failed' && stays.length > 0)

function underWay(
  { plan, journal, holder }: NonNullable<Ledger['deployment']>,
  serving: Release | null,
): Claims {
  const lost =
    holder !== null ||
    journal.findLast(({ kind }) => kind === 'interrupted' || kind === 'paused')?.kind === 'interrupted'
  return (name) => {
    const last = journal.findLast((event) => concerns(event, name))
    // A lost run may have done what was decided after that, and nobody wrote it down.
    if (
      lost &&
      last !== undefined &&
      journal.slice(journal.indexOf(last)).some(({ kind }) => kind === 'decided' || kind === 'turned-back')
    )
      return null
    switch (last?.kind) {
      case 'instance-succeeded': {
        const back =
          journal.findLast((event) => event.kind === 'instances-started' && concerns(event, name))
            ?.direction === 'back'
        const serves = (back ? plan.from?.tag : plan.release.tag) ?? null
        return { because: `the journal says that ${name} was changed to ${serves}`, serves, inTraffic: true }
      }
      case 'instance-failed':
        return { because: `the journal says that ${name} failed`, serves: null, inTraffic: false }
      case undefined:
        // What a lost run did after its last entry is claimed by nobody.
        return lost || serving === null
          ? null
          : { because: `the journal has not touched ${name}`, serves: serving.tag, inTraffic: true }
      default:
        return null
    }
  }
}

const concerns = ({ kind, instance, instances }: Event, name: string): boolean =>
  instance === name || (kind === 'instances-started' && Array.isArray(instances) && instances.includes(name))

/** What GitHub's records say, held against the ledger. */
function ofRecords(
  { environment, history, deployment, serving }: Ledger,
  { deployments }: SandboxGitHub,
): string[] {
  const stateOf = (record: number) => deployments.find(({ id }) => id === record)?.statuses.at(-1)?.state
  const wrong = (record: number, should: readonly string[], because: string): string[] => {
    const state = stateOf(record)
    return state !== undefined && should.includes(state)
      ? []
      : [
          `${environment}: record ${record} says ${state ?? 'nothing'} and not ${should.join(' or ')}: ${because}`,
        ]
  }
  return [
    ...history.flatMap((past) =>
      past.record === null
        ? []
        : wrong(
            past.record,
            statesFor(past, serving, deployment),
            `deployment ${past.number} ended as ${past.outcome.kind}`,
          ),
    ),
    ...(deployment === null || deployment.record === null
      ? []
      : wrong(
          deployment.record,
          ['in_progress', 'pending', 'error'],
          `deployment ${deployment.number} is under way`,
        )),
  ]
}

function statesFor(
  { outcome, record }: Past,
  serving: Ledger['serving'],
  deployment: Ledger['deployment'],
): string[] {
  if (outcome.kind !== 'succeeded') return ['failure', 'error']
  if (record === serving?.record) return ['success']
  // The older record is ended together with the deployment that follows it.
  return deployment !== null && deployment.record === serving?.record ? ['success', 'inactive'] : ['inactive']
}

/** What the jobs' own results say: each of a deployment that has ended since, and the last one of its instances. */
function ofResults(ledger: Ledger, { told }: World, seen: readonly Seen[]): string[] {
  const { environment, history } = ledger
  const results = told.flatMap(resultIn).filter(({ result }) => result.environment.name === environment)
  const ended = results.flatMap(({ result, summary }) => {
    const past = history.find(
      (one) => one.number === result.deployment.number && one.release.tag === result.release.tag,
    )
    return past === undefined || !isEnd(result.outcome) ? [] : ofEnd(environment, past, result, summary)
  })
  const last = results.at(-1)?.result
  const rows = last === undefined || !isLatest(ledger, last) ? [] : last.instances
  return [
    ...ended,
    ...rows.flatMap(({ name, state, version }) =>
      ofRow(
        environment,
        seen.find((one) => one.name === name),
        state,
        version,
      ),
    ),
  ]
}

/** True unless the deployment has gone on since the result was told, without a result of its own. */
const isLatest = ({ deployment, history }: Ledger, { outcome, deployment: { number } }: Result): boolean =>
  isEnd(outcome) ? deployment === null && history[0]?.number === number : deployment?.number === number

/** The result of a deployment; other commands tell another one. */
function resultIn({ outputs, summary }: Ended): { result: Result; summary: string }[] {
  const result = outputs.result === undefined || outputs.result === '' ? {} : JSON.parse(outputs.result)
  return result.deployment?.number === undefined || result.instances === undefined
    ? []
    : [{ result, summary }]
}

const isEnd = (outcome: string): boolean =>
  !['waiting', 'interrupted', 'running', 'looked', 'planned'].includes(outcome)

function ofEnd(
  environment: string,
  { number, outcome, release }: Past,
  result: Result,
  summary: string,
): string[] {
  const word = wordOf(outcome)
  return [
    ...(result.outcome === word
      ? []
      : [`${environment}: a result says ${result.outcome} of deployment ${number}, the ledger ${word}`]),
    ...(summary.includes(release.tag)
      ? []
      : [`${environment}: the page of deployment ${number} does not name ${release.tag}`]),
  ]
}

function wordOf({ kind, forced = [], excluded = [], failed = [], afterwards = null }: Outcome): string {
  if (kind !== 'succeeded') return kind
  if (afterwards !== null) return 'succeeded-post-deploy-failed'
  return forced.length + excluded.length + failed.length === 0 ? 'succeeded' : 'converged'
}

function ofRow(
  environment: string,
  instance: Seen | undefined,
  state: string,
  version: string | null,
): string[] {
  if (instance === undefined) return []
  const because = `the last page has ${instance.name} as ${state}`
  if (state === 'done' || state === 'left-alone')
    return contradictions(environment, instance, { because, serves: version, inTraffic: true })
  return state === 'failed' || state === 'forced'
    ? contradictions(environment, instance, { because, serves: null, inTraffic: false })
    : []
}
