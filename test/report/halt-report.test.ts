import { expect, test } from 'vitest'
import type { HaltedThere } from '../../src/domain/signal/halted-there.ts'
import { haltLine, haltSummary } from '../../src/report/act/halt-report.ts'
import { anAsk } from '../domain/an-ask.ts'

const view = (there: HaltedThere) => ({
  ...{ environment: 'production', by: 'dora', reason: 'orders are lost', there },
  ...{ run: 'https://github.com/acme/shop/actions/runs/9', now: '2026-11-21T09:00:00.000Z' },
})

test('a halt of a deployment under way is told to its run, and does not say that it has stopped F03', () => {
  const line = haltLine(view({ kind: 'halted', deployment: 7 }))
  expect(line).toContain('Deployment 7 of production is told to halt')
  expect(line).toContain('If no batch is left, it ends as it would')
})

test('a halt that is lifted does not say that nothing else holds a release F03', () => {
  const page = haltSummary(view({ kind: 'lifted', halts: [anAsk()] }))
  expect(page).toContain(
    'Lifted in production: 1 halt of a person. An open issue or alarm still holds a release.',
  )
  expect(page).not.toContain('no longer halted')
})
