import type { Direction } from '../journal/direction.ts'
import type { Event } from '../journal/journal.ts'
import { modes } from '../plan/modes.ts'
import type { Mode } from '../plan/undertaking.ts'
import type { RollStep } from '../step/step.ts'
import type { RollStanding } from './roll-standing.ts'

/** A batch that is about to begin. */
export interface NextBatch {
  readonly step: RollStep
  readonly instances: readonly string[]
  readonly direction: Direction
}

/**
 * Returns the time before which a batch does not begin, in milliseconds since the epoch: the pause after the last instance
 * whose change ended, as the journal has it, so that the run after a lost one waits for the rest alone. Null where nothing
 * is to be waited for: going back is never held up, and neither is an instance that this deployment has begun to change.
 */
export function batchNotBefore(
  mode: Mode,
  { step, instances, direction }: NextBatch,
  { journal, roll }: { readonly journal: readonly Event[]; readonly roll: RollStanding | undefined },
): number | null {
  const pause = step.service.rollout.pauseBetweenBatches
  if (pause === undefined || direction.to === 'old' || modes[mode].goesBack) return null
  if (instances.some((name) => roll?.instances.get(name)?.touched === true)) return null
  const last = journal.findLast(
    (event) =>
      (event.kind === 'instance-succeeded' || event.kind === 'instance-failed') && event.step === step.id,
  )
  return last === undefined ? null : Date.parse(last.at) + pause
}
