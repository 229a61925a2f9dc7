import type { CronJobs } from '../../domain/engine/cron-jobs.ts'
import type { SchedulerSeen } from '../../domain/engine/scheduler-seen.ts'
import type { Failure } from '../../domain/question/decision.ts'
import { answerOf, untilAnswered } from '../engine/look.ts'
import type { Ports, SchedulerControl, Variables } from '../ports.ts'
import type { Stop } from '../run/context.ts'

/** The means to speak to the scheduler of an engine. */
export interface SchedulerHands {
  readonly ports: Pick<Ports, 'scheduler' | 'clock' | 'voice'>
  readonly stop: Stop
  readonly seen: Variables
}

/** Looks at CronJobs whose namespace has to be there. */
export async function observe(
  hands: SchedulerHands,
  control: SchedulerControl,
  jobs: CronJobs,
): Promise<SchedulerSeen | Failure> {
  return (await observeAnywhere(hands, control)) ?? missing(jobs.namespace)
}

/**
 * Looks at CronJobs until the engine answers. Unknown is asked again for a minute, and then it is a failure. Null where their
 * namespace is not there.
 */
export async function observeAnywhere(
  hands: SchedulerHands,
  control: SchedulerControl,
): Promise<SchedulerSeen | Failure | null> {
  const reading = await untilAnswered(hands, (signal) => control.observe(hands.seen, signal))
  return answerOf(reading, {
    stopped,
    unanswered: ({ code, what, next }) => ({ code, what, tail: [], next }),
  })
}

const missing = (namespace: string): Failure => ({
  code: 'engine-unknown',
  what: `There is no namespace ${namespace}.`,
  tail: [],
  next: 'Correct the namespace of the service that steps.scheduler names.',
})

const stopped: Failure = {
  code: 'interrupted',
  what: 'The run was cancelled while it read the scheduler.',
  tail: [],
}
