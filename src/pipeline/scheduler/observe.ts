import type { CronJobs } from '../../domain/engine/cron-jobs.ts'
import type { SchedulerSeen } from '../../domain/engine/scheduler-seen.ts'
import type { Failure } from '../../domain/question/decision.ts'
import { untilAnswered } from '../engine/look.ts'
import type { Ports, SchedulerControl, Variables } from '../ports.ts'
import type { Stop } from '../run/context.ts'

/** The means to speak to the scheduler of an engine. */
export interface SchedulerHands {
  readonly ports: Pick<Ports, 'scheduler' | 'clock' | 'voice'>
  readonly stop: Stop
  readonly seen: Variables
}

/** Looks at CronJobs until the engine answers. Unknown is asked again for a minute, and then it is a failure. */
export async function observe(
  hands: SchedulerHands,
  control: SchedulerControl,
  { namespace }: CronJobs,
): Promise<SchedulerSeen | Failure> {
  const reading = await untilAnswered(hands, (signal) => control.observe(hands.seen, signal))
  if (reading === null) return stopped
  if (reading.kind === 'found') return reading.value
  const { code, what, next } = reading.kind === 'absent' ? gone(namespace) : reading.why
  return { code, what, tail: [], next }
}

const gone = (namespace: string) => ({
  code: 'engine-unknown' as const,
  what: `There is no namespace ${namespace}.`,
  next: 'Correct the namespace of the service that steps.scheduler names.',
})

const stopped: Failure = {
  code: 'interrupted',
  what: 'The run was cancelled while it read the scheduler.',
  tail: [],
}
