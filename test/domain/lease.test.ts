import { expect, test } from 'vitest'
import { leasesFrom, type WrittenSuspension, writtenLeases } from '../../src/domain/ledger/written-lease.ts'
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
  const leases = leasesFrom(written)
  expect(leases).toMatchObject([{ kind: 'scheduler', deployment: 2, pinned: true, givenBackBy: null }])
  expect(writtenLeases(leases)).toEqual(written)
  expect(leasesFrom(null)).toEqual([])
  expect(writtenLeases([])).toBeNull()
})

test('a value that schema 1 cannot express is not written', () => {
  expect(() => writtenLeases([aSuspension(), aSuspension()])).toThrow('one lease')
})
