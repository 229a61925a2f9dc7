import { Problem } from '../../domain/problem.ts'
import type { Reading } from '../../domain/reading.ts'
import type { StateSeen } from '../../domain/shown/state-words.ts'
import type { Clock } from '../ports.ts'

/** Milliseconds between two looks. */
const pause = 30_000

/**
 * Looks again until nothing changes before a person acts, or until the time is over. An unknown state is asked again, and
 * is returned when it stays so. Throws if the run is cancelled. `changed` is told of each state once, as it comes.
 */
export async function lookUntilStill<View>(
  clock: Clock,
  wait: number,
  { look, stateOf, changed }: Looks<View>,
  signal: AbortSignal,
): Promise<View> {
  const until = clock.now().getTime() + wait
  let before = ''
  for (;;) {
    const view = await look()
    const state = stateOf(view)
    const words = state.kind === 'found' ? state.value.words.join(', ') : 'unknown'
    if (words !== before) changed(words, view)
    before = words
    const left = until - clock.now().getTime()
    const isStill = state.kind === 'found' && state.value.still
    if (isStill || left <= 0) return view
    if (signal.aborted) throw cancelled(words)
    await clock.sleep(Math.min(pause, left), signal)
  }
}

interface Looks<View> {
  look(): Promise<View>
  stateOf(view: View): Reading<StateSeen>
  changed(words: string, view: View): void
}

/** The time to wait is not over, and the last look was not the last state. */
const cancelled = (words: string): Problem =>
  new Problem('interrupted', {
    what: `The wait was cancelled while the environment was ${words}.`,
    why: 'The run was cancelled, or it took too long.',
    next: 'Run it again. Nothing was changed.',
  })
