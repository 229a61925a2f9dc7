import type { EngineSeen } from '../../domain/engine/engine-seen.ts'
import type { Failure } from '../../domain/question/decision.ts'
import type { Reading } from '../../domain/reading.ts'
import type { Context } from '../run/context.ts'

/** The milliseconds from the beginning of a look at an engine to that of the next. */
export const lookEvery = 1_000

/** The longest time without an answer of an engine before a person is asked. */
const patienceForUnknown = 60_000

/** The failure of a run that was told to stop: the step stays open, and another run watches on. */
export const stopped: Failure = {
  code: 'interrupted',
  what: 'The run was cancelled while the engine rolled.',
  tail: [],
}

/** One look, or the reason why none could be made. Null where the engine has no such service. */
export type EngineLook = EngineSeen | null | Failure

export const isFailure = (look: object | null): look is Failure => look !== null && 'code' in look

/** Looks at an engine until it answers. Unknown is asked again for a minute, and then it is a failure. */
export async function look(
  { ports: { clock }, stop }: Context,
  service: string,
  state: (signal: AbortSignal) => Promise<Reading<EngineSeen>>,
): Promise<EngineLook> {
  const until = clock.now().getTime() + patienceForUnknown
  for (;;) {
    const reading = await state(stop.forced)
    if (stop.forced.aborted) return stopped
    if (reading.kind === 'found') return reading.value
    if (reading.kind === 'absent') return null
    if (clock.now().getTime() >= until) return unanswered(service, reading.why)
    await clock.sleep(lookEvery, stop.asked)
    if (stop.asked.aborted) return stopped
  }
}

const unanswered = (service: string, { what, next }: { what: string; next: string }): Failure => ({
  code: 'engine-unknown',
  what: `The state of ${service} could not be read from its engine for a minute: ${what}`,
  tail: [],
  next: `${next} Then decide retry: the engine is read first, and nothing is handed over twice.`,
})
