import { expect, test } from 'vitest'
import { backInCode, type Direction, onward } from '../../src/domain/journal/direction.ts'
import type { Event } from '../../src/domain/journal/journal.ts'
import { eventFrom, type SparseEvent, writtenEvent } from '../../src/domain/ledger/written/event.ts'
import { aTime } from './a-journal.ts'

const restoring: Direction = { to: 'old', database: 'restored' }
const begins = {
  at: aTime(0),
  kind: 'instances-started',
  step: 'roll-services/web',
  instances: ['web-1'],
} as const

test.each<[Direction, SparseEvent]>([
  [onward, { ...begins, direction: 'forward' }],
  [backInCode, { ...begins, direction: 'back' }],
  [restoring, { ...begins, direction: restoring }],
])(
  'a direction is written as 0.1.0 wrote it, where 0.1.0 knew it, and read again: %o',
  (direction, written) => {
    const event: Event = { ...begins, direction }
    expect(writtenEvent(event)).toEqual(written)
    expect(eventFrom(written)).toEqual(event)
  },
)
