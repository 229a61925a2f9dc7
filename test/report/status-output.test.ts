import { expect, test } from 'vitest'
import type { Ledger } from '../../src/domain/ledger/ledger.ts'
import { driftResult } from '../../src/report/status/drift-output.ts'
import { statusResult } from '../../src/report/status/output.ts'
import { aSuspension } from '../domain/a-ledger.ts'
import { comparison, environment, everything, now, served, view } from './status-scenario.ts'

test('the result of a look has everything that the page has, each environment in the same shape', async () => {
  const result = statusResult(everything())
  const shapes = result.environments.map((environment) => Object.keys(environment).sort().join())
  expect(new Set(shapes).size).toBe(1)
  await expect(`${JSON.stringify(result, null, 2)}\n`).toMatchFileSnapshot('golden/result-status.json')
})

test('the result of a look tells of the maintenance page, of blocks and of notices that were not sent', () => {
  const block = { reason: 'it loses orders', by: 'dora', at: now }
  const lease = aSuspension({ kind: 'maintenance', since: now, until: now })
  const ledger: Ledger = {
    ...served,
    leases: [lease],
    blocked: [{ tag: 'v1.2.0', sha: 'a'.repeat(40), ...block }],
    blockedCommits: [{ commit: 'b'.repeat(40), fixedBy: 'c'.repeat(40), ...block }],
  }
  const [result] = statusResult(view(environment('production', ledger))).environments
  expect(result).toMatchObject({
    scheduler: null,
    maintenance: { state: 'shown', since: now, until: now, deployment: 5, 'lease-over': true },
    blocked: [
      { tag: 'v1.2.0', sha: 'a'.repeat(40), 'fixed-by': null, ...block },
      { tag: null, sha: 'b'.repeat(40), 'fixed-by': 'c'.repeat(40), ...block },
    ],
    unsent: ledger.notices.length,
  })
})

test('the result of a comparison names each deviation of each instance', async () => {
  const result = driftResult(comparison())
  expect(result.drift).toBe(true)
  await expect(`${JSON.stringify(result, null, 2)}\n`).toMatchFileSnapshot('golden/result-drift.json')
})

test.each([statusResult(everything()), driftResult(comparison())])(
  'the result of $command is one line of JSON, in kebab case',
  (result) => {
    const line = JSON.stringify(result)
    expect(line).not.toContain('\n')
    const keys = [...line.matchAll(/"([^"]+)":/g)].map(([, key = '']) => key)
    expect(keys.filter((key) => /[A-Z_]/.test(key))).toEqual([])
    expect(keys.slice(0, 4)).toEqual(['schema', 'command', 'outcome', 'at'])
  },
)
