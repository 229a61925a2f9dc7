import { describe, expect, test } from 'vitest'
import type { Past } from '../../src/domain/ledger/past.ts'
import type { FinalAnswer } from '../../src/pipeline/act/admit.ts'
import { decide } from '../../src/pipeline/act/decide.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { aFailed, aHistory, aPast } from '../domain/a-ledger.ts'
import { aLedgerServing, aPlan, aPolicy, newer, older, type Wishes } from '../domain/a-plan.ts'
import { bob, inMemory, opened, reading } from './in-memory.ts'

const policy = aPolicy({
  approval: { kind: 'named', from: ['rhea'], notSelf: false },
  verifiedIn: 'staging',
  rehearsedIn: 'staging',
})
const way = { to: older, back: 3, again: 4, at: '2026-11-20T10:00:00.000Z' }
const proven: Wishes = {
  policy,
  verification: { kind: 'verified', where: 'staging', deployment: 4, words: 'succeeded' },
  rehearsal: { kind: 'rehearsed', where: 'staging', ...way },
}
const rehearsed = [aPast(older), aPast(newer), aPast(older, { mode: 'rollback', from: newer }), aPast(newer)]

/** A deployment that waits for rhea, while this became of staging; she says yes. */
async function approving(staging: readonly Past[], wish: Wishes = proven) {
  const memory = inMemory()
  memory.prober.replyBy('self-test', () => ({ kind: 'yes', text: '' }))
  expect(await execute(await opened(memory, aPlan(wish)))).toMatchObject({ kind: 'waiting' })
  const there = { ...aLedgerServing(newer, { history: aHistory(...staging) }), environment: 'staging' }
  await memory.ledgers.append(null, there, 'what became of staging')
  const kept = await memory.ledgers.read('shop', 'production')
  const answer: FinalAnswer = {
    environment: 'production',
    pause: '7.1',
    decision: 'approve',
    instances: [],
    reason: '',
    by: 'rhea',
    override: '',
  }
  const decided = decide(memory.ports, { ...kept, policy }, answer, bob, memory.stop, reading)
  return { memory, kept, decided }
}

describe('an approval', () => {
  test('is refused once what proved the release has failed, and the question still waits MM-18 CC-20', async () => {
    const { memory, kept, decided } = await approving([...rehearsed, aFailed(newer)])
    await expect(decided).rejects.toMatchObject({
      code: 'not-verified',
      next: expect.stringContaining('The question still waits.'),
    })
    expect(await memory.ledgers.read('shop', 'production')).toEqual(kept)
    expect(memory.effects()).toEqual([])
  })

  test('is refused once the rehearsal no longer counts CC-20', async () => {
    const failed = aFailed(older, { mode: 'rollback', from: newer })
    const { decided } = await approving([...rehearsed, failed])
    await expect(decided).rejects.toMatchObject({ code: 'not-rehearsed' })
  })

  test('goes on while both still hold, proven once more or not', async () => {
    const { decided } = await approving([...rehearsed, aPast(newer)])
    expect(await decided).toMatchObject({ ending: { outcome: { kind: 'succeeded' } } })
  })

  test('a plan without proofs goes on without them', async () => {
    const without = {
      kind: 'overridden',
      where: 'staging',
      why: 'it never was there',
      by: 'dora',
      reason: 'now',
    } as const
    const { decided } = await approving([], { policy, verification: without, rehearsal: without })
    expect(await decided).toMatchObject({ ending: { outcome: { kind: 'succeeded' } } })
  })
})
