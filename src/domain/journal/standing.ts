import type { Plan } from '../plan/plan.ts'
import { repeatable, type Step, type StepKind } from '../plan/step.ts'
import { rollStep, rollSteps } from '../plan/steps-in.ts'
import type { Failure } from '../question/decision.ts'
import { failureOf, instancesOf, type Pause } from '../question/pause.ts'
import type { Bake, InstanceStanding, RollStanding } from '../rolling/roll-standing.ts'
import { changeInstances, observeRoll, rollAtRest, turnRollBack } from '../rolling/rolling.ts'
import type { Verdict } from '../rolling/verdict.ts'
import type { Direction, Event, Handled, InstancesObserved, InterruptionCause, Journal } from './journal.ts'
import type { Outcome } from './outcome.ts'

/** The state of a deployment: the sum of its journal. */
export interface Standing {
  readonly number: number
  readonly direction: Direction
  readonly steps: ReadonlyMap<string, StepStanding>
  /** By the IDs of the steps that roll. */
  readonly rolls: ReadonlyMap<string, RollStanding>
  readonly pauses: number
  /** The open question. */
  readonly pause: Pause | null
  readonly approvedBy: string | null
  readonly rejected: { readonly by: string; readonly reason: string } | null
  readonly abandoned: { readonly by: string; readonly reason: string } | null
  readonly interrupted: InterruptionCause | null
  /** The first thing that made it turn back, or that it will end with. */
  readonly failure: Failure | null
  readonly outcome: Outcome | null
}

export interface StepStanding {
  readonly state: 'pending' | 'running' | 'succeeded' | 'skipped' | 'failed' | 'forced'
  /** A run ended while the step was running, so that its end is unknown. */
  readonly unsure: boolean
  /** Done by a run before this one, in a checkout that is gone: what it left there is missing here. */
  readonly elsewhere: boolean
  readonly undo: 'none' | 'running' | 'done' | 'failed'
  readonly note: string | null
  readonly failure: Failure | null
  readonly startedAt: string | null
  readonly endedAt: string | null
}

/** Puts a journal together. It can be put together again from its first event at any time: nothing else is kept. */
export const standing = (plan: Plan, journal: Journal): Standing =>
  journal.reduce<Standing>((before, event) => advance(plan, before, event), atFirst(plan))

const stepAtRest: StepStanding = {
  state: 'pending',
  unsure: false,
  elsewhere: false,
  undo: 'none',
  note: null,
  failure: null,
  startedAt: null,
  endedAt: null,
}

/** Before anything happened. */
export function atFirst(plan: Plan): Standing {
  return {
    number: 0,
    direction: 'forward',
    steps: new Map(plan.steps.map((step) => [step.id, stepAtRest])),
    rolls: new Map(rollSteps(plan.steps).map((step) => [step.id, rollAtRest(step)])),
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

/** Returns the standing after one more event, so that a long journal need not be read again for each event. */
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
    case 'artifact-frozen':
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
    case 'bake-started':
      return withRoll(now, event.step, (roll) => ({ ...roll, bake: { state: 'baking', until: event.until } }))
    case 'bake-ended':
      return withRoll(now, event.step, (roll) => ({ ...roll, bake: judged(event.verdict) }))
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
        out: false,
        failure: null,
      })
    case 'instance-succeeded':
      return withInstances(now, event.step, [event.instance], {
        state: 'done',
        available: true,
        broke: false,
      })
    case 'instance-failed':
      return withInstances(now, event.step, [event.instance], {
        state: 'failed',
        broke: true,
        out: isOut(event),
        failure: event.failure,
      })
    case 'paused':
      return { ...now, pauses: now.pauses + 1, pause: event.pause }
    case 'lapsed':
      return now.pause?.id === event.pause ? { ...now, pause: null } : now
    case 'decided':
      return now.pause?.id === event.pause ? decide({ ...now, pause: null }, event, now.pause) : now
    case 'turned-back':
      return turnBack(now, event.failure)
    case 'ended':
      return { ...now, outcome: event.outcome }
  }
}

const isOut = ({ outSince = null, backSince = null }: Handled): boolean =>
  outSince !== null && backSince === null

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
  return withRoll(now, step, (roll) => changeInstances(roll, names, change))
}

function withRoll(now: Standing, step: string, change: (roll: RollStanding) => RollStanding): Standing {
  const roll = now.rolls.get(step)
  return roll === undefined ? now : { ...now, rolls: new Map(now.rolls).set(step, change(roll)) }
}

const judged = (verdict: Verdict): Bake =>
  verdict.kind === 'better-or-equal' ? { state: 'over' } : { state: 'judged', verdict }

function observe(plan: Plan, now: Standing, { step: id, instances }: InstancesObserved): Standing {
  const step = rollStep(plan.steps, id)
  if (step === null) return now
  const wanted = now.direction === 'forward' ? plan.release : plan.from
  const releases = { wanted, before: plan.from }
  return withRoll(now, id, (roll) => observeRoll(step, roll, instances, releases))
}

/** Another run knows nothing of what the one before saw: it looks again, and what was running is uncertain. */
function afresh(plan: Plan, now: Standing): Standing {
  const suspends = now.direction === 'forward' && (!pastSuspension(plan, now) || migratesAgain(plan, now))
  const steps = new Map(
    plan.steps.map(({ id, kind }) => {
      const step = now.steps.get(id) ?? stepAtRest
      // The last run may have undone these without noting it, and a suspension may have run out.
      const again = suspends && step.state === 'succeeded' && takenBackWhenStopped(kind)
      const state = again ? 'running' : step.state
      return [
        id,
        {
          ...step,
          state,
          unsure: step.unsure || state === 'running',
          elsewhere: state === 'succeeded' || state === 'skipped',
          undo: step.undo === 'running' ? 'none' : step.undo,
        } satisfies StepStanding,
      ]
    }),
  )
  const rolls = new Map([...now.rolls].map(([id, roll]) => [id, { ...roll, observed: false }]))
  return { ...now, steps, rolls }
}

/** Returns true if a stopped run undoes such a step, as long as no step that needs it has begun. */
export const takenBackWhenStopped = (kind: StepKind): boolean =>
  kind === 'suspend-scheduler' || kind === 'deploy-scheduler'

/** Returns true if the migration has begun, so that earlier steps cannot simply be undone. */
export const migrationBegun = (plan: Plan, now: Standing): boolean =>
  plan.steps.some(({ id, kind }) => kind === 'migrate' && now.steps.get(id)?.startedAt != null)

/** Returns true if a step has begun after which a stopped run leaves the scheduler as it is. */
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
  // Once it has turned back it begins nothing any more, and what had begun was kept with that.
  if (now.direction === 'back') return now
  if (now.steps.get(next.id)?.state !== 'pending' || !plan.steps.some(begun)) return now
  return withStep(now, next.id, { state: 'running', unsure: true, startedAt: at })
}

/** Going back a run changes only what the journal calls touched, so that no doubt is added. */
function doubtRolls(now: Standing): Standing {
  if (now.direction === 'back') return now
  const rolls = new Map(
    [...now.rolls].map(([id, roll]) => [
      id,
      { ...roll, unsure: roll.unsure || now.steps.get(id)?.state === 'running' },
    ]),
  )
  return { ...now, rolls }
}

type DecidedEvent = Extract<Event, { kind: 'decided' }>

function turnBack(now: Standing, failure: Failure | null): Standing {
  const rolls = new Map([...now.rolls].map(([id, roll]) => [id, turnRollBack(roll)]))
  return { ...now, direction: 'back', failure: now.failure ?? failure, rolls }
}

function decide(now: Standing, event: DecidedEvent, pause: Pause | null): Standing {
  if (pause === null) return now
  switch (event.decision) {
    case 'approve':
      return { ...now, approvedBy: event.by }
    case 'reject':
      return { ...now, rejected: { by: event.by, reason: event.reason } }
    case 'abandon':
      return { ...now, abandoned: { by: event.by, reason: event.reason } }
    case 'roll-back':
      return turnBack(now, failureOf(pause))
    case 'exclude':
      return withInstances(now, pause.step, namedBy(event, pause), { state: 'excluded' })
    case 'retry':
      return retry(now, event, pause)
    case 'force-next':
      return forceNext(now, event, pause)
  }
}

/** The instances that an answer is for. */
const namedBy = ({ instances }: DecidedEvent, pause: Pause): readonly string[] =>
  instances.length > 0 ? instances : instancesOf(pause)

function retry(now: Standing, event: DecidedEvent, pause: Pause): Standing {
  switch (pause.kind) {
    case 'verdict':
    case 'wait':
      return withBake(now, pause.step, { state: 'baking', until: event.at })
    case 'failed-instances':
      return withInstances(now, pause.step, namedBy(event, pause), { state: 'pending', failure: null })
    case 'approval':
    case 'failed-step':
    case 'no-capacity':
      return retryStep(now, pause.step)
  }
}

function forceNext(now: Standing, event: DecidedEvent, pause: Pause): Standing {
  switch (pause.kind) {
    case 'verdict':
    case 'wait':
      return withBake(now, pause.step, { state: 'over' })
    case 'failed-instances':
      return withInstances(now, pause.step, namedBy(event, pause), { state: 'forced' })
    case 'approval':
    case 'failed-step':
    case 'no-capacity':
      return withStep(now, pause.step, now.direction === 'forward' ? { state: 'forced' } : { undo: 'done' })
  }
}

const withBake = (now: Standing, step: string, bake: Bake): Standing =>
  withRoll(now, step, (roll) => ({ ...roll, bake }))

function retryStep(now: Standing, id: string): Standing {
  if (now.direction === 'back') return withStep(now, id, { undo: 'none' })
  const rolls = new Map(now.rolls)
  const roll = rolls.get(id)
  if (roll !== undefined) rolls.set(id, { ...roll, observed: false })
  return withStep({ ...now, rolls }, id, roll === undefined ? { state: 'pending', unsure: false } : {})
}
