import { expect, test } from 'vitest'
import type { Ledger } from '../../src/domain/ledger/ledger.ts'
import type { Past } from '../../src/domain/ledger/past.ts'
import { planRehearsal, rehearsalDone } from '../../src/pipeline/act/rehearse.ts'
import { aFailed, aHistory, aPast } from '../domain/a-ledger.ts'
import { aLedgerServing, aPlan } from '../domain/a-plan.ts'
import { aReader, aRepository, configPath, type Reading } from './a-repository.ts'
import { inMemory } from './in-memory.ts'

const asked = { environment: 'staging', app: 'shop', configPath, to: null }
const policy = { name: 'staging', class: 'staging', approval: { kind: 'none' } } as const
const staged = (reading: Reading = {}) => aReader({ ...reading, policy: { ...policy, ...reading.policy } })

/** A staging with v2, which came after v1; or with another past and other changes. */
async function staging(
  pastsOf?: (tags: Awaited<ReturnType<typeof aRepository>>) => Past[],
  change: Partial<Ledger> = {},
) {
  const memory = inMemory()
  const tags = await aRepository(memory)
  const pasts = pastsOf?.(tags) ?? [aPast(tags.v1), aPast(tags.v2)]
  const history = aHistory(...pasts)
  const ledger = { ...aLedgerServing(tags.v2, { history, ...change }), environment: 'staging' }
  const serving = ledger.serving === null ? null : { ...ledger.serving, deployment: history[0]?.number ?? 0 }
  await memory.ledgers.append(null, { ...ledger, serving }, 'as it is')
  return { memory, ...tags }
}

test('a rehearsal begins with what serves, and goes to the release before it, or to the one that is named', async () => {
  const { memory, v1, v2 } = await staging()
  expect(await planRehearsal(memory.ports, staged(), asked)).toMatchObject({
    release: { tag: 'v2' },
    to: { tag: 'v1' },
    back: { mode: 'rollback', release: v1, from: v2, refusals: [] },
  })
  expect(await planRehearsal(memory.ports, staged(), { ...asked, to: 'v1' })).toMatchObject({
    to: { tag: 'v1' },
  })
  expect(memory.ledgers.commits('shop', 'staging')).toHaveLength(1)
})

const block = { reason: 'it loses orders', by: 'rhea', at: '2026-11-20T10:00:00.000Z' }

test.each<[string, string, () => Promise<unknown>]>([
  [
    'of a production',
    'rehearsal-impossible',
    async () =>
      planRehearsal((await staging()).memory.ports, staged({ policy: { class: 'production' } }), asked),
  ],
  [
    'where nothing serves',
    'rehearsal-impossible',
    async () => planRehearsal((await staging(undefined, { serving: null })).memory.ports, staged(), asked),
  ],
  [
    'while a deployment is under way',
    'rehearsal-impossible',
    async () => {
      const deployment = {
        number: 3,
        plan: aPlan(),
        journal: [],
        holder: null,
        record: null,
        preDeploy: null,
        build: null,
        checkCompatibility: null,
      }
      return planRehearsal((await staging(undefined, { deployment })).memory.ports, staged(), asked)
    },
  ],
  [
    'of a release whose commit is gone F27',
    'rehearsal-impossible',
    async () => {
      const { memory, v2 } = await staging()
      memory.repository.lose(v2.sha)
      return planRehearsal(memory.ports, staged(), asked)
    },
  ],
  [
    'of a release that has failed there since',
    'rehearsal-impossible',
    async () => {
      const { memory } = await staging(({ v1, v2 }) => [
        aPast(v1),
        aPast(v2),
        aFailed(v2, { mode: 'redeploy' }),
      ])
      return planRehearsal(memory.ports, staged(), asked)
    },
  ],
  [
    'to what serves already',
    'rehearsal-impossible',
    async () => planRehearsal((await staging()).memory.ports, staged(), { ...asked, to: 'v2' }),
  ],
  [
    'to a newer release',
    'rehearsal-impossible',
    async () => {
      const { memory } = await staging(({ v3, v2 }) => [aPast(v3), aPast(v2)])
      return planRehearsal(memory.ports, staged(), asked)
    },
  ],
  [
    'of the first release',
    'nothing-to-roll-back-to',
    async () => planRehearsal((await staging(({ v2 }) => [aPast(v2)])).memory.ports, staged(), asked),
  ],
  [
    'across a contract migration',
    'rollback-unsafe',
    async () => {
      const { memory } = await staging(({ v1, v2 }) => [aPast(v1), aPast(v2, { migrated: 'contract' })])
      return planRehearsal(memory.ports, staged(), asked)
    },
  ],
  [
    'to a release of another base',
    'base-differs',
    async () => {
      const { memory } = await staging(({ v1, v2 }) => [aPast(v1), aPast(v2)])
      return planRehearsal(memory.ports, staged({ recipe: { baseVersion: '2025.9' } }), asked)
    },
  ],
  [
    'of a release that was blocked: it could not come again',
    'release-blocked',
    async () => {
      const { memory, v2 } = await staging()
      const { head, ledger } = await memory.ledgers.read('shop', 'staging')
      await memory.ledgers.append(
        head,
        { ...ledger, blocked: [{ tag: v2.tag, sha: v2.sha, ...block }] },
        'blocked',
      )
      return planRehearsal(memory.ports, staged(), asked)
    },
  ],
  [
    'of a release that its own environment would no longer take: its proof elsewhere is gone',
    'not-verified',
    async () =>
      planRehearsal((await staging()).memory.ports, staged({ policy: { verifiedIn: 'sandbox' } }), asked),
  ],
  [
    'in a freeze that lets rollbacks through: the release could not come again',
    'frozen',
    async () => {
      const times = {
        kind: 'once',
        timezone: 'UTC',
        from: '2000-01-01T00:00',
        to: '2100-01-01T00:00',
      } as const
      const freezes = [{ name: 'for-ever', times, allow: ['rollback' as const] }]
      return planRehearsal((await staging()).memory.ports, staged({ policy: { freezes } }), asked)
    },
  ],
])('no rehearsal %s', async (_title, code, begin) => {
  await expect(begin()).rejects.toMatchObject({ code })
})

const rollback = { mode: 'rollback' } as const

test('it is rehearsed once both halves are there, and the second is what serves', async () => {
  const { memory, v2 } = await staging(({ v1, v2 }) => [
    aPast(v1),
    aPast(v2),
    aPast(v1, { ...rollback, from: v2 }),
    aPast(v2),
  ])
  expect(await rehearsalDone(memory.ports, staged(), asked, 'v2')).toMatchObject({
    release: v2,
    to: { tag: 'v1' },
    rehearsed: { back: 3, again: 4 },
  })
  await expect(rehearsalDone(memory.ports, staged(), { ...asked, to: 'v0' }, 'v2')).rejects.toMatchObject({
    code: 'not-rehearsed',
  })
  await expect(rehearsalDone(memory.ports, staged(), asked, 'v3')).rejects.toMatchObject({
    code: 'not-rehearsed',
  })
})

test('a rehearsal of an earlier day is not taken for the one that was just tried', async () => {
  const { memory } = await staging(({ v1, v2, v3 }) => [
    aPast(v1),
    aPast(v2),
    aPast(v1, { ...rollback, from: v2 }),
    aPast(v2),
    aPast(v3),
    aPast(v2),
  ])
  await expect(rehearsalDone(memory.ports, staged(), asked, 'v2')).rejects.toMatchObject({
    code: 'not-rehearsed',
  })
})
