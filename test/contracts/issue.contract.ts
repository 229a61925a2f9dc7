import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { IssueStore } from '../../src/pipeline/ports.ts'

/** An issue as GitHub shows it, without the invisible marks. */
export interface ShownIssue {
  readonly number: number
  readonly title: string
  readonly text: string
  readonly labels: readonly string[]
  readonly assignees: readonly string[]
  readonly open: boolean
  /** Oldest first. */
  readonly comments: readonly string[]
}

export interface IssueSetting {
  readonly issues: IssueStore
  /** A person opens an issue. */
  incident(title: string, labels: readonly string[]): Promise<number>
  /** Oldest first. */
  shown(): readonly ShownIssue[]
  close(): Promise<void>
}

export const anIssue = (key: string, change: Partial<Parameters<IssueStore['create']>[1]> = {}) => ({
  key,
  title: 'shop: deploy of v2 to production failed',
  text: `## It failed\n\n${key}`,
  labels: [],
  assignees: [],
  ...change,
})

export function issueContract(name: string, open: () => Promise<IssueSetting>): void {
  describe(`the issue contract, by ${name}`, () => {
    let setting: IssueSetting
    beforeAll(async () => {
      setting = await open()
    })
    afterAll(() => setting.close())

    const place = (environment: string) => ({ app: 'shop', environment })
    const shown = (number: number) => setting.shown().find((issue) => issue.number === number)

    test('an issue shows its words, the label that all of them have, and those that were asked for', async () => {
      const { issues } = setting
      const asked = { labels: ['incident', 'rollgate'], assignees: ['alice'] }
      const number = await issues.create(place('words'), anIssue('1', asked))
      expect(shown(number)).toEqual({
        number,
        title: 'shop: deploy of v2 to production failed',
        text: '## It failed\n\n1',
        labels: ['rollgate', 'incident'],
        assignees: ['alice'],
        open: true,
        comments: [],
      })
    })

    test('it is found for its app and its environment while it is open, and for no other', async () => {
      const { issues } = setting
      expect(await issues.open(place('found'))).toEqual([])
      const first = await issues.create(place('found'), anIssue('1'))
      const second = await issues.create(place('found'), anIssue('2'))
      expect(await issues.open(place('found'))).toEqual([first, second])
      expect(await issues.open({ app: 'till', environment: 'found' })).toEqual([])
      expect(await issues.open(place('found-too'))).toEqual([])
      await issues.close(first, 'not_planned')
      await issues.close(first, 'not_planned')
      expect(await issues.open(place('found'))).toEqual([second])
      expect(shown(first)?.open).toBe(false)
    })

    test('a label that the repository does not have is unknown, and no quiet F03', async () => {
      const { issues } = setting
      expect(await issues.labelled(['incident'])).toEqual({ kind: 'absent' })
      expect(await issues.labelled(['incident', 'incidnet'])).toMatchObject({
        kind: 'unknown',
        why: { what: expect.stringContaining('no label incidnet') },
      })
    })

    test('an open issue with one of several labels is listed once, and one that Rollgate made is not', async () => {
      const { issues } = setting
      const labels = ['outage', 'sev-1']
      await issues.create(place('own'), anIssue('1', { labels: ['outage'] }))
      const one = await setting.incident('Orders are lost', ['sev-1'])
      const both = await setting.incident('Carts are lost', ['outage', 'sev-1'])
      expect(await issues.labelled(labels)).toMatchObject({
        kind: 'found',
        value: [
          { number: one, title: 'Orders are lost', label: 'sev-1' },
          { number: both, title: 'Carts are lost', label: 'outage' },
        ],
      })
      await issues.close(one, 'completed')
      await issues.close(both, 'completed')
      expect(await issues.labelled(labels)).toEqual({ kind: 'absent' })
    })

    test('the same is told once, be it in the issue or in a comment', async () => {
      const { issues } = setting
      const number = await issues.create(place('once'), anIssue('7.1'))
      await issues.comment(number, { key: '7.1', text: 'again' })
      await issues.comment(number, { key: '7.2', text: 'another question' })
      await issues.comment(number, { key: '7.2', text: 'again' })
      await issues.comment(number, { key: '7.21', text: 'and another' })
      expect(shown(number)?.comments).toEqual(['another question', 'and another'])
    })
  })
}
