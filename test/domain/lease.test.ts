import { expect, test } from 'vitest'
import { emptyLedger } from '../../src/domain/ledger/ledger.ts'
import {
  suspensionFrom,
  type WrittenSuspension,
  writtenSuspension,
} from '../../src/domain/ledger/written/lease.ts'
import { ledgerFrom, type SparseLedger, writtenLedger } from '../../src/domain/ledger/written/ledger.ts'
import { aSuspension } from './a-ledger.ts'
import { aCommand } from './a-plan.ts'

const written: WrittenSuspension = {
  deployment: 2,
  since: '2026-03-02T08:00:00.000Z',
  until: '2026-03-02T09:00:00.000Z',
  release: { tag: 'v2', sha: 'b' },
  resume: aCommand('resume'),
  migrating: true,
  resumedBy: null,
}

test('a suspension that 0.1.0 wrote is the lease on the scheduler, and is written as 0.1.0 wrote it', () => {
  const leases = suspensionFrom(written)
  expect(leases).toMatchObject([{ kind: 'scheduler', deployment: 2, pinned: true, givenBackBy: null }])
  expect(writtenSuspension(leases)).toEqual(written)
  expect(suspensionFrom(null)).toEqual([])
  expect(writtenSuspension([])).toBeNull()
})

test('a lease that 0.1.0 does not know stands in a ledger of schema 2, which 0.1.0 refuses', () => {
  const page = { ...aSuspension(), kind: 'maintenance' } as const
  const ledger = { ...emptyLedger('shop', 'production'), leases: [aSuspension(), page] }
  const text = writtenLedger(ledger)
  expect(text).toMatchObject({ schema: 2, scheduler: { deployment: page.deployment }, leases: [page] })
  expect(ledgerFrom(text as SparseLedger)).toEqual(ledger)
  expect(writtenLedger({ ...ledger, leases: [aSuspension()] })).toMatchObject({ schema: 1 })
  expect(writtenLedger({ ...ledger, leases: [aSuspension()] })).not.toHaveProperty('leases')
})
