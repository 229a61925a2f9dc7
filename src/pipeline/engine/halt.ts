import type { Failure } from '../../domain/question/decision.ts'
import type { HandOverStep } from '../../domain/step/step.ts'
import { type Context, quoted } from '../run/context.ts'
import { heed } from '../signal/heed.ts'
import type { Hand } from './hand.ts'
import { isFailure, look, stopped } from './look.ts'
import { gone, notedBy } from './watch.ts'

/** The milliseconds between two readings of the signals while an engine rolls. */
const heedEvery = 15_000

/** Returns the failure with which a watch ends because of a halt; null to watch on. */
export type Halted = () => Promise<Failure | null>

export const neverHalted: Halted = async () => null

/** Returns a question for a watch that a halt ends: the signals are read now and then, until one of them is open. */
export function listening(context: Context, step: HandOverStep): Halted {
  const hears = hearing(context, step)
  return async () => ((await hears()) ? stopped : null)
}

function hearing(context: Context, step: HandOverStep): () => Promise<boolean> {
  const { clock } = context.ports
  let [heededAt, isTold] = [clock.now().getTime(), false]
  return async () => {
    // A clock that was set back must not silence a halt until it has caught up.
    if (isTold || Math.abs(clock.now().getTime() - heededAt) < heedEvery) return false
    heededAt = clock.now().getTime()
    isTold = await heed(context, step)
    return isTold
  }
}

/**
 * Returns a question for the watch of a rollout: was it held for a halt? For one that is open the engine is told to stop
 * where it is. An engine that cannot stop rolls on: that is said, and the halt counts after its end. The halt is saved before
 * the engine is told, and the engine itself says later that it was held, so that a run which is lost in between loses
 * neither.
 */
export function halting(context: Context, hand: Hand): Halted {
  const hears = hearing(context, hand.step)
  return async () => {
    if (!(await hears())) return null
    return context.stop.asked.aborted ? stopped : hold(context, hand)
  }
}

/**
 * Holds the rollout of a service where it is. Null where it was seen to roll on. An engine that took the order and does not
 * answer afterwards was not seen to stop: that failure is asked about.
 */
async function hold(context: Context, { step, engine, seen }: Hand): Promise<Failure | null> {
  const { name } = step.service
  const { ports } = context
  const failure = await quoted(context, '  │ ', (watch) => engine.stop(seen, watch))
  if (failure !== null) ports.voice.warning(`${name} rolls on`, failure.what)
  const now = await look(context, name, (signal) => engine.state(seen, signal))
  if (now === null) return gone(name)
  if (isFailure(now)) return now
  notedBy(context, step.id, 'service')(now)
  if (now.phase === 'held') return stopped
  if (failure === null)
    ports.voice.warning(`${name} rolls on`, `Its engine was told to stop, and shows it as ${now.phase}.`)
  return null
}
