import type { EngineSeen } from '../../domain/engine/engine-seen.ts'
import type { ProblemWords } from '../../domain/problem.ts'
import type { Failure } from '../../domain/question/decision.ts'
import type { Reading } from '../../domain/reading.ts'
import type { Ports } from '../ports.ts'
import type { Context, Stop } from '../run/context.ts'

/** The milliseconds from the beginning of a look at an engine to that of the next. */
export const lookEvery = 1_000

/** The longest time without an answer of an engine before a person is asked. */
const longestSilence = 60_000

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
  context: Context,
  service: string,
  state: (signal: AbortSignal) => Promise<Reading<EngineSeen>>,
): Promise<EngineLook> {
  const reading = await untilAnswered(context, state)
  return answerOf(reading, { stopped, unanswered: (why) => unanswered(service, why) })
}

/** Returns what was read of an engine, null where it is absent, or the failure of a step that was stopped or got no answer. */
export function answerOf<T>(
  reading: Reading<T> | null,
  { stopped, unanswered }: { stopped: Failure; unanswered: (why: ProblemWords) => Failure },
): T | null | Failure {
  switch (reading?.kind) {
    case undefined:
      return stopped
    case 'found':
      return reading.value
    case 'absent':
      return null
    case 'unknown':
      return unanswered(reading.why)
  }
}

/** Reads something of an engine, and reads it again for a minute while it is unknown. Null if the run is to stop. */
export async function untilAnswered<T>(
  { ports: { clock }, stop }: { readonly ports: Pick<Ports, 'clock'>; readonly stop: Stop },
  read: (signal: AbortSignal) => Promise<Reading<T>>,
): Promise<Reading<T> | null> {
  const until = clock.now().getTime() + longestSilence
  for (;;) {
    const reading = await read(stop.forced)
    if (stop.forced.aborted) return null
    if (reading.kind !== 'unknown' || clock.now().getTime() >= until) return reading
    await clock.sleep(lookEvery, stop.asked)
    if (stop.asked.aborted) return null
  }
}

const unanswered = (service: string, { what, next }: { what: string; next: string }): Failure => ({
  code: 'engine-unknown',
  what: `The state of ${service} could not be read from its engine for a minute: ${what}`,
  tail: [],
  next: `${next} Then decide retry: the engine is read first, and nothing is handed over twice.`,
})
