import { batchNotBefore, type NextBatch } from '../../domain/rolling/pause-between.ts'
import type { Context } from '../run/context.ts'

/** Waits until a batch may begin. Returns true if the run is to stop meanwhile. */
export async function pauseBetween(context: Context, batch: NextBatch): Promise<boolean> {
  const { ports, plan, session, stop } = context
  const roll = session.standing.rolls.get(batch.step.id)
  const until = batchNotBefore(plan.mode, batch, { journal: session.journal, roll })
  const left = until === null ? 0 : until - ports.clock.now().getTime()
  if (until === null || left <= 0) return false
  const { name } = batch.step.service
  ports.voice.line(`pause between two batches of ${name}, until ${new Date(until).toISOString()}`)
  await ports.clock.sleep(left, stop.asked)
  return stop.asked.aborted
}
