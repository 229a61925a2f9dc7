import { describe, expect, test } from 'vitest'
import {
  maskSaid,
  savedAsks,
  savedIssues,
  savedLedgers,
  savedRecords,
} from '../../src/adapters/masking/saved.ts'
import { createMasker } from '../../src/adapters/masking.ts'
import type { Event } from '../../src/domain/journal/journal.ts'
import { emptyLedger, type Ledger } from '../../src/domain/ledger/ledger.ts'
import { failureInFull } from '../../src/report/outcome/failure-in-full.ts'
import { untold } from '../domain/a-journal.ts'
import { aPlan, newer } from '../domain/a-plan.ts'
import { anAsk } from '../domain/an-ask.ts'
import { createMemoryAsks } from '../fakes/memory-asks.ts'
import { createMemoryIssues } from '../fakes/memory-issues.ts'
import { createMemoryLedgers } from '../fakes/memory-ledger.ts'

/** A secret whose characters are those of the newer release's tag, by chance, and one more. */
const masker = createMasker([newer.tag.slice(1), 'hunter2-secret'])
const at = '2026-11-29T22:00:00.000Z'

function aLedger(...events: readonly Event[]): Ledger {
  const deployment = {
    number: 1,
    plan: aPlan(),
    journal: events,
    holder: null,
    record: null,
    preDeploy: null,
    build: null,
    checkCompatibility: null,
  }
  return { ...emptyLedger('shop', 'production'), deployment }
}

async function saved(ledger: Ledger): Promise<Ledger> {
  const store = savedLedgers(createMemoryLedgers(), masker)
  await store.append(null, ledger, 'opened')
  return (await store.read('shop', 'production')).ledger
}

const never = async () => expect.fail('only a status is said')
const untouched = { open: never, find: never, recent: never, state: never }

describe('saved texts', () => {
  test('a ledger keeps no secret that an instance or a command said F51', async () => {
    const failure = {
      code: 'self-test-failed',
      what: 'says hunter2-secret.',
      tail: ['pw=hunter2-secret'],
      next: 'hunter2-secret',
    }
    const instances = { 'web-1': { version: 'hunter2-secret', healthy: true } }
    const ledger = aLedger(
      { at, kind: 'instances-observed', step: 'roll', instances },
      { at, kind: 'instance-failed', step: 'roll', instance: 'web-1', failure, ...untold },
      { at, kind: 'step-succeeded', step: 'roll', note: 'by hunter2-secret' },
    )
    expect(JSON.stringify(await saved(ledger))).not.toContain('hunter2')
  })

  test('an ask keeps no secret that stands in its reason, and all its names', async () => {
    const store = savedAsks(createMemoryAsks(), masker)
    await store.add('shop', 'production', anAsk({ reason: 'hunter2-secret leaks' }))
    expect(await store.read('shop', 'production')).toMatchObject({
      value: [{ ...anAsk(), reason: expect.stringMatching(/^\*+ leaks$/) }],
    })
  })

  test('a version that names a release of the ledger is kept as it is, for the run that goes on F51', async () => {
    const instances = { 'web-1': { version: newer.tag, healthy: true } }
    const ledger = aLedger({ at, kind: 'instances-observed', step: 'roll', instances })
    expect(await saved(ledger)).toEqual(ledger)
  })

  test('a finding keeps a version that names a release, and no other secret F51', () => {
    const release = { tag: newer.tag, sha: newer.sha }
    const seen = (value: string) => ({ release, version: { kind: 'found', value, why: 'hunter2-secret' } })
    const { mask } = masker
    expect(maskSaid(seen(newer.tag), mask)).toEqual({
      release,
      version: { kind: 'found', value: newer.tag, why: '***' },
    })
    expect(maskSaid(seen('hunter2-secret'), mask).version.value).toBe('***')
  })

  test('data of a page has no secret that an escape or a cut could save from being masked F51', () => {
    const secret = 'pa_ss*w|rd & [x](y)'
    const failure = { code: 'version-wrong', what: `it says ${secret}.`, tail: [`v ${secret}`] }
    const page = failureInFull(maskSaid(failure, createMasker([secret]).mask))
    expect(page).toContain('it says')
    expect(page).not.toMatch(/ss|rd/)
  })

  test('maps and dates pass unharmed', () => {
    const value = { at: new Date(0), names: new Map([['a', 1]]), what: 'hunter2-secret' }
    expect(maskSaid(value, masker.mask)).toEqual({ ...value, what: '***' })
  })

  test('the plan is kept as it is, whatever secrets look like F51', async () => {
    const ledger = aLedger()
    expect((await saved(ledger)).deployment?.plan).toEqual(ledger.deployment?.plan)
  })

  test('a record and an issue show no secret F51', async () => {
    const said: string[] = []
    const records = savedRecords(
      {
        ...untouched,
        say: async (_, { description }) => void said.push(description),
      },
      masker,
    )
    await records.say(1, { state: 'failure', description: 'says hunter2-secret', run: '', url: null })
    expect(said).toEqual(['says ***'])

    const kept = createMemoryIssues()
    const issues = savedIssues(kept, masker)
    const place = { app: 'shop', environment: 'production' }
    const words = { key: 'a', text: 'hunter2-secret' }
    const number = await issues.create(place, {
      ...words,
      title: 'hunter2-secret',
      labels: [],
      assignees: [],
    })
    await issues.comment(number, { key: 'b', text: 'hunter2-secret' })
    expect(JSON.stringify(kept)).not.toContain('hunter2')
  })
})
