import type { AskOf } from '../../src/domain/signal/ask.ts'

/** An ask to halt deployment 1. */
export const anAsk = (change: Partial<AskOf<'halt'>> = {}): AskOf<'halt'> => ({
  kind: 'halt',
  id: 'ask-1',
  by: 'dora',
  reason: 'orders are lost',
  at: '2026-03-02T09:00:00.000Z',
  run: 'https://github.com/acme/shop/actions/runs/91',
  deployment: 1,
  ...change,
})
