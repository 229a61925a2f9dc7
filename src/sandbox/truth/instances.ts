import { parseDocument } from 'yaml'
import type { ShopSide } from '../fleet/door-sides.ts'
import type { Shop } from '../fleet/shop.ts'
import type { SandboxGitHub } from '../github/github.ts'
import {
  git,
  type WrittenEvent,
  type WrittenLedger,
  type WrittenOutcome,
  type WrittenRelease,
} from './ledgers.ts'

/** An observed instance: its own answer, and its traffic. */
export interface SeenInstance {
  readonly name: string
  readonly version: string | undefined
  readonly inTraffic: boolean
}

/** Asks every instance of a side, and its part of the front door's pool. */
export function instancesOf(
  { instances, standIn, frontDoor, instanceVersion }: Shop,
  side: ShopSide = 'home',
): Promise<SeenInstance[]> {
  const [own, members] = side === 'home' ? [instances, frontDoor.members] : [standIn, frontDoor.standIn]
  return Promise.all(
    own.map(async ({ name, places }) => ({
      name,
      version: await instanceVersion(name),
      inTraffic: members.some((member) => member.in && places.some((place) => place.name === member.name)),
    })),
  )
}

/** The instances that the policy gives to an environment; null where it does not list them, as with an inventory. */
export async function namesIn({ gitDir }: SandboxGitHub, environment: string): Promise<string[] | null> {
  const shown = await git('git', ['--git-dir', gitDir, 'show', 'main:.github/rollgate.yml']).catch(() => null)
  const policy = shown === null ? null : parseDocument(shown.stdout).toJS()
  const instances = policy?.environments?.[environment]?.services?.web?.fleet?.local?.instances
  return instances === undefined ? null : Object.keys(instances)
}

/** Returns the contradictions between the instances and their ledger. */
export function ofInstances(ledger: WrittenLedger, seen: readonly SeenInstance[]): string[] {
  const claims =
    ledger.deployment === null ? atRest(ledger) : underWay(ledger.deployment, servingAtHome(ledger))
  return seen.flatMap((instance) => contradictions(ledger.environment, instance, claims(instance.name)))
}

/** A claim about one instance; null without one. */
interface Stated {
  readonly because: string
  readonly serves: string | null
  readonly inTraffic: boolean | null
}

type Claims = (name: string) => Stated | null

/** Returns the contradictions between the instances and the claims. */
export function contradictions(
  environment: string,
  { name, version, inTraffic }: SeenInstance,
  claim: Stated | null,
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

function atRest({ serving, history }: WrittenLedger): Claims {
  const last = history.find(({ record }) => record !== null)
  if (serving === null || (last !== undefined && leavesItOpen(last.outcome))) return nothing
  const { forced = [], excluded = [], failed = [] } = last?.outcome ?? {}
  const because = `${serving.release.tag} serves`
  const apart = new Set([...forced, ...excluded, ...failed].map((name) => name.split('/').at(-1) ?? name))
  return (name) => (apart.has(name) ? null : { because, serves: serving.release.tag, inTraffic: true })
}

/** True if an outcome itself says that begun steps stay as they are. */
const leavesItOpen = ({ kind, stays = [] }: WrittenOutcome): boolean =>
  kind === 'abandoned' || (kind === 'failed' && stays.length > 0)

/** The release of instances that a deployment has not touched; null in a detour, which stops home before its change. */
const servingAtHome = ({ serving, detour = null }: WrittenLedger): WrittenRelease | null =>
  detour === null ? (serving?.release ?? null) : null

function underWay(
  { plan, journal, holder }: NonNullable<WrittenLedger['deployment']>,
  serving: WrittenRelease | null,
): Claims {
  const lost =
    holder !== null ||
    journal.findLast(({ kind }) => kind === 'interrupted' || kind === 'paused')?.kind === 'interrupted'
  return (name) => {
    const last = journal.findLast((event) => concerns(event, name))
    // A lost run may have executed a later decision without writing it down.
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
        return {
          because: `the journal says that ${name} failed`,
          serves: null,
          inTraffic: failedServes(plan),
        }
      case undefined:
        // The ledger claims nothing about the work of a lost run after its last entry.
        return lost || serving === null
          ? null
          : { because: `the journal has not touched ${name}`, serves: serving.tag, inTraffic: true }
      default:
        return null
    }
  }
}

/** With slots the old one serves on; in place it cannot be told. */
function failedServes({ steps = [] }: NonNullable<WrittenLedger['deployment']>['plan']): boolean | null {
  const order = steps.find(({ service }) => service !== undefined)?.service?.rollout.order?.kind
  return order === undefined ? false : order === 'start-first' ? true : null
}

const concerns = ({ kind, instance, instances }: WrittenEvent, name: string): boolean =>
  instance === name || (kind === 'instances-started' && Array.isArray(instances) && instances.includes(name))
