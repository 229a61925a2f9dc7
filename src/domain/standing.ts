import type { Availability } from './batches.ts'
import type { Failure, Pause } from './decision.ts'
import type { Direction, Event, Journal } from './journal.ts'
import type { Outcome } from './outcome.ts'
import type { Plan } from './plan.ts'
import { type RollStep, repeatable, type Step, type StepKind } from './step.ts'

/** Where a deployment stands: everything that its journal says, put together. */
export interface Standing {
  readonly number: number
  readonly direction: Direction
  readonly steps: ReadonlyMap<string, StepStanding>
  /** Of the steps that roll, by the step's id. */
  readonly rolls: ReadonlyMap<string, RollStanding>
  readonly pauses: number
  /** The question that nobody has answered yet. */
  readonly pause: Pause | null
  readonly approvedBy: string | null
  readonly rejected: { readonly by: string; readonly reason: string } | null
  readonly abandoned: { readonly by: string; readonly reason: string } | null
  readonly interrupted: 'cancelled' | 'lost' | null
  /** The first thing that made it turn back, or that it will end with. */
  readonly failure: Failure | null
  readonly outcome: Outcome | null
}

export interface StepStanding {
  readonly state: 'pending' | 'running' | 'succeeded' | 'skipped' | 'failed' | 'forced'
  /** A run ended while it was running, so that nobody knows how it ended. */
  readonly unsure: boolean
  readonly undo: 'none' | 'running' | 'done' | 'failed'
  readonly note: string | null
  readonly failure: Failure | null
  readonly startedAt: string | null
  readonly endedAt: string | null
}

export interface RollStanding {
  /** Whether the instances were looked at since this run began to work on them. */
  readonly observed: boolean
  /** A run ended while it worked on the instances, so that some may have been changed with nobody noting it. */
  readonly unsure: boolean
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

/** Puts a journal together. It can be put together again from its first event at any time: nothing else is kept. */
export const standing = (plan: Plan, journal: Journal): Standing =>
  journal.reduce<Standing>((before, event) => advance(plan, before, event), atFirst(plan))

export const availability = (roll: RollStanding): Availability =>
  new Map([...roll.instances].map(([name, { available }]) => [name, available]))

const stepAtRest: StepStanding = {
  state: 'pending',
  unsure: false,
  undo: 'none',
  note: null,
  failure: null,
  startedAt: null,
  endedAt: null,
}

/** Taken to be up until somebody looks. */
const instanceAtRest: InstanceStanding = {
  state: 'pending',
  available: true,
  touched: false,
  version: null,
  failure: null,
}

/** Before anything happened. */
export function atFirst(plan: Plan): Standing {
  return {
    number: 0,
    direction: 'forward',
    steps: new Map(plan.steps.map((step) => [step.id, stepAtRest])),
    rolls: new Map(plan.steps.filter(isRoll).map((step) => [step.id, rollAtRest(step)])),
    pauses: 0,
    pause: null,
    approvedBy: null,
    rejected: null,
    abandoned: null,
    interrupted: null,
    failure: null,
    outcome: null,
  }
}

const isRoll = (step: Step): step is RollStep => step.kind === 'roll-services'

const rollAtRest = (step: RollStep): RollStanding => ({
  observed: false,
  unsure: false,
  instances: new Map(step.service.fleet.instances.map(({ name }) => [name, instanceAtRest])),
})

/** One thing more has happened: what a long journal comes to need not be put together again for each event. */
export function advance(plan: Plan, now: Standing, event: Event): Standing {
  switch (event.kind) {
    case 'opened':
      return { ...now, number: event.number }
    case 'resumed':
      return afresh(plan, { ...now, interrupted: null })
    case 'interrupted':
      return doubtRolls(doubtScheduler(plan, { ...now, interrupted: event.cause }, event.at))
    case 'left':
    case 'record-opened':
      return now
    case 'step-started':
      return withStep(now, event.step, { ...stepAtRest, state: 'running', startedAt: event.at })
    case 'step-succeeded':
      return withStep(now, event.step, { state: 'succeeded', note: event.note ?? null, endedAt: event.at })
    case 'step-skipped':
      return withStep(now, event.step, { state: 'skipped', note: event.note, endedAt: event.at })
    case 'step-failed':
      return withStep(now, event.step, { state: 'failed', failure: event.failure, endedAt: event.at })
    case 'undo-started':
      return withStep(now, event.step, { undo: 'running' })
    case 'undo-succeeded':
      // Undone while it still goes forward (its run was stopped), a step is to be done again by the next run.
      return withStep(now, event.step, now.direction === 'back' ? { undo: 'done' } : stepAtRest)
    case 'undo-failed':
      return withStep(now, event.step, { undo: 'failed', failure: event.failure })
    case 'instances-observed':
      return observe(plan, now, event)
    case 'capacity-observed':
      return Object.entries(event.available).reduce(
        (seen, [name, available]) => withInstances(seen, event.step, [name], { available }),
        now,
      )
    case 'instances-started':
      return withInstances(now, event.step, event.instances, {
        state: 'changing',
        available: false,
        touched: true,
        failure: null,
      })
    case 'instance-succeeded':
      return withInstances(now, event.step, [event.instance], { state: 'done', available: true })
    case 'instance-failed':
      return withInstances(now, event.step, [event.instance], { state: 'failed', failure: event.failure })
    case 'paused':
      return { ...now, pauses: now.pauses + 1, pause: event.pause }
    case 'decided':
      return now.pause?.id === event.pause ? decide({ ...now, pause: null }, event, now.pause) : now
    case 'turned-back':
      return turnBack(now, event.failure)
    case 'ended':
      return { ...now, outcome: event.outcome }
  }
}

function withStep(now: Standing, id: string, change: Partial<StepStanding>): Standing {
  const steps = new Map(now.steps)
  steps.set(id, { ...(steps.get(id) ?? stepAtRest), ...change })
  return { ...now, steps }
}

function withInstances(
  now: Standing,
  step: string,
  names: readonly string[],
  change: Partial<InstanceStanding>,
): Standing {
  const roll = now.rolls.get(step)
  if (roll === undefined) return now
  const instances = new Map(roll.instances)
  for (const name of names) instances.set(name, { ...(instances.get(name) ?? instanceAtRest), ...change })
  return { ...now, rolls: new Map(now.rolls).set(step, { ...roll, instances }) }
}

/** Another run knows nothing of what the one before saw: it looks again, and what was running is uncertain. */
function afresh(plan: Plan, now: Standing): Standing {
  const suspends = now.direction === 'forward' && (!pastSuspension(plan, now) || migratesAgain(plan, now))
  const steps = new Map(
    plan.steps.map(({ id, kind }) => {
      const step = now.steps.get(id) ?? stepAtRest
      // The run before may have taken these back with nobody noting it, and a suspension may have run out.
      const again = suspends && step.state === 'succeeded' && takenBackWhenStopped(kind)
      const state = again ? 'running' : step.state
      return [
        id,
        {
          ...step,
          state,
          unsure: step.unsure || state === 'running',
          undo: step.undo === 'running' ? 'none' : step.undo,
        } satisfies StepStanding,
      ]
    }),
  )
  const rolls = new Map([...now.rolls].map(([id, roll]) => [id, { ...roll, observed: false }]))
  return { ...now, steps, rolls }
}

/** Whether a run that is stopped takes it back, as long as nothing that needs it has begun. */
export const takenBackWhenStopped = (kind: StepKind): boolean =>
  kind === 'suspend-scheduler' || kind === 'deploy-scheduler'

/** Whether the migration has begun, so that what came before it cannot simply be taken back. */
export const migrationBegun = (plan: Plan, now: Standing): boolean =>
  plan.steps.some(({ id, kind }) => kind === 'migrate' && now.steps.get(id)?.startedAt != null)

/** Whether something has begun after which a run that is stopped leaves the scheduler as it is. */
export const pastSuspension = (plan: Plan, now: Standing): boolean =>
  plan.steps.some(
    ({ id, kind }) =>
      (kind === 'migrate' || kind === 'resume-scheduler' || kind === 'roll-services') &&
      now.steps.get(id)?.startedAt != null,
  )

/** A migration that is to run once more needs the suspension once more: the lost run may have ended it. */
const migratesAgain = (plan: Plan, now: Standing): boolean =>
  plan.steps.some((step) => {
    const state = step.kind === 'migrate' ? now.steps.get(step.id)?.state : undefined
    return state === 'pending' || (state === 'running' && repeatable(step))
  })

/** A new scheduler is brought without being written down first: a lost run that had suspended may have got to it. */
function doubtScheduler(plan: Plan, now: Standing, at: string): Standing {
  const begun = ({ kind, id }: Step): boolean =>
    kind === 'suspend-scheduler' && now.steps.get(id)?.startedAt != null
  const next = plan.steps.find(({ kind }) => kind === 'deploy-scheduler')
  if (now.interrupted !== 'lost' || next === undefined || pastSuspension(plan, now)) return now
  if (now.steps.get(next.id)?.state !== 'pending' || !plan.steps.some(begun)) return now
  return withStep(now, next.id, { state: 'running', unsure: true, startedAt: at })
}

function doubtRolls(now: Standing): Standing {
  const rolls = new Map(
    [...now.rolls].map(([id, roll]) => [
      id,
      { ...roll, unsure: roll.unsure || now.steps.get(id)?.state === 'running' },
    ]),
  )
  return { ...now, rolls }
}

/** Going back, what this deployment has changed is to be changed again, and the rest is none of its business. */
function turnBack(now: Standing, failure: Failure | null): Standing {
  const rolls = new Map(
    [...now.rolls].map(([id, roll]) => [
      id,
      {
        observed: false,
        unsure: false,
        instances: new Map(
          [...roll.instances].map(([name, instance]) => [
            name,
            instance.state === 'excluded'
              ? instance
              : ({
                  ...instance,
                  state: instance.touched ? 'pending' : 'untouched',
                } satisfies InstanceStanding),
          ]),
        ),
      },
    ]),
  )
  return { ...now, direction: 'back', failure: now.failure ?? failure, rolls }
}

type Observed = Extract<Event, { kind: 'instances-observed' }>

function observe(plan: Plan, now: Standing, event: Observed): Standing {
  const roll = now.rolls.get(event.step)
  if (roll === undefined) return now
  const wanted = now.direction === 'forward' ? plan.release : plan.from
  const instances = new Map(roll.instances)
  for (const [name, { version, healthy }] of Object.entries(event.instances)) {
    const known = instances.get(name) ?? instanceAtRest
    const serves = healthy && version !== null && (version === wanted?.tag || version === wanted?.sha)
    const mute = healthy && version === null
    const touched = known.touched || (roll.unsure && mayHaveChanged(known, healthy, serves || mute))
    const state = observedState({ ...known, touched }, serves, mute)
    instances.set(name, { ...known, available: healthy, version, touched, state })
  }
  return { ...now, rolls: new Map(now.rolls).set(event.step, { observed: true, unsure: false, instances }) }
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

type Decided = Extract<Event, { kind: 'decided' }>

function decide(now: Standing, event: Decided, pause: Pause | null): Standing {
  if (pause === null) return now
  const named = event.instances.length > 0 ? event.instances : pause.instances
  switch (event.decision) {
    case 'approve':
      return { ...now, approvedBy: event.by }
    case 'reject':
      return { ...now, rejected: { by: event.by, reason: event.reason } }
    case 'abandon':
      return { ...now, abandoned: { by: event.by, reason: event.reason } }
    case 'roll-back':
      return turnBack(now, pause.failure)
    case 'exclude':
      return withInstances(now, pause.step, named, { state: 'excluded' })
    case 'retry':
      return named.length > 0
        ? withInstances(now, pause.step, named, { state: 'pending', failure: null })
        : retryStep(now, pause.step)
    case 'force-next':
      return named.length > 0
        ? withInstances(now, pause.step, named, { state: 'forced' })
        : withStep(now, pause.step, now.direction === 'forward' ? { state: 'forced' } : { undo: 'done' })
  }
}

function retryStep(now: Standing, id: string): Standing {
  if (now.direction === 'back') return withStep(now, id, { undo: 'none' })
  const rolls = new Map(now.rolls)
  const roll = rolls.get(id)
  if (roll !== undefined) rolls.set(id, { ...roll, observed: false })
  return withStep({ ...now, rolls }, id, roll === undefined ? { state: 'pending', unsure: false } : {})
}
