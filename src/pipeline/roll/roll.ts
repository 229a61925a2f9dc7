import type { Instance } from '../../domain/config/fleet.ts'
import { inSeconds } from '../../domain/durations.ts'
import type { Direction } from '../../domain/journal/direction.ts'
import type { Handled, Observation } from '../../domain/journal/journal.ts'
import type { Failure } from '../../domain/question/decision.ts'
import type { InstanceStanding } from '../../domain/rolling/roll-standing.ts'
import { anyBroke } from '../../domain/rolling/rolling.ts'
import { orderOf } from '../../domain/rolling/rollout-order.ts'
import type { RollStep } from '../../domain/step/step.ts'
import type { Clock } from '../ports.ts'
import type { Context } from '../run/context.ts'
import { failureFrom } from '../run/failure.ts'
import { prepareNext } from './ahead.ts'
import { change } from './change.ts'
import { healthy, observe, served } from './instance-observed.ts'
import { workOn, workWithin } from './instance-work.ts'

/** Looks at every instance of a step, so that right ones are left alone. Changes nothing. */
export async function look(
  context: Context,
  step: RollStep,
  direction: Direction,
): Promise<Record<string, Observation>> {
  const workOf = await workWithin(context, step.service, direction, context.stop.forced)
  const observed = await Promise.all(
    step.service.fleet.instances.map(
      async (instance): Promise<[string, Observation]> => [instance.name, await observe(workOf(instance))],
    ),
  )
  return Object.fromEntries(observed)
}

/**
 * The time after which a batch is long enough to read the health of the others again, if the front door
 * cannot tell it.
 */
const soon = 1_000

/**
 * Looks at the instances outside of the batch: they may have gone down by themselves since, or have come up.
 * Returns true if anything differs from the journal.
 */
export async function lookAgain(context: Context, step: RollStep, direction: Direction): Promise<boolean> {
  const { session, ports, stop } = context
  const roll = session.standing.rolls.get(step.id)
  const last = session.journal.findLast(({ kind }) => kind === 'instances-started')
  const late = last !== undefined && ports.clock.now().getTime() - Date.parse(last.at) > soon
  const { failedServes } = orderOf(step.service.rollout.order)
  const states = failedServes ? servingStates : atRest
  const resting = step.service.fleet.instances.filter(({ name }) =>
    states.includes(roll?.instances.get(name)?.state ?? 'changing'),
  )
  const workOf = await workWithin(context, step.service, direction, stop.forced)
  const seen = await Promise.all(
    resting.map(async (instance) => {
      const work = workOf(instance)
      const traffic = await served(work)
      const available = traffic.kind === 'found' ? traffic.value : late ? await healthy(work) : null
      return { name: instance.name, available }
    }),
  )
  const other = seen.flatMap(({ name, available }) =>
    available === null || available === roll?.instances.get(name)?.available
      ? []
      : [[name, available] as const],
  )
  if (other.length === 0 || stop.forced.aborted) return false
  session.note({ kind: 'capacity-observed', step: step.id, available: Object.fromEntries(other) })
  return true
}

const atRest: readonly InstanceStanding['state'][] = ['pending', 'done', 'left-alone', 'untouched']
/** With a slot beside the failed one an instance serves on. */
const servingStates: readonly InstanceStanding['state'][] = [...atRest, 'failed', 'forced', 'excluded']

/** Changes one batch. Every instance ends on its own: a failed one leaves the others of its batch to finish. */
export async function changeBatch(
  context: Context,
  step: RollStep,
  names: readonly string[],
  direction: Direction,
): Promise<void> {
  const { session, ports } = context
  const mends = anyBroke(session.standing.rolls.get(step.id), names)
  session.note({ kind: 'instances-started', step: step.id, instances: names, direction })
  const progress = expectProgress(ports.clock, step.service.rollout.progressDeadline)
  const batch = step.service.fleet.instances
    .filter(({ name }) => names.includes(name))
    .map((instance) => begin(context, step, instance, direction, progress))
  // Opening a connection takes this machine's processor: it happens while hosts install, not while the batch
  // waits for it.
  void Promise.all(batch.map(({ installing }) => installing)).then(() =>
    prepareNext(context, step, direction),
  )
  await Promise.all(batch.map(({ ended }) => ended))
  progress.over()
  // No look could tell the next run that an instance was restarted, or that one which had failed is right now.
  // The pause after a batch counts from its end, also for the run after a lost one.
  const pauses = step.service.rollout.pauseBetweenBatches !== undefined
  if (step.restart || mends || pauses) await session.save()
  else session.saveInPassing()
}

/** An instance that is being changed. */
interface Changing {
  /** Resolves when it installs, or will not any more. */
  readonly installing: Promise<void>
  /** Resolves when its end is in the journal. */
  readonly ended: Promise<void>
}

function begin(
  context: Context,
  step: RollStep,
  instance: Instance,
  direction: Direction,
  progress: Progress,
): Changing {
  const { ports, session, stop } = context
  const installing = Promise.withResolvers<void>()
  const traffic = followTraffic(ports.clock)
  async function changeIt(): Promise<void> {
    const signal = AbortSignal.any([stop.forced, progress.stalled])
    const failure = await workOn(context, step.service, instance, direction, signal)
      .then((work) => change(work, { installs: installing.resolve, ...traffic.listener }))
      .catch(failureFrom)
    // A change that a forced stop cuts short has not failed: the next run looks at the instance again.
    if (failure !== null && stop.forced.aborted) return
    if (failure === null) {
      progress.made()
      ports.fleet(step.service.fleet).rest(instance)
      session.note({ kind: 'instance-succeeded', step: step.id, instance: instance.name, ...traffic.found() })
      return
    }
    const told = progress.stalled.aborted
      ? stalledBy(instance.name, step.service.rollout.progressDeadline, failure)
      : failure
    const { name } = instance
    session.note({
      kind: 'instance-failed',
      step: step.id,
      instance: name,
      failure: told,
      ...traffic.found(),
    })
  }
  return { installing: installing.promise, ended: changeIt().finally(installing.resolve) }
}

/** Keeps when a change took its instance out of traffic, and when it gave it back. */
function followTraffic(clock: Clock) {
  let handled: Handled = { outSince: null, backSince: null }
  const now = (): string => clock.now().toISOString()
  return {
    listener: {
      out() {
        if (handled.outSince === null || handled.backSince !== null)
          handled = { outSince: now(), backSince: null }
      },
      back() {
        handled = { ...handled, backSince: now() }
      },
      handedOver() {
        handled = { ...handled, outSince: now() }
      },
      takenBack() {
        handled = { outSince: null, backSince: null }
      },
    },
    found: () => handled,
  }
}

interface Progress {
  /** Aborts when nothing was made for too long. */
  readonly stalled: AbortSignal
  made(): void
  over(): void
}

/** Counts anew from each bit of progress. */
function expectProgress(clock: Clock, longest: number): Progress {
  const stalled = new AbortController()
  let waiting = new AbortController()
  const wait = (): void => {
    const { signal } = waiting
    void clock.sleep(longest, signal).then(() => {
      if (!signal.aborted) stalled.abort()
    })
  }
  wait()
  return {
    stalled: stalled.signal,
    made() {
      waiting.abort()
      waiting = new AbortController()
      wait()
    },
    over: () => waiting.abort(),
  }
}

const stalledBy = (instance: string, deadline: number, { tail }: Failure): Failure => ({
  code: 'progress-stalled',
  what: `${instance} made no progress for ${inSeconds(deadline)}.`,
  tail,
})
