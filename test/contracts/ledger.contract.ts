import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { emptyLedger, type Ledger } from '../../src/domain/ledger/ledger.ts'
import { withEnd, withSchedule } from '../../src/domain/schedule/schedule.ts'
import type { LedgerStore } from '../../src/pipeline/ports.ts'
import { aSuspension } from '../domain/a-ledger.ts'
import { aSchedule } from '../domain/a-schedule.ts'
import { contractPlan } from './record.contract.ts'

export interface LedgerSetting {
  readonly ledgers: LedgerStore
  /** The same ledgers as another run has them. */
  readonly others: LedgerStore
  /** Replaces the text of the ledger; null replaces it with another file than a ledger's. */
  plant(app: string, environment: string, text: string | null): Promise<void>
  /** The text in the ledger's place. */
  text(app: string, environment: string): Promise<string | null>
  /** The files of the newest commit beside the ledger, by their paths. */
  beside(app: string, environment: string): Promise<Readonly<Record<string, string>>>
  /** First lines of the commits, oldest first. */
  messages(app: string, environment: string): Promise<string[]>
  /** Deletes a ledger with all its history. */
  remove(app: string, environment: string): Promise<void>
  close(): Promise<void>
}

export function ledgerContract(name: string, open: () => Promise<LedgerSetting>): void {
  describe(`the ledger contract, by ${name}`, () => {
    let setting: LedgerSetting
    beforeAll(async () => {
      setting = await open()
    })
    afterAll(() => setting.close())

    const read = (environment: string) => setting.ledgers.read('shop', environment)
    const append = (head: string | null, environment: string, message = 'begun') =>
      setting.ledgers.append(head, emptyLedger('shop', environment), message)

    test('an environment that was never deployed to has an empty ledger and no head', async () => {
      expect(await read('fresh')).toEqual({ head: null, ledger: emptyLedger('shop', 'fresh') })
    })

    test('an appended ledger is read back, by another run too', async () => {
      const head = await setting.ledgers.append(null, underway('kept'), 'deployment 1 begun')
      expect(head).not.toBeNull()
      expect(await setting.others.read('shop', 'kept')).toEqual({ head, ledger: underway('kept') })
    })

    test('the tip is the newest commit, and the caller knows its own before the ref moves F48', async () => {
      expect(await setting.ledgers.tips('shop', 'tipped')).toEqual({ ledger: null, asks: null })
      const made: string[] = []
      const first = await setting.ledgers.append(null, emptyLedger('shop', 'tipped'), 'one', (commit) =>
        made.push(commit),
      )
      expect(made).toEqual([first])
      expect(await setting.others.tips('shop', 'tipped')).toEqual({ ledger: first, asks: null })
      const second = await setting.others.append(first, emptyLedger('shop', 'tipped'), 'two')
      expect(await setting.ledgers.tips('shop', 'tipped')).toEqual({ ledger: second, asks: null })
    })

    test('all ledgers of an environment are its neighbours, whatever the app and the case of its name F24 F26', async () => {
      for (const [app, environment] of [
        ['shop', 'near/by'],
        ['till', 'Near/By'],
        ['till', 'near'],
      ] as const)
        await setting.ledgers.append(null, emptyLedger(app, environment), 'begun')
      const found = await setting.others.neighbours('near/by')
      expect(found.toSorted((one, other) => one.app.localeCompare(other.app))).toEqual([
        { app: 'shop', environment: 'near/by', kind: 'ledger' },
        { app: 'till', environment: 'Near/By', kind: 'ledger' },
      ])
    })

    test('the desired release of an instance that pulls stands in a file of the same commit, for no other', async () => {
      const digest = 'd'.repeat(64)
      const desired = {
        ...{ service: 'web', instance: 'web-1', order: '7.1', manifest: digest, restart: false },
        release: { tag: 'v1.2.0', sha: 'a'.repeat(40) },
        artifacts: { 'shop.tar.gz': digest, 'no word': digest },
      }
      const ledger = { ...emptyLedger('shop', 'pulled'), pulled: [desired] }
      const head = await setting.ledgers.append(null, ledger, 'web-1 is to pull')
      expect(await setting.others.read('shop', 'pulled')).toEqual({ head, ledger })
      const lines = [
        ...['form 1', 'app shop', 'environment pulled', 'service web', 'instance web-1', 'order 7.1'],
        ...['tag v1.2.0', `commit ${'a'.repeat(40)}`, `manifest ${digest}`, `artifact ${digest} shop.tar.gz`],
        ...['restart no', 'end 7.1', ''],
      ]
      expect(await setting.beside('shop', 'pulled')).toEqual({ 'desired/web/web-1': lines.join('\n') })
      await setting.ledgers.append(head, { ...ledger, pulled: [] }, 'nothing is to pull')
      expect(await setting.beside('shop', 'pulled')).toEqual({})
    })

    test('blocks are kept with the rest', async () => {
      const block = {
        tag: 'v1',
        sha: 'a'.repeat(40),
        reason: 'it loses orders',
        by: 'rhea',
        at: '2026-03-02T09:00:00.000Z',
      }
      const ledger = { ...emptyLedger('shop', 'blocked'), blocked: [block] }
      const head = await setting.ledgers.append(null, ledger, 'v1 is blocked')
      expect(await setting.others.read('shop', 'blocked')).toEqual({ head, ledger })
    })

    test('a ledger of several megabytes is read back, and has a line for each thing F15', async () => {
      const sha = 'a'.repeat(40)
      const at = '2026-03-02T09:00:00.000Z'
      const blocked = Array.from({ length: 8_000 }, (_, number) => ({
        tag: `v${number}`,
        sha,
        reason: `it "loses" orders\n${'ü'.repeat(100)}`,
        by: 'rhea',
        at,
      }))
      const ledger = { ...emptyLedger('shop', 'large'), blocked }
      const head = await setting.ledgers.append(null, ledger, 'much is blocked')
      expect(await setting.others.read('shop', 'large')).toEqual({ head, ledger })
      const text = (await setting.text('shop', 'large')) ?? ''
      expect(text.length).toBeGreaterThan(2_000_000)
      expect(text.split('\n').filter((line) => line.includes('"v7"'))).toEqual([
        `    ${JSON.stringify(blocked[7]).replaceAll('":"', '": "').replaceAll('","', '", "')},`,
      ])
    })

    test('schedules are kept with the rest', async () => {
      const [one] = withSchedule(emptyLedger('shop', 'scheduled'), aSchedule())
      const [both, { id }] = withSchedule(one, aSchedule({ from: null }))
      const ledger = withEnd(both, id, { kind: 'missed', at: '2026-12-01T10:00:00.000Z', late: 7_200_000 })
      const head = await setting.ledgers.append(null, ledger, 's2 was missed')
      expect(await setting.others.read('shop', 'scheduled')).toEqual({ head, ledger })
    })

    test('every append is one commit with its own line', async () => {
      const first = await append(null, 'lines', 'v1.2.0 begun by ada')
      const second = await append(first, 'lines', 'web-1 done')
      expect(second).not.toBe(first)
      expect((await read('lines')).head).toBe(second)
      expect(await setting.messages('shop', 'lines')).toEqual(['v1.2.0 begun by ada', 'web-1 done'])
    })

    test('two runs that append onto the same head: exactly one is first, even with the same words', async () => {
      for (const before of [null, await append(null, 'race')]) {
        const environment = before === null ? 'first race' : 'race'
        const both = await Promise.all([
          setting.ledgers.append(before, emptyLedger('shop', environment), 'mine'),
          setting.others.append(before, emptyLedger('shop', environment), 'mine'),
        ])
        const won = both.filter((head) => head !== null)
        expect(won).toHaveLength(1)
        expect((await read(environment)).head).toBe(won[0])
      }
    })

    test('an append onto an old head changes nothing', async () => {
      const old = await append(null, 'old', 'one')
      const head = await append(old, 'old', 'two')
      expect(await append(old, 'old', 'late')).toBeNull()
      expect(await append(null, 'old', 'later')).toBeNull()
      expect((await read('old')).head).toBe(head)
      expect(await setting.messages('shop', 'old')).toEqual(['one', 'two'])
    })

    test('a run whose ledger was deleted cannot append to it', async () => {
      const head = await append(null, 'deleted')
      await setting.remove('shop', 'deleted')
      expect(await append(head, 'deleted')).toBeNull()
      expect((await read('deleted')).head).toBeNull()
    })

    test.each([
      'EU production',
      'eu/prod/web',
      'Überprüfung – Größe',
      'x..y.lock',
      '.@{~^:?*[\\',
      'ü'.repeat(140),
      'n'.repeat(255),
    ])('an environment may be called %s', async (environment) => {
      const head = await append(null, environment)
      expect(head).not.toBeNull()
      expect(await read(environment)).toEqual({ head, ledger: emptyLedger('shop', environment) })
    })

    test('apps and environments whose names look alike keep apart', async () => {
      const places = [
        ['shop', 'a/b'],
        ['shop', 'a=2Fb'],
        ['shop/a', 'b'],
        ['till', 'a/b'],
      ] as const
      for (const [app, environment] of places) {
        expect((await setting.ledgers.read(app, environment)).head).toBeNull()
        await setting.ledgers.append(null, emptyLedger(app, environment), 'begun')
      }
      for (const [app, environment] of places)
        expect((await setting.ledgers.read(app, environment)).ledger).toEqual(emptyLedger(app, environment))
    })

    test.each([
      ['no JSON', '<html>'],
      ['an empty text', ''],
      ['JSON of another kind', '["a", "list"]'],
      ['the ledger of another environment', JSON.stringify(emptyLedger('shop', 'elsewhere'))],
      ['a ledger without a history', JSON.stringify({ ...emptyLedger('shop', 'foreign'), history: null })],
      [
        'a ledger with a block of nobody knows what',
        JSON.stringify({ ...emptyLedger('shop', 'foreign'), blocked: [{ reason: 'bad' }] }),
      ],
      [
        'a ledger with a schedule for nobody knows when',
        JSON.stringify({
          ...emptyLedger('shop', 'foreign'),
          schedules: { last: 1, pending: [{ ...aSchedule(), at: 'soon' }], ended: [] },
        }),
      ],
      ['another file', null],
    ])('%s in its place is refused and left alone', async (_, text) => {
      await setting.plant('shop', 'foreign', text)
      await expect(read('foreign')).rejects.toMatchObject({ code: 'ledger-foreign' })
      expect(await setting.text('shop', 'foreign')).toBe(text)
    })

    test('a ledger of a later Rollgate is refused and left alone', async () => {
      const text = JSON.stringify({ schema: 3, somethingElse: true })
      await setting.plant('shop', 'newer', text)
      await expect(read('newer')).rejects.toMatchObject({ code: 'ledger-newer' })
      expect(await setting.text('shop', 'newer')).toBe(text)
    })
  })
}

function underway(environment: string): Ledger {
  const run = { id: 77, attempt: 1, url: 'https://github.com/acme/shop/actions/runs/77' }
  const plan = contractPlan('a'.repeat(40))
  const at = '2026-03-02T09:00:00.000Z'
  return {
    ...emptyLedger('shop', environment),
    leases: [aSuspension({ deployment: 1, since: at, until: '2026-03-02T10:00:00.000Z' })],
    deployment: {
      number: 1,
      plan,
      journal: [{ at, kind: 'opened', number: 1, run, by: ['ada'] }],
      holder: run,
      record: null,
      preDeploy: null,
      build: null,
      checkCompatibility: null,
    },
  }
}
