import type { Availability } from './batches.ts'
import type { Failure } from './decision.ts'
import type { Event } from './journal.ts'
import { isRelease, type Release } from './release.ts'
import type { RollStep } from './step.ts'
import type { Bake } from './test-bed.ts'

/** Where a step that rolls has come to with its instances. */
export interface RollStanding {
  /** Whether the instances were looked at since this run began to work on them. */
  readonly observed: boolean
  /** A run ended while it worked on the instances, so that some may have been changed with nobody noting it. */
  readonly unsure: boolean
  /** Null until the test bed is watched. */
  readonly bake: Bake | null
  readonly instances: ReadonlyMap<string, InstanceStanding>
}

export interface InstanceStanding {
  /** `done` and `left-alone` serve what this direction wants; the others are not to be changed any more or yet. */
  readonly state:
    | 'pending'
    | 'changing'
    | 'done'
    | 'left-alone'
    | 'failed'
    | 'forced'
    | 'excluded'
    | 'untouched'
  readonly available: boolean
  /** Whether this deployment has changed it, or may have. */
  readonly touched: boolean
  readonly version: string | null
  readonly failure: Failure | null
}

/** Taken to be up until somebody looks. */
const instanceAtRest: InstanceStanding = {
  state: 'pending',
  available: true,
  touched: false,
  version: null,
  failure: null,
}

export const rollAtRest = (step: RollStep): RollStanding => ({
  observed: false,
  unsure: false,
  bake: null,
  instances: new Map(step.service.fleet.instances.map(({ name }) => [name, instanceAtRest])),
})

export const availability = (roll: RollStanding): Availability =>
  new Map([...roll.instances].map(([name, { available }]) => [name, available]))

/** The instances in one of these states, in their order. */
export const instancesThatAre = (
  roll: RollStanding,
  ...states: readonly InstanceStanding['state'][]
): string[] => [...roll.instances].filter(([, { state }]) => states.includes(state)).map(([name]) => name)

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

/** Going back, what this deployment has changed is to be changed again, and the rest is none of its business. */
export function turnRollBack(roll: RollStanding): RollStanding {
  const turned = ([name, instance]: [string, InstanceStanding]): [string, InstanceStanding] => [
    name,
    instance.state === 'excluded'
      ? instance
      : { ...instance, state: instance.touched ? 'pending' : 'untouched' },
  ]
  return { observed: false, unsure: false, bake: null, instances: new Map([...roll.instances].map(turned)) }
}

type Observed = Extract<Event, { kind: 'instances-observed' }>

/** What was seen of the instances, held against what they are to serve. */
export function observeRoll(
  step: RollStep,
  roll: RollStanding,
  seen: Observed['instances'],
  wanted: Release | null,
): RollStanding {
  const instances = new Map(roll.instances)
  for (const [name, { version, healthy }] of Object.entries(seen)) {
    const known = instances.get(name) ?? instanceAtRest
    const serves = healthy && version !== null && wanted !== null && isRelease(version, wanted)
    const mute = healthy && version === null
    const touched = known.touched || (roll.unsure && mayHaveChanged(known, healthy, serves || mute))
    // What is watched is judged, not put right: going on never changes the test bed a second time.
    const watched = roll.bake !== null && known.state === 'done' && step.testBed.includes(name)
    const judge = step.restart === true ? restartedState : observedState
    const state = watched ? 'done' : judge({ ...known, touched }, serves, mute)
    instances.set(name, { ...known, available: healthy, version, touched, state })
  }
  return { ...roll, observed: true, unsure: false, instances }
}

/**
 * Whether a run that is gone may have changed an instance: one that was to be changed and by now serves, or that
 * was up and by now is down. Otherwise a way back would leave it as that run did.
 */
const mayHaveChanged = (known: InstanceStanding, healthy: boolean, couldServe: boolean): boolean =>
  known.state === 'pending' && (healthy ? couldServe : known.available)

/** `mute`: healthy, but it does not say what it runs, so that only the journal can tell. */
function observedState(before: InstanceStanding, serves: boolean, mute: boolean): InstanceStanding['state'] {
  switch (before.state) {
    case 'pending':
    case 'changing':
      if (!serves) return 'pending'
      return before.touched ? 'done' : 'left-alone'
    case 'done':
    case 'left-alone':
      return serves || mute ? before.state : 'pending'
    default:
      return before.state
  }
}

/**
 * An instance that serves says nothing of whether it was restarted: only what was seen to its end is done. One whose
 * restart nobody saw end is restarted again.
 */
function restartedState(before: InstanceStanding, serves: boolean, mute: boolean): InstanceStanding['state'] {
  switch (before.state) {
    case 'pending':
    case 'changing':
      return 'pending'
    default:
      return observedState(before, serves, mute)
  }
}
