import { changesByItself } from '../config/fleet.ts'
import { doesNothing } from '../config/in-place.ts'
import type { Service } from '../config/service.ts'
import type { Direction } from '../journal/direction.ts'
import type { InstancesObserved, Observation } from '../journal/journal.ts'
import { isRelease, type Release } from '../release/release.ts'
import type { RollStep } from '../step/step.ts'
import { type Availability, nextBatch, sizeAfter, takingOf } from './batches.ts'
import { paceOf } from './pace.ts'
import { checkAtRest, settled as checksSettled, widthOf } from './roll-check.ts'
import type { InstanceStanding, RollStanding } from './roll-standing.ts'
import { isSettled } from './slots.ts'

/** Assumed to be up until a look. */
const instanceAtRest: InstanceStanding = {
  state: 'pending',
  available: true,
  touched: false,
  broke: false,
  out: false,
  perhapsBack: false,
  version: null,
  failure: null,
}

export const rollAtRest = (step: RollStep): RollStanding => ({
  observed: false,
  unsure: false,
  bake: null,
  check: checkAtRest(step),
  instances: new Map(
    step.service.fleet.instances.map(({ name }) => [
      name,
      { ...instanceAtRest, broke: step.unfinished.includes(name) },
    ]),
  ),
})

export const availability = (roll: RollStanding): Availability =>
  new Map([...roll.instances].map(([name, { available }]) => [name, available]))

/** Returns the next batch of a roll, of the instances that are pending; empty if none may be taken now. */
export function batchOf(
  step: RollStep,
  roll: RollStanding,
  direction: Direction,
  pending: readonly string[],
): string[] {
  const pace = paceOf(step, direction)
  const size = sizeAfter(instancesThatAre(roll, 'done', 'left-alone').length, pace)
  const limits = { floor: pace.floor, width: widthOf({ ...pace, width: size }, roll.check) }
  return nextBatch(pending, availability(roll), limits, takingOf(step.service))
}

/** The instances in one of these states, in their order. */
export const instancesThatAre = (
  roll: RollStanding,
  ...states: readonly InstanceStanding['state'][]
): string[] => [...roll.instances].filter(([, { state }]) => states.includes(state)).map(([name]) => name)

/** True if our commands have failed on one of these, so that no look shows the end of its next change. */
export const anyBroke = (roll: RollStanding | undefined, names: readonly string[]): boolean =>
  names.some((name) => roll?.instances.get(name)?.broke === true)

/** The instances of these names, changed alike. */
export function changeInstances(
  roll: RollStanding,
  names: readonly string[],
  change: Partial<InstanceStanding>,
): RollStanding {
  const instances = new Map(roll.instances)
  for (const name of names) instances.set(name, { ...(instances.get(name) ?? instanceAtRest), ...change })
  return { ...roll, instances }
}

/**
 * Turns a roll back: the instances that this deployment has changed will be changed again, and the others
 * stay. The checks are about the way forward. The next look shows which instances a lost run may have changed.
 */
export function turnRollBack(roll: RollStanding): RollStanding {
  const turned = ([name, instance]: [string, InstanceStanding]): [string, InstanceStanding] => [
    name,
    instance.state === 'excluded'
      ? instance
      : { ...instance, state: instance.touched ? 'pending' : 'untouched' },
  ]
  return {
    ...roll,
    observed: false,
    bake: null,
    check: checksSettled,
    instances: new Map([...roll.instances].map(turned)),
  }
}

/** The release of this direction, and the one that served before the deployment. */
export interface Releases {
  readonly wanted: Release | null
  readonly before: Release | null
}

/** Compares the observed instances with their intended release. */
export function observeRoll(
  step: RollStep,
  roll: RollStanding,
  seen: InstancesObserved['instances'],
  { wanted, before }: Releases,
): RollStanding {
  const instances = new Map(roll.instances)
  for (const [name, observation] of Object.entries(seen)) {
    const known = instances.get(name) ?? instanceAtRest
    const { version, healthy } = observation
    const serves = healthy && version !== null && wanted !== null && isRelease(version, wanted)
    const settled = observation.slots === undefined || isSettled(observation.slots)
    const mute = healthy && version === null && settled
    const doubted = roll.unsure && !isAsBefore(step, known, observation, before)
    const touched = known.touched || doubted
    // A baking test-bed instance keeps its state even if it is unhealthy now; the verdict decides, we never
    // re-install it.
    const watched = roll.bake !== null && known.state === 'done' && step.testBed.includes(name)
    const judge = step.restart ? restartedState : observedState
    const taken: InstanceStanding = {
      ...known,
      touched,
      state: known.state === 'untouched' && touched ? 'pending' : known.state,
    }
    const ended = roll.check.kind === 'settled' && provesTheEnd(step, observation)
    const told = touched || !step.undesired.includes(name)
    const right = serves && settled && told && !known.broke && (!touched || ended)
    const state = watched ? 'done' : judge(taken, { serves, right, mute })
    instances.set(name, { ...taken, available: healthy, version, state })
  }
  return { ...roll, observed: true, unsure: false, instances }
}

/**
 * True if an instance is seen to serve the release from before the lost run: only then that run has not
 * changed it. An instance that is down, or reports no version, may have been changed, and so may one whose
 * traffic cannot be observed.
 */
function isAsBefore(
  { service }: RollStep,
  known: InstanceStanding,
  observation: Observation,
  before: Release | null,
): boolean {
  const { version, slots } = observation
  if (slots !== undefined && !isSettled(slots)) return false
  if (version === null || !isSeenServing(service, observation)) return false
  return version === known.version || (before !== null && isRelease(version, before))
}

/**
 * True if the wanted release on an instance proves that a change without a known end has come to its end:
 * requests reach the instance, and the release is that of the process and not of files which it may not have
 * read yet.
 */
const provesTheEnd = ({ service }: RollStep, observation: Observation): boolean =>
  !changesByItself(service.fleet) &&
  isSeenServing(service, observation) &&
  (service.version?.kind === 'http' || !doesNothing(service.fleet.stop))

const isSeenServing = ({ traffic }: Service, { healthy, inTraffic }: Observation): boolean =>
  healthy && (traffic.kind === 'is-alive' || inTraffic === true)

/** `right`: it serves, and nothing speaks against its having been changed to the end. */
interface Look {
  readonly serves: boolean
  readonly right: boolean
  readonly mute: boolean
}

/** `mute`: healthy, but without a reported version, so that only the journal can tell. */
function observedState(before: InstanceStanding, look: Look): InstanceStanding['state'] {
  const { serves, right, mute } = look
  switch (before.state) {
    case 'pending':
    case 'changing':
      if (!right) return 'pending'
      return before.touched ? 'done' : 'left-alone'
    case 'done':
    case 'left-alone':
      return serves || mute ? before.state : 'pending'
    default:
      return before.state
  }
}

/**
 * Judges a restart by its seen end: a serving instance does not show if it was restarted. Without a seen end
 * it is restarted again.
 */
function restartedState(before: InstanceStanding, look: Look): InstanceStanding['state'] {
  switch (before.state) {
    case 'pending':
    case 'changing':
      return 'pending'
    default:
      return observedState(before, look)
  }
}
