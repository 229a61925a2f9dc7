import type { HandOverStep } from '../../domain/step/step.ts'
import { type Context, quoted } from '../run/context.ts'
import { heed } from '../signal/heed.ts'
import type { Hand } from './hand.ts'
import { isFailure, look } from './look.ts'
import { brief } from './watch.ts'

/** The milliseconds between two readings of the signals while an engine rolls. */
const heedEvery = 15_000

export const neverHalted = async (): Promise<boolean> => false

/** Returns a question for a watch: was it halted? The signals are read now and then, until one of them is open. */
export function listening(context: Context, step: HandOverStep): () => Promise<boolean> {
  const { clock } = context.ports
  let [heededAt, isTold] = [clock.now().getTime(), false]
  return async () => {
    if (isTold || clock.now().getTime() - heededAt < heedEvery) return false
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
export function halting(context: Context, hand: Hand): () => Promise<boolean> {
  const isHalted = listening(context, hand.step)
  return async () => (await isHalted()) && (context.stop.asked.aborted || hold(context, hand))
}

/** Holds the rollout of a service where it is; false where it goes on. */
async function hold(context: Context, { step, engine, seen }: Hand): Promise<boolean> {
  const { name } = step.service
  const failure = await quoted(context, '  │ ', (watch) => engine.stop(seen, watch))
  if (failure !== null) context.ports.voice.warning(`${name} rolls on`, failure.what)
  const now = await look(context, name, (signal) => engine.state(seen, signal))
  if (now === null || isFailure(now)) return failure === null
  context.session.note({ kind: 'engine-observed', step: step.id, of: 'service', seen: brief(now) })
  if (failure === null && now.phase !== 'held')
    context.ports.voice.warning(
      `${name} rolls on`,
      `Its engine was told to stop, and shows it as ${now.phase}.`,
    )
  return now.phase === 'held'
}
