import { Problem } from '../../domain/problem.ts'
import type { Step } from '../../domain/step/step.ts'
import type { Context } from '../run/context.ts'
import { readSignals } from './read-signals.ts'

/**
 * Reads what may hold a step before it begins or goes on, and if this run still has the lock. Returns true if the next
 * move is to be chosen again: the deployment was halted, or this run is to stop. A halt is saved before the asks behind
 * it are taken, so that a run killed in between loses none.
 */
export async function heed(context: Context, step: Step): Promise<boolean> {
  const { session, stop } = context
  const signals = await readSignals(context)
  if (stop.asked.aborted) return true
  if (signals.kind !== 'quiet') {
    session.note({ kind: 'halted', step: step.id, signals: signals.signals })
    await session.save()
  }
  await takeAsks(context)
  return signals.kind !== 'quiet'
}

/** Takes away the asks that the journal has, and those for deployments that have ended: they hold nothing any more. */
async function takeAsks({ ports, plan, session }: Context): Promise<void> {
  const { app, environment } = plan
  if (session.asks.kind !== 'found') return
  const reading = await ports.asks.at(app, environment.name, session.asks.value)
  if (reading.kind !== 'found') return
  const { number } = session.deployment
  const { heard } = session.standing
  const over = reading.value.filter(
    ({ id, deployment }) => deployment !== null && (deployment < number || heard.includes(id)),
  )
  if (over.length === 0) return
  const ids = over.map(({ id }) => id)
  try {
    await ports.asks.take(app, environment.name, ids, `deployment ${number} has heard ${ids.length} asks`)
  } catch (failure) {
    if (!(failure instanceof Problem)) throw failure
    ports.voice.warning(
      'An ask was not taken away',
      `${failure.what} It counts no more: the journal of deployment ${number} has it.`,
    )
  }
}
