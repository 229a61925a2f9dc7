import type { ActingRun } from '../../src/pipeline/act/acting-run.ts'
import { neverStops } from '../../src/pipeline/run/stop.ts'

/** A run that is never stopped and leaves nothing to a post step, unless it is given otherwise. */
export const anActingRun = (
  given: Pick<ActingRun, 'ports' | 'config' | 'doer'> & Partial<ActingRun>,
): ActingRun => ({ stop: neverStops, beforeLock: () => {}, ...given })
