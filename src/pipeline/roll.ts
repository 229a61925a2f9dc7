import type { Failure } from '../domain/decision.ts'
import type { Direction, Observation } from '../domain/journal.ts'
import type { RollStep } from '../domain/step.ts'
import type { Context } from './context.ts'
import { failureFrom, seconds } from './failure.ts'
import { change, observe, workOn } from './instance.ts'
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
  const changing = step.service.fleet.instances
    .filter(({ name }) => names.includes(name))
    .map(async (instance) => {
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
  session.saveInPassing()
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
