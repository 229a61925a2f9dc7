import { blockHeadline, isAlready, withEntry } from '../../domain/ledger/block-entry.ts'
import { known } from '../../domain/reading.ts'
import { asksFor } from '../../domain/signal/ask.ts'
import type { Ports } from '../ports.ts'
import { isBusy } from './busy.ts'
import { trySwap } from './compare-and-swap.ts'
import type { Doer } from './doer.ts'

/**
 * Writes down the blocks that people asked for while a run held the ledger: by that run as soon as it has let go, or by the
 * next watch. An ask is taken after its block is in the ledger, so that a run which dies in between loses none. Throws where
 * the asks are unknown.
 */
export async function takeBlocks(
  { asks, ledgers, repository }: Pick<Ports, 'asks' | 'ledgers' | 'repository'>,
  app: string,
  environment: string,
  doer: Pick<Doer, 'run'>,
): Promise<string[]> {
  const waiting = asksFor(known(await asks.read(app, environment)) ?? [], 'block', null)
  const words: string[] = []
  for (const ask of waiting) {
    const line = blockHeadline(ask.block, ask)
    const done = await trySwap(async () => {
      const { head, ledger } = await ledgers.read(app, environment)
      if (await isBusy({ repository }, ledger, doer)) return 'held'
      if (isAlready(ledger, ask.block, ask.unblock)) return 'written'
      const next = withEntry(ledger, ask.block, ask.unblock)
      return (await ledgers.append(head, next, line)) === null ? null : 'written'
    })
    if (done !== 'written') return words
    await asks.take(app, environment, [ask.id], line)
    words.push(line)
  }
  return words
}
