import { expect, test } from 'vitest'
import { ledgerText, parseLedger } from '../../src/adapters/github/ledger/text.ts'
import type { Ledger } from '../../src/domain/ledger/ledger.ts'
import type { OpenDetour } from '../../src/domain/ledger/open-detour.ts'
import { aPast, aSuspension } from '../domain/a-ledger.ts'
import { aCommand, aLedgerServing, older } from '../domain/a-plan.ts'

const at = '2026-11-01T00:00:00.000Z'
const place = { ref: 'refs/rollgate/shop/production', app: 'shop', environment: 'production' }
const detour: OpenDetour = {
  ...{ id: 'shop-production-7', kind: 'aside', mode: 'read-only', deployment: 7, since: at, until: at },
  ...{ release: older, phase: 'open', notes: [{ act: 'copied', evidence: {}, at }] as OpenDetour['notes'] },
}
const backup = { name: 'shop-0411', position: null, at, deployment: 5 }
const whole: Ledger = aLedgerServing(older, {
  detour,
  failedHomes: [{ detour: 'shop-production-5', where: '/srv/shop.failed', since: at, deployment: 5 }],
  side: 'home',
  pair: {
    ...{ id: 'shop-production-6', copied: 'stand-in', phase: 'moved', deployment: 6, since: at },
    ...{ left: { tag: older.tag, sha: older.sha }, earlier: ['shop-production-4'], notes: [] },
  },
  leases: [aSuspension({ kind: 'maintenance' })],
  migration: {
    ...{ release: older, deployment: 5, since: at, state: 'open', repeatable: false, completeAfter: null },
    ...{
      complete: aCommand('complete'),
      rollback: aCommand('back'),
      knownBy: [],
      handed: null,
      declined: null,
    },
  },
  waves: [{ environment: 'eu', release: older, deployment: 5, at, kind: 'asked' }],
  blockedCommits: [{ commit: 'a'.repeat(40), fixedBy: null, reason: 'it loses orders', by: 'rhea', at }],
  history: [aPast(older, { backup })],
})

/** The text of that ledger with one part written by hand. */
function byHand(path: string, value: unknown): string {
  const written = JSON.parse(ledgerText(whole))
  const names = path.split('.')
  const last = names.pop() ?? ''
  const holder = names.reduce((part, name) => part[name], written)
  holder[last] = value
  return JSON.stringify(written)
}

test('a ledger with every part is read as it was written', () => {
  expect(parseLedger(ledgerText(whole), place)).toEqual(whole)
})

test.each([
  ['detour', 'open'],
  ['detour', {}],
  ['detour.id', "x'; DROP DATABASE shop; --"],
  ['detour.id', '../../etc'],
  ['detour.id', '-rf'],
  ['detour.phase', 'done'],
  ['detour.notes', null],
  ['detour.notes', [{}]],
  ['detour.until', 'never'],
  ['failedHomes', {}],
  ['failedHomes.0.detour', '../../etc'],
  ['failedHomes.0.where', null],
  ['side', 'elsewhere'],
  ['pair', []],
  ['pair.id', '../../etc'],
  ['pair.copied', 'elsewhere'],
  ['pair.phase', 'done'],
  ['pair.earlier', ['$(reboot)']],
  ['pair.notes', null],
  ['leases', {}],
  ['leases', [{ kind: 'maintenance' }]],
  ['leases.0.kind', 'database'],
  ['leases.0.giveBack', 'rm -rf /'],
  ['migration', true],
  ['migration.state', 'done'],
  ['migration.complete', null],
  ['migration.knownBy', 'all'],
  ['waves', {}],
  ['waves.0.release', 'v1'],
  ['notices', [1]],
  ['blockedCommits', [{ commit: 7 }]],
  ['history.0.backup.name', '--all'],
  ['history.0.backup.name', '$(reboot)'],
])(
  'a ledger whose %s was written by hand as %j is refused by name, and crashes nothing F03',
  (path, value) => {
    const [part = ''] = path.split('.')
    expect(() => parseLedger(byHand(path, value), place)).toThrowError(
      expect.objectContaining({ code: 'ledger-foreign', what: expect.stringContaining(part) }),
    )
  },
)
