import { patienceForUnknown, type Signal, type SignalSource } from '../../domain/signal/signal.ts'
import type { Clock } from '../ports.ts'

/** One look at a source of signals. */
export type SourceLook =
  | { readonly kind: 'known'; readonly signals: readonly Signal[] }
  | { readonly kind: 'unknown'; readonly why: string }

/** A source of signals, and the way to look at it. */
export interface ReadSource {
  readonly source: SignalSource
  look(): Promise<SourceLook>
}

/** The time between two looks at a source that is unknown: the longest one between two tries of a request. */
const pause = 9_000

const mostTries = 1 + Math.ceil(patienceForUnknown / pause)

/** Looks at all sources once, to show them. What is unknown is not asked again. */
export const lookOnce = (clock: Clock, sources: readonly ReadSource[]): Promise<readonly Signal[]> =>
  untilKnown(clock, sources, AbortSignal.abort(), () => {})

/**
 * Looks at all sources at once. An unknown one is asked again for a minute, and is a signal of its own then. Ends early
 * when `stop` aborts. `again` hears of each one that is asked again, once.
 */
export async function untilKnown(
  clock: Clock,
  sources: readonly ReadSource[],
  stop: AbortSignal,
  again: (source: SignalSource, why: string) => void,
): Promise<readonly Signal[]> {
  const until = clock.now().getTime() + patienceForUnknown
  const ask = async ({ source, look }: ReadSource): Promise<readonly Signal[]> => {
    for (let tries = 1; ; tries++) {
      const seen = await look()
      if (seen.kind === 'known') return seen.signals
      const left = until - clock.now().getTime()
      if (left <= 0 || tries === mostTries || stop.aborted)
        return [{ kind: 'unknown', source, why: seen.why }]
      if (tries === 1) again(source, seen.why)
      await clock.sleep(Math.min(pause, left), stop)
    }
  }
  return (await Promise.all(sources.map(ask))).flat()
}
