import type { Instance } from '../domain/config.ts'
import type { Failure } from '../domain/decision.ts'
import type { Direction, Observation } from '../domain/journal.ts'
import { type InstanceStanding, instancesThatAre } from '../domain/rolling.ts'
import type { RollStep } from '../domain/step.ts'
import { phaseOf } from '../domain/test-bed.ts'
import type { Context } from './context.ts'
import { failureFrom, seconds } from './failure.ts'
import { change, healthy, observe, prepareAhead, served, workOn } from './instance.ts'
import type { Clock } from './ports.ts'

/** Looks at every instance of a step, so that what already is right is left alone. Changes nothing. */
export async function look(
  context: Context,
  step: RollStep,
  direction: Direction,
): Promise<Record<string, Observation>> {
  const observed = await Promise.all(
    step.service.fleet.instances.map(async (instance): Promise<[string, Observation]> => {
      const work = await workOn(context, step.service, instance, direction, context.stop.forced)
      return [instance.name, await observe(work)]
    }),
  )
  return Object.fromEntries(observed)
}

/** How long a batch may take before the health of the others is asked for again, where the front door cannot tell it. */
const soon = 1_000

/**
 * Looks at the instances that nobody works on: they may have gone down by themselves since, or have come up. Answers
 * whether anything is other than the journal has it.
 */
export async function lookAgain(context: Context, step: RollStep, direction: Direction): Promise<boolean> {
  const { session, ports, stop } = context
  const roll = session.standing.rolls.get(step.id)
  const last = session.journal.findLast(({ kind }) => kind === 'instances-started')
  const late = last !== undefined && ports.clock.now().getTime() - Date.parse(last.at) > soon
  const resting = step.service.fleet.instances.filter(({ name }) =>
    atRest.includes(roll?.instances.get(name)?.state ?? 'changing'),
  )
  const seen = await Promise.all(
    resting.map(async (instance) => {
      const work = await workOn(context, step.service, instance, direction, stop.forced)
      const available = (await served(work)) ?? (late ? await healthy(work) : null)
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

/** Changes one batch. Every instance ends on its own: one that fails leaves the others of its batch to finish. */
export async function changeBatch(
  context: Context,
  step: RollStep,
  names: readonly string[],
  direction: Direction,
): Promise<void> {
  const { session, ports, stop } = context
  session.note({ kind: 'instances-started', step: step.id, instances: names, direction })
  const { progressDeadline } = step.service.rollout
  const progress = expectProgress(ports.clock, progressDeadline)
  const signal = AbortSignal.any([stop.forced, progress.stalled])
  const batch = step.service.fleet.instances.filter(({ name }) => names.includes(name))
  // Only when this batch is ready itself: what it waits for comes first.
  void getReady(context, step, batch, direction).then(() => prepareNext(context, step, direction))
  const changing = batch.map(async (instance) => {
    const failure = await workOn(context, step.service, instance, direction, signal)
      .then(change)
      .catch(failureFrom)
    // What a run that is forced to end cuts short has not failed: the next run looks at the instance again.
    if (failure !== null && stop.forced.aborted) return
    const told =
      failure !== null && progress.stalled.aborted
        ? stalledBy(instance.name, progressDeadline, failure)
        : failure
    if (told === null) {
      progress.made()
      session.note({ kind: 'instance-succeeded', step: step.id, instance: instance.name })
    } else session.note({ kind: 'instance-failed', step: step.id, instance: instance.name, failure: told })
  })
  await Promise.all(changing)
  progress.over()
  // No look could tell the next run that an instance was restarted.
  if (step.restart === true) await session.save()
  else session.saveInPassing()
}

/** As many ways to hosts are opened beside the steps before the first roll. */
const mostReached = 10

/** Opens the way to the first instances that are rolled. Nobody waits for it. */
export async function reachFirst({ ports, plan, stop }: Context): Promise<void> {
  const first = plan.steps.find((step) => step.kind === 'roll-services')
  if (first === undefined) return
  const fleet = ports.fleet(first.service.fleet)
  const coming = first.batches.flat().slice(0, mostReached)
  const instances = first.service.fleet.instances.filter(({ name }) => coming.includes(name))
  await Promise.all(instances.map((instance) => fleet.reach(instance, stop.forced).catch(() => {})))
}

/** One by one, a connection may take longer to open than an instance to be changed. */
const fewestAhead = 4

/**
 * Gets the next instances ready beside whatever is done now, as if all goes well. Nobody waits for it: one that is slow
 * to get ready is waited for when it is its turn.
 */
export async function prepareNext(context: Context, step: RollStep, direction: Direction): Promise<void> {
  const roll = context.session.standing.rolls.get(step.id)
  if (roll === undefined) return
  const phase = phaseOf(step, roll)
  const pending = phase.kind === 'test-bed' ? phase.pending : instancesThatAre(roll, 'pending')
  const coming = pending.slice(0, Math.max(step.width, fewestAhead))
  const instances = step.service.fleet.instances.filter(({ name }) => coming.includes(name))
  await getReady(context, step, instances, direction)
}

async function getReady(
  context: Context,
  step: RollStep,
  instances: readonly Instance[],
  direction: Direction,
): Promise<void> {
  await Promise.all(
    instances.map((instance) =>
      workOn(context, step.service, instance, direction, context.stop.forced)
        .then(prepareAhead)
        .catch(failureFrom),
    ),
  )
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
  what: `${instance} made no progress for ${seconds(deadline)}.`,
  tail,
})
