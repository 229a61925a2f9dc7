import { onFleets } from '../../domain/config/declared-service.ts'
import type { Service } from '../../domain/config/service.ts'
import type { DetourDeed, DetourEvidence } from '../../domain/detour/deed.ts'
import { backInCode, type Direction, releaseOf } from '../../domain/journal/direction.ts'
import type { Failure } from '../../domain/question/decision.ts'
import { isRelease } from '../../domain/release/release.ts'
import { prepareInstance } from '../prepare/instance.ts'
import { command } from '../roll/instance-commands.ts'
import { observe } from '../roll/instance-observed.ts'
import { proveInPlace } from '../roll/instance-proof.ts'
import { slotsOf } from '../roll/instance-slots.ts'
import { enter } from '../roll/instance-traffic.ts'
import { type InstanceWork, workOn } from '../roll/instance-work.ts'
import { failureOfAll } from './each-end.ts'
import type { DetourWork } from './work.ts'

/** The applications on the fleets of both sides. Each deed looks first, so that a resumed run starts nothing twice. */

/** Starts the serving release on the stand-in, where it does not run already. */
export const startOnStandIn = (work: DetourWork): Promise<DetourDeed> =>
  onEach(work, standIn(work), backInCode, async (instance) => {
    if (await runsWell(instance)) return null
    const prepared = await prepareInstance(instance)
    if (prepared.kind === 'failed') return prepared.failure
    const { install, start } = instance.service.fleet
    return (
      (await command(instance, 'install', install)) ??
      (await command(instance, 'start', start)) ??
      (await proveInPlace(instance)) ??
      (await enter(instance))
    )
  })

export const stopOnStandIn = (work: DetourWork): Promise<DetourDeed> =>
  onEach(work, standIn(work), backInCode, stop)

export const stopAtHome = (work: DetourWork): Promise<DetourDeed> =>
  onEach(work, work.home, backInCode, (instance) => {
    const slots = slotsOf(instance)
    return slots === null ? stop(instance) : both(stop(slots.a), stop(slots.b))
  })

/** Starts the release that served home before: its instances still have it. */
export const startAtHome = (work: DetourWork): Promise<DetourDeed> =>
  onEach(work, work.home, backInCode, async (instance) =>
    (await runsWell(instance))
      ? null
      : ((await command(instance, 'start', instance.service.fleet.start)) ?? (await proveInPlace(instance))),
  )

/** Has every instance at home prove itself, and counts: no fewer take visitors back than serve them now. */
export async function warmAtHome(work: DetourWork): Promise<DetourDeed> {
  const home = await onEach(work, work.home, work.direction, proveInPlace)
  if (home.kind === 'failed') return home
  const serving = await countUp(work)
  const warm = instancesIn(work.home)
  if (warm + serving === 0) return { kind: 'done', evidence: {} }
  return warm < serving
    ? { kind: 'failed', failure: tooFew(warm, serving) }
    : { kind: 'done', evidence: { warm: `${warm}`, serving: `${serving}` } }
}

const standIn = ({ standIn: services }: DetourWork): Service[] => onFleets(services)

const stop = (instance: InstanceWork): Promise<Failure | null> =>
  command(instance, 'stop', instance.service.fleet.stop)

const both = async (one: Promise<Failure | null>, other: Promise<Failure | null>) =>
  (await one) ?? (await other)

/** True if an instance is healthy on the wanted release. Without a version nothing tells which one it runs. */
async function runsWell(instance: InstanceWork): Promise<boolean> {
  if (instance.service.version === null) return false
  const { healthy, version } = await observe(instance)
  return healthy && version !== null && isRelease(version, instance.wanted)
}

async function countUp(work: DetourWork): Promise<number> {
  const all = await eachInstance(work, standIn(work), backInCode, async (instance) =>
    (await observe(instance)).healthy ? 1 : 0,
  )
  return all.reduce<number>((sum, one) => sum + one, 0)
}

const tooFew = (warm: number, serving: number): Failure => ({
  code: 'detour-short',
  what: `${warm} instances are warm at home, and ${serving} serve visitors on the stand-in.`,
  tail: [],
  next: 'Give home as many instances as serve now, then try again.',
})

async function onEach(
  work: DetourWork,
  services: readonly Service[],
  direction: Direction,
  deed: (instance: InstanceWork) => Promise<Failure | null>,
): Promise<DetourDeed> {
  const ends = await eachInstance(work, services, direction, async (instance) => ({
    name: `${instance.service.name}/${instance.instance.name}`,
    failure: await deed(instance),
  }))
  const failure = failureOfAll(ends)
  if (failure !== null) return { kind: 'failed', failure }
  return { kind: 'done', evidence: services.length === 0 ? {} : counted(work, services, direction) }
}

const counted = (
  { context: { plan } }: DetourWork,
  services: readonly Service[],
  direction: Direction,
): DetourEvidence => ({
  instances: `${instancesIn(services)}`,
  release: releaseOf(plan, direction).tag,
})

const instancesIn = (services: readonly Service[]): number =>
  services.reduce((sum, { fleet }) => sum + fleet.instances.length, 0)

/** All instances at once: none of them serves visitors. */
async function eachInstance<T>(
  { context, seen }: DetourWork,
  services: readonly Service[],
  direction: Direction,
  deed: (instance: InstanceWork) => Promise<T>,
): Promise<T[]> {
  const works = services.flatMap((service) =>
    service.fleet.instances.map((instance) =>
      workOn(context, service, instance, direction, context.stop.forced),
    ),
  )
  return Promise.all(
    works.map(async (work) => {
      const instance = await work
      return deed({
        ...instance,
        seen: {
          ...instance.seen,
          ROLLGATE_DETOUR: seen.ROLLGATE_DETOUR ?? '',
          ROLLGATE_MODE: context.plan.mode,
        },
      })
    }),
  )
}
