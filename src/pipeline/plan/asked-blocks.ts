import { withEntry } from '../../domain/ledger/block-entry.ts'
import type { Ledger } from '../../domain/ledger/ledger.ts'
import type { Reading } from '../../domain/reading.ts'
import { type Ask, asksFor } from '../../domain/signal/ask.ts'

/**
 * Returns the ledger with the blocks that people asked for while a run held it. That run may have died, and no watch may
 * have come since. It is for judging, and never written. Unknown asks change nothing here: they halt what goes forward.
 */
export function withAskedBlocks(ledger: Ledger, asks: Reading<readonly Ask[]>): Ledger {
  const waiting = asks.kind === 'found' ? asksFor(asks.value, 'block', null) : []
  return waiting.reduce((kept, { block, unblock }) => withEntry(kept, block, unblock), ledger)
}
