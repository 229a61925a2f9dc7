import type { Probe } from '../../domain/config/command.ts'
import { isOnEngine, onFleets } from '../../domain/config/declared-service.ts'
import { type Host, type Instance, isOverSsh } from '../../domain/config/fleet.ts'
import type { ListedHosts } from '../../domain/config/listed-hosts.ts'
import type { Recipe } from '../../domain/config/recipe.ts'
import type { Service } from '../../domain/config/service.ts'
import type { Serving } from '../../domain/ledger/ledger.ts'
import { absent } from '../../domain/reading.ts'
import {
  type InstanceSeen,
  type PlaceSeen,
  type ServiceSeen,
  type SightFinding,
  seenInSlots,
} from '../../domain/rolling/sight.ts'
import type { Answer, Ports, Variables } from '../ports.ts'
import { ask, saidVersion, served } from '../roll/instance-observed.ts'
import { slotsOf } from '../roll/instance-slots.ts'
import type { Sight } from '../roll/instance-work.ts'
import { releaseVariables } from '../run/context.ts'
import { answerInWords, failureFrom } from '../run/failure.ts'
import { hostVariables } from '../run/host-variables.ts'
import { sharedVariables } from '../run/shared-variables.ts'
import { lookAtEngine } from './engines.ts'

/** The place of the instances. */
export interface EnvironmentPlace {
  readonly app: string
  readonly environment: string
}

/** The inputs of every look at the instances of an environment. */
interface Looking {
  readonly seen: Variables
  /** The hosts of services with inventories. */
  readonly listed: ListedHosts
  /** The reason why commands cannot ask; null if they can. */
  readonly missing: string | null
  readonly signal: AbortSignal
}

/** Asks every instance of the serving release, all at once and each question once. Changes nothing. */
export async function lookAtInstances(
  ports: Pick<Ports, 'fleet' | 'traffic' | 'engine' | 'workspace' | 'given'>,
  place: EnvironmentPlace,
  serving: Serving,
  recipe: Recipe,
  signal: AbortSignal,
): Promise<readonly ServiceSeen[]> {
  const { release, deployment, hosts } = serving
  // The commands of another commit may differ, or be missing.
  const head = await ports.workspace.head()
  const here = head.kind === 'found' && head.value === release.sha
  const looking: Looking = {
    seen: {
      ...sharedOf(ports, serving, recipe),
      ...(await releaseVariables(here ? ports.workspace : nowhere, { ...place, release })),
      ROLLGATE_DEPLOYMENT: String(deployment),
    },
    listed: hosts ?? {},
    missing: here ? null : `needs a checkout of ${release.tag}`,
    signal,
  }
  return Promise.all(
    recipe.services.map((service) =>
      isOnEngine(service)
        ? lookAtEngine(ports, service, serving.images[service.name] ?? null, looking)
        : lookAtService(ports, service, looking),
    ),
  )
}

const sharedOf = (
  { given }: Pick<Ports, 'given'>,
  { release, outputs }: Serving,
  { vars = [], env = {} }: Recipe,
): Variables => sharedVariables(given, { vars, env, outputs: release.outputs ?? outputs })

/** A look fetches no files. */
const nowhere = { checkout: async () => absent }

/** Returns the means to look at one instance of the release that serves; null where its recipe has none of that name. */
export async function sightOf(
  ports: Pick<Ports, 'fleet' | 'traffic' | 'workspace' | 'given'>,
  place: EnvironmentPlace,
  serving: Serving,
  recipe: Recipe,
  wanted: { readonly service: string; readonly instance: string },
  signal: AbortSignal,
): Promise<Sight | null> {
  const known = onFleets(recipe.services).find(({ name }) => name === wanted.service)
  const service = known === undefined ? null : withListed(known, serving.hosts?.[known.name] ?? [])
  const instance = service?.fleet.instances.find(({ name }) => name === wanted.instance)
  if (service === null || instance === undefined) return null
  const { release, deployment } = serving
  const seen = {
    ...sharedOf(ports, serving, recipe),
    ...(await releaseVariables(ports.workspace, { ...place, release })),
    ROLLGATE_DEPLOYMENT: String(deployment),
  }
  return sightIn(ports, service, instance, seen, signal)
}

function sightIn(
  ports: Pick<Ports, 'fleet' | 'traffic'>,
  service: Service,
  instance: Instance,
  seen: Variables,
  signal: AbortSignal,
): Sight {
  const fleet = ports.fleet(service.fleet)
  const own = {
    ROLLGATE_SERVICE: service.name,
    ROLLGATE_INSTANCE: instance.name,
    ...hostVariables(service.fleet, instance),
  }
  const traffic = ports.traffic(service, fleet)
  return { service, instance, fleet, traffic, signal, slot: null, seen: { ...seen, ...instance.env, ...own } }
}

async function lookAtService(
  ports: Pick<Ports, 'fleet' | 'traffic'>,
  recipe: Service,
  { seen, listed, missing, signal }: Looking,
): Promise<ServiceSeen> {
  const { name } = recipe
  const service = withListed(recipe, listed[name] ?? [])
  // Serving since before hosts were remembered, or by an inventory that is new.
  if (service.fleet.instances.length === 0)
    return {
      name,
      instances: [],
      unasked: 'its inventory prints hosts: they are known from the next deployment on',
    }
  const lookAt = (instance: Instance): Promise<InstanceSeen> =>
    lookAtInstance(sightIn(ports, service, instance, seen, signal), missing)
  return {
    name,
    instances: await Promise.all(service.fleet.instances.map(lookAt)),
    unasked: null,
    ...(service.traffic.kind === 'is-alive' ? { asksThem: true } : {}),
  }
}

/** Returns the hosts as they were when the release came to serve: an inventory is asked behind the gate alone. */
const withListed = (service: Service, hosts: readonly Host[]): Service =>
  isOverSsh(service.fleet) && service.fleet.inventory !== null
    ? { ...service, fleet: { ...service.fleet, instances: hosts } }
    : service

async function lookAtInstance(sight: Sight, missing: string | null): Promise<InstanceSeen> {
  const { name } = sight.instance
  const slots = slotsOf(sight)
  if (slots === null) return { name, ...(await lookAtPlace(sight, missing)) }
  const [a, b] = await Promise.all([lookAtPlace(slots.a, missing), lookAtPlace(slots.b, missing)])
  const asksThem = sight.service.traffic.kind === 'is-alive'
  return seenInSlots(name, { a, b }, ({ healthy, inTraffic }) => (asksThem ? healthy : inTraffic))
}

async function lookAtPlace(sight: Sight, missing: string | null): Promise<PlaceSeen> {
  const { version, healthCheck } = sight.service
  const [said, healthy, inTraffic] = await Promise.all([
    question(sight, version, { without: 'no probe', missing }, versionIn),
    question(sight, healthCheck?.probe ?? null, { without: 'no health check', missing }, healthIn),
    frontDoor(sight, missing),
  ])
  return { version: said, healthy, inTraffic }
}

async function question<T>(
  sight: Sight,
  probe: Probe | null,
  { without, missing }: { readonly without: string; readonly missing: string | null },
  read: (answer: Answer) => SightFinding<T>,
): Promise<SightFinding<T>> {
  if (probe === null) return { kind: 'none', why: without }
  if (probe.kind === 'run' && missing !== null) return { kind: 'unasked', why: missing }
  return answered(async () => read(await ask(sight, probe)))
}

function versionIn(answer: Answer): SightFinding<string> {
  if (answer.kind !== 'yes') return { kind: 'unanswered', why: answerInWords(answer) }
  const said = saidVersion(answer.text)
  if (said === null) return { kind: 'unanswered', why: 'it names no release' }
  return { kind: 'found', value: said, why: null }
}

function healthIn(answer: Answer): SightFinding<boolean> {
  if (answer.kind === 'yes') return { kind: 'found', value: true, why: null }
  const why = answerInWords(answer)
  return answer.kind === 'unknown' ? { kind: 'unanswered', why } : { kind: 'found', value: false, why }
}

async function frontDoor(sight: Sight, missing: string | null): Promise<SightFinding<boolean>> {
  const { traffic } = sight.service
  if (traffic.kind === 'is-alive' || (traffic.kind === 'command' && traffic.serving === null))
    return { kind: 'none', why: 'cannot be seen' }
  if (traffic.kind === 'command' && traffic.serving?.kind === 'run' && missing !== null)
    return { kind: 'unasked', why: missing }
  return answered(async () => {
    const serves = await served(sight)
    switch (serves.kind) {
      case 'found':
        return { kind: 'found', value: serves.value, why: null }
      case 'absent':
        return { kind: 'none', why: 'cannot be seen' }
      case 'unknown':
        return { kind: 'unanswered', why: serves.why.what }
    }
  })
}

/** Turns a failed look into a finding of its own, so that the other instances are still asked. */
async function answered<T>(asking: () => Promise<SightFinding<T>>): Promise<SightFinding<T>> {
  try {
    return await asking()
  } catch (thrown) {
    return { kind: 'unanswered', why: `could not be asked: ${failureFrom(thrown).what}` }
  }
}
