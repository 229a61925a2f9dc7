import { describe, expect, test } from 'vitest'
import type { EnvironmentPolicy } from '../../src/domain/config/policy.ts'
import type { Ledger } from '../../src/domain/ledger/ledger.ts'
import type { Past } from '../../src/domain/ledger/past.ts'
import { startWaves } from '../../src/pipeline/act/start-waves.ts'
import { aTime } from '../domain/a-journal.ts'
import { aHistory, aPast } from '../domain/a-ledger.ts'
import { aLedgerServing, newer, older } from '../domain/a-plan.ts'
import { type InMemory, inMemory, keptLedger, leanPlan, opened } from './in-memory.ts'

const hour = 3_600_000
const then = (lasts = 0): Pick<EnvironmentPolicy, 'name' | 'waves'> => ({
  name: 'production',
  waves: [{ environment: 'production-eu', lasts }],
})
const forced = { kind: 'succeeded', forced: ['verify'], excluded: [], failed: [], afterwards: null } as const
const started = { do: 'deploy', environment: 'production-eu', release: newer.tag }

/** The environment serves the newer release since the last of these deployments. */
async function served(memory: InMemory, ...pasts: readonly Past[]): Promise<void> {
  const history = aHistory(...pasts)
  const ledger = aLedgerServing(newer, { history })
  const serving = ledger.serving && { ...ledger.serving, deployment: history[0]?.number ?? 0 }
  await memory.ledgers.append(null, { ...ledger, serving }, 'it serves')
}

const run = (memory: InMemory, policy = then()) => startWaves(memory.ports, 'shop', policy)
const now = (memory: InMemory) => memory.clock.now().toISOString()

describe('the next environment', () => {
  test('is started by the form once a release is proven, and never twice', async () => {
    const memory = inMemory()
    await served(memory, aPast(newer))
    expect(await run(memory)).toMatchObject([
      { kind: 'started', environment: 'production-eu', release: { tag: newer.tag } },
    ])
    expect(await run(memory)).toEqual([])
    expect(memory.forms.starts).toEqual([started])
    expect((await keptLedger(memory)).waves).toMatchObject([{ kind: 'started', deployment: 1 }])
  })

  test('is started once by two runs at the same moment', async () => {
    const memory = inMemory()
    await served(memory, aPast(newer))
    await Promise.all([run(memory), run(memory), run(memory)])
    expect(memory.forms.starts).toEqual([started])
  })

  test('is started again by the next watch where GitHub refused, and shown', async () => {
    const memory = inMemory()
    await served(memory, aPast(newer))
    memory.forms.answer(
      { kind: 'refused', why: 'actions: write is missing.' },
      { kind: 'started', run: null },
    )
    expect(await run(memory)).toMatchObject([{ kind: 'refused', why: 'actions: write is missing.' }])
    expect(await run(memory)).toMatchObject([{ kind: 'started' }])
    expect(await run(memory)).toEqual([])
    expect(memory.forms.starts).toHaveLength(2)
  })

  test('is never asked for again where the answer was lost, or the run died in between', async () => {
    const memory = inMemory()
    await served(memory, aPast(newer))
    memory.forms.answer({ kind: 'asked' })
    expect(await run(memory)).toMatchObject([{ kind: 'asked' }])
    expect(await run(memory)).toEqual([])
    const killed = inMemory()
    await served(killed, aPast(newer))
    const ports = {
      ...killed.ports,
      forms: {
        start: async () => {
          throw new Error('killed')
        },
      },
    }
    await expect(startWaves(ports, 'shop', then())).rejects.toThrow('killed')
    expect(await run(killed)).toEqual([])
    expect((await keptLedger(killed)).waves).toMatchObject([{ kind: 'asked' }])
  })

  test.each<[string, Past[]]>([
    ['a step of the proof was counted as done', [aPast(newer, { outcome: forced })]],
    [
      'it went back to the release',
      [aPast(newer), aPast(older), aPast(newer, { mode: 'rollback', from: older })],
    ],
    ['nothing is known of how it came there', []],
  ])('is not started if %s', async (_title, pasts) => {
    const memory = inMemory()
    await served(memory, ...pasts)
    expect(await run(memory)).toEqual([])
    expect(memory.forms.starts).toEqual([])
  })

  test('is started by a redeployment that proves what was forced before', async () => {
    const memory = inMemory()
    await served(memory, aPast(newer, { outcome: forced }), aPast(newer, { mode: 'redeploy', from: newer }))
    expect(await run(memory)).toMatchObject([{ kind: 'started', deployment: 2 }])
  })

  test('waits for the time that it wants the release to have been kept', async () => {
    const memory = inMemory()
    await served(memory, aPast(newer, { endedAt: now(memory) }))
    expect(await run(memory, then(hour))).toEqual([])
    await memory.clock.sleep(hour)
    expect(await run(memory, then(hour))).toMatchObject([{ kind: 'started' }])
  })

  test('is not started, and no held ledger is moved, while another deployment is under way', async () => {
    const memory = inMemory()
    const history = aHistory(aPast(newer))
    const before = aLedgerServing(newer, { history }).serving
    await opened(memory, leanPlan({}), { history, serving: before && { ...before, deployment: 1 } })
    const commits = memory.ledgers.commits('shop', 'production').length
    expect(await run(memory)).toEqual([])
    expect(memory.ledgers.commits('shop', 'production')).toHaveLength(commits)
  })

  test('stays one whose answer is not known if another run holds the ledger by then', async () => {
    const memory = inMemory()
    await served(memory, aPast(newer))
    const ports = {
      ...memory.ports,
      forms: {
        async start() {
          const { head, ledger } = await memory.ledgers.read('shop', 'production')
          const held = await heldBy(ledger)
          await memory.ledgers.append(head, held, 'another deployment')
          return { kind: 'started', run: null } as const
        },
      },
    }
    expect(await startWaves(ports, 'shop', then())).toMatchObject([{ kind: 'started' }])
    expect((await keptLedger(memory)).waves).toMatchObject([{ kind: 'asked' }])
  })
})

async function heldBy(ledger: Ledger): Promise<Ledger> {
  const { session } = await opened(inMemory(), leanPlan({}))
  return { ...ledger, deployment: { ...session.deployment, number: 2 } }
}

test('a wave goes from a release to another once, however often it comes back', async () => {
  const memory = inMemory()
  await served(
    memory,
    aPast(newer),
    aPast(older, { endedAt: aTime(100) }),
    aPast(newer, { endedAt: aTime(200) }),
  )
  expect(await run(memory)).toHaveLength(1)
  expect(await run(memory)).toEqual([])
})
