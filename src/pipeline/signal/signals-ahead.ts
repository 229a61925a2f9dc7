import type { EnvironmentPolicy } from '../../domain/config/policy.ts'
import { modes } from '../../domain/plan/modes.ts'
import type { Mode } from '../../domain/plan/undertaking.ts'
import type { Reading } from '../../domain/reading.ts'
import type { Ask } from '../../domain/signal/ask.ts'
import { type Signals, signalsOf } from '../../domain/signal/signal.ts'
import type { Ports } from '../ports.ts'
import { askSource, issueSource } from './sources.ts'
import { lookOnce, untilKnown } from './until-known.ts'

/** The ports by which signals are read before an approval: GitHub alone. */
export type AheadPorts = Pick<Ports, 'asks' | 'issues' | 'clock'>

/**
 * Reads the signals of an environment for a plan. No command runs and no address is asked before the approval. Going back
 * is never held, so that its one look waits for nothing. `asked`: the asks as the plan has read them.
 */
export async function signalsAhead(
  { asks, issues, clock }: AheadPorts,
  policy: Pick<EnvironmentPolicy, 'name' | 'halt'>,
  app: string,
  mode: Mode,
  asked: Reading<readonly Ask[]>,
): Promise<Signals> {
  const { heldBy } = modes[mode]
  if (heldBy === 'people') return signalsOf([])
  const { labels = [] } = policy.halt ?? {}
  const looks = [Promise.resolve(asked)].values()
  const sources = [
    askSource(() => looks.next().value ?? asks.read(app, policy.name), null, true),
    ...(labels.length === 0 ? [] : [issueSource({ issues }, { labels })]),
  ]
  if (heldBy === 'nothing') return signalsOf(await lookOnce(clock, sources))
  return signalsOf(await untilKnown(clock, sources, new AbortController().signal, () => {}))
}
