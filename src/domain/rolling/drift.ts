import { type EngineJudged, judgeEngine } from '../engine/engine-sight.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { type Desired, desiredOf } from '../pull/desired.ts'
import type { ReleaseId } from '../release/release.ts'
import { isRelease, sameCommit } from '../release/release.ts'
import { keptOut } from './out-of-traffic.ts'
import type { InstanceSeen, PlaceSeen, ServiceSeen } from './sight.ts'

/**
 * A difference of an instance from the ledger. `mute`: it is up and reports no version. `in-traffic`: it gets
 * requests although a change of it failed, which took it out of traffic. `both-slots`: both of its slots get requests.
 * `idle-answers`: a process answers in the slot that gets none. `told-otherwise`: the ledger tells the agent of its host
 * to bring another release.
 */
export type Deviation =
  | 'other-release'
  | 'mute'
  | 'unhealthy'
  | 'out-of-traffic'
  | 'in-traffic'
  | 'both-slots'
  | 'idle-answers'
  | 'told-otherwise'

export interface InstanceJudged extends InstanceSeen {
  /** The tag that the ledger desires of it; left out where its host does not pull, or nothing is desired. */
  readonly desired?: string
  readonly deviations: readonly Deviation[]
}

export interface ServiceJudged extends ServiceSeen {
  readonly instances: readonly InstanceJudged[]
  readonly engine?: EngineJudged
}

/** Holds every instance against the ledger. While a deployment is under way either of its two releases is right. */
export function judge(ledger: Ledger, services: readonly ServiceSeen[]): ServiceJudged[] {
  const { serving, deployment } = ledger
  const out = keptOut(ledger).filter(({ perhapsBack }) => !perhapsBack)
  const right = [serving?.release, deployment?.plan.release].filter((release) => release !== undefined)
  return services.map(({ engine, ...service }) => ({
    ...service,
    ...(engine === undefined ? {} : { engine: judgeEngine(engine, deployment !== null) }),
    instances: service.instances.map((seen) => {
      const mustBeOut = out.some((one) => one.service === service.name && one.instance === seen.name)
      const back: Deviation[] = mustBeOut && getsRequests(service, seen) ? ['in-traffic'] : []
      const told = desiredOf(ledger.pulled, service.name, seen.name)
      return {
        ...seen,
        ...(told === null ? {} : { desired: told.release.tag }),
        deviations: [
          ...deviationsOf(seen, right),
          ...back,
          ...slotDeviations(service, seen),
          ...toldOtherwise(told, right),
        ],
      }
    }),
  }))
}

/** An agent that is told another release brings it at its next look, whatever the instance says now. */
const toldOtherwise = (told: Desired | null, right: readonly ReleaseId[]): Deviation[] =>
  told === null || right.some((release) => sameCommit(release, told.release)) ? [] : ['told-otherwise']

/** A change that came to its end leaves one slot in traffic, and nothing in the other. */
function slotDeviations(service: ServiceSeen, { slots }: InstanceSeen): Deviation[] {
  if (slots === undefined) return []
  const places = Object.values(slots)
  if (places.every((place) => getsRequests(service, place))) return ['both-slots']
  const idle = places.filter((place) => !getsRequests(service, place))
  return idle.length < places.length && idle.some(answers) ? ['idle-answers'] : []
}

const answers = ({ version, healthy }: PlaceSeen): boolean =>
  version.kind === 'found' || (healthy.kind === 'found' && healthy.value)

const getsRequests = ({ asksThem }: ServiceSeen, { inTraffic, healthy }: PlaceSeen): boolean =>
  asksThem === true
    ? healthy.kind === 'found' && healthy.value
    : inTraffic.kind === 'found' && inTraffic.value

/** An unasked instance has no deviation: the ledger is then the best knowledge. */
function deviationsOf(
  { version, healthy, inTraffic }: InstanceSeen,
  right: readonly ReleaseId[],
): Deviation[] {
  const ill = healthy.kind === 'unanswered' || (healthy.kind === 'found' && !healthy.value)
  const found: Deviation[] = []
  if (version.kind === 'found' && !right.some((release) => isRelease(version.value, release)))
    found.push('other-release')
  // An instance that is down reports no version either, which is not worth a second deviation.
  if (version.kind === 'unanswered' && !ill) found.push('mute')
  if (ill) found.push('unhealthy')
  if (inTraffic.kind === 'found' && !inTraffic.value) found.push('out-of-traffic')
  return found
}

/** The relation of an environment to its own ledger. */
export type Drift =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'found'
      /** The release that the environment should serve, when the ledger itself names another than serves. */
      readonly desired: ReleaseId | null
    }
  /** Instances differ by right: the first release is still to come, or a deployment changes them. */
  | { readonly kind: 'unjudged'; readonly because: 'nothing-serves' | 'deployment-under-way' }

export function driftOf({ serving, desired, deployment }: Ledger, services: readonly ServiceJudged[]): Drift {
  if (deployment !== null) return { kind: 'unjudged', because: 'deployment-under-way' }
  if (serving === null) return { kind: 'unjudged', because: 'nothing-serves' }
  const other = wantedInstead({ serving, desired, deployment })
  const differs = services.some(({ instances, engine }) =>
    [...instances, engine].some((one) => one !== undefined && one.deviations.length > 0),
  )
  return differs || other !== null ? { kind: 'found', desired: other } : { kind: 'none' }
}

/** Returns the desired release of the ledger, if another one serves and no deployment brings it. */
export const wantedInstead = ({
  serving,
  desired,
  deployment,
}: Pick<Ledger, 'serving' | 'desired' | 'deployment'>): Ledger['desired'] =>
  deployment !== null || desired === null || sameCommit(desired, serving?.release) ? null : desired
