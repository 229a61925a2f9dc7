import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { absent, found } from '../../src/domain/reading.ts'
import type { Ask } from '../../src/domain/signal/ask.ts'
import type { AskStore } from '../../src/pipeline/ports.ts'
import { anAsk } from '../domain/an-ask.ts'

export interface AskSetting {
  readonly asks: AskStore
  /** The same asks as another run has them. */
  readonly others: AskStore
  /** Replaces the text of the asks; null replaces it with another file. */
  plant(app: string, environment: string, text: string | null): Promise<void>
  /** First lines of the commits, oldest first. */
  messages(app: string, environment: string): Promise<readonly string[]>
  /** Hides the repository from here on. */
  hide(): void
  close(): Promise<void>
}

export function askContract(name: string, open: () => Promise<AskSetting>): void {
  describe(`the ask contract, by ${name}`, () => {
    let setting: AskSetting
    beforeAll(async () => {
      setting = await open()
    })
    afterAll(() => setting.close())

    const add = (environment: string, ask: Ask) => setting.asks.add('shop', environment, ask)
    const read = (environment: string) => setting.others.read('shop', environment)
    const take = (environment: string, ...ids: string[]) =>
      setting.asks.take('shop', environment, ids, `${ids.join(', ')} taken`)

    test('an environment of which nobody asked anything has no asks', async () => {
      expect(await read('fresh')).toEqual(absent)
      expect(await take('fresh', 'ask-1')).toEqual([])
    })

    test('asks of every kind are read by another run, in their order, each with a line of history', async () => {
      const block = {
        tag: 'v1',
        sha: 'a'.repeat(40),
        reason: 'it loses orders',
        by: 'rhea',
        at: '2026-03-02T09:00:00.000Z',
      }
      const all: readonly Ask[] = [
        anAsk(),
        { ...anAsk(), id: 'ask-2', kind: 'block', block, unblock: false },
        { ...anAsk(), id: 'ask-3', kind: 'withdraw', question: '1.1' },
        anAsk({ id: 'ask-4', deployment: null }),
      ]
      for (const ask of all) await add('kept', ask)
      expect(await read('kept')).toEqual(found(all))
      expect(await setting.messages('shop', 'kept')).toEqual([
        'dora asks to halt deployment 1: orders are lost',
        'dora asks to block v1: orders are lost',
        'dora asks to withdraw the answer to question 1.1: orders are lost',
        'dora asks to halt whatever comes: orders are lost',
      ])
    })

    test('an ask that is added twice stands once', async () => {
      await add('once', anAsk())
      await add('once', anAsk())
      expect(await read('once')).toEqual(found([anAsk()]))
    })

    test('a taken ask is gone, the others stay, and it is not taken a second time', async () => {
      const other = anAsk({ id: 'ask-2' })
      await add('taken', anAsk())
      await add('taken', other)
      expect(await take('taken', 'ask-1')).toEqual([anAsk()])
      expect(await read('taken')).toEqual(found([other]))
      expect(await setting.others.take('shop', 'taken', ['ask-1'], 'again')).toEqual([])
      expect(await take('taken', 'ask-2')).toEqual([other])
      expect(await read('taken')).toEqual(absent)
    })

    test('the same reader sees an ask that comes between two of its readings', async () => {
      expect(await setting.asks.read('shop', 'seen')).toEqual(absent)
      await setting.others.add('shop', 'seen', anAsk())
      expect(await setting.asks.read('shop', 'seen')).toEqual(found([anAsk()]))
      await setting.others.take('shop', 'seen', ['ask-1'], 'taken')
      expect(await setting.asks.read('shop', 'seen')).toEqual(absent)
    })

    test('asks that are added at once are all kept, and of two takers one gets an ask', async () => {
      const many = ['a', 'b', 'c'].map((id) => anAsk({ id }))
      await Promise.all(many.map((ask) => setting.asks.add('shop', 'at once', ask)))
      const reading = await read('at once')
      expect(reading.kind === 'found' && reading.value.map(({ id }) => id).toSorted()).toEqual([
        'a',
        'b',
        'c',
      ])
      const taken = await Promise.all([
        setting.asks.take('shop', 'at once', ['b'], 'mine'),
        setting.others.take('shop', 'at once', ['b'], 'mine'),
      ])
      expect(taken.flat()).toHaveLength(1)
    })

    test('asks of apps and environments whose names look alike keep apart', async () => {
      const places = [
        ['shop', 'a/b'],
        ['shop', 'a=2Fb'],
        ['shop', 'a/bc'],
        ['shop/a', 'b'],
        ['Größe', 'x..y.lock'],
      ] as const
      for (const [app, environment] of places) await setting.asks.add(app, environment, anAsk({ id: app }))
      for (const [app, environment] of places)
        expect(await setting.others.read(app, environment)).toEqual(found([anAsk({ id: app })]))
    })

    test.each([
      ['no JSON', '<html>', 'ledger-foreign'],
      ['another file', null, 'ledger-foreign'],
      ['the asks of another environment', text({ environment: 'elsewhere' }), 'ledger-foreign'],
      ['an ask of an unknown kind', text({ asks: [{ ...anAsk(), kind: 'dance' }] }), 'ledger-foreign'],
      ['the asks of a later Rollgate', text({ schema: 2 }), 'ledger-newer'],
    ])('%s in their place is unknown, and stays as it is', async (_, planted, code) => {
      await setting.plant('shop', 'foreign', planted)
      expect(await read('foreign')).toMatchObject({ kind: 'unknown', why: { code } })
      await expect(add('foreign', anAsk())).rejects.toMatchObject({ code })
      await expect(take('foreign', 'ask-1')).rejects.toMatchObject({ code })
    })

    test('asks in a repository that hides are unknown, and not absent', async () => {
      setting.hide()
      expect(await read('fresh')).toMatchObject({ kind: 'unknown' })
      await expect(add('fresh', anAsk())).rejects.toMatchObject({ code: 'permission-missing' })
    })
  })
}

const text = (change: object): string =>
  JSON.stringify({ schema: 1, app: 'shop', environment: 'foreign', asks: [], ...change })
