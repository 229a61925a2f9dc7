import type { CronJobs } from '../../domain/engine/cron-jobs.ts'
import type { SchedulerSeen } from '../../domain/engine/scheduler-seen.ts'
import type { Failure } from '../../domain/question/decision.ts'
import type { Ports, SchedulerControl, Variables } from '../ports.ts'
import type { Stop } from '../run/context.ts'

/** The means to speak to the scheduler of an engine. */
export interface SchedulerHands {
  readonly ports: Pick<Ports, 'scheduler' | 'clock' | 'voice'>
  readonly stop: Stop
  readonly seen: Variables
}

const longestSilence = 60_000
const lookEvery = 1_000

/** Looks at CronJobs until the engine answers. Unknown is asked again for a minute, and then it is a failure. */
export async function observe(
  { ports: { clock }, stop, seen }: SchedulerHands,
  control: SchedulerControl,
  { namespace }: CronJobs,
): Promise<SchedulerSeen | Failure> {
  const until = clock.now().getTime() + longestSilence
  for (;;) {
    const reading = await control.observe(seen, stop.forced)
    if (stop.forced.aborted) return stopped
    if (reading.kind === 'found') return reading.value
    const why = reading.kind === 'absent' ? gone(namespace) : reading.why
    if (clock.now().getTime() >= until) return { code: why.code, what: why.what, tail: [], next: why.next }
    await clock.sleep(lookEvery, stop.asked)
    if (stop.asked.aborted) return stopped
  }
}

export const isFailure = (seen: object): seen is Failure => 'code' in seen

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
