import type { ProblemWords } from '../../src/domain/problem.ts'
import { readingOf, unknown } from '../../src/domain/reading.ts'
import type { IssuePlace, IssueStore } from '../../src/pipeline/ports.ts'
import type { ShownIssue } from '../contracts/issue.contract.ts'

export interface MemoryIssues extends IssueStore {
  /** Oldest first. */
  readonly shown: readonly ShownIssue[]
  /** A person opens an issue with these labels. */
  incident(title: string, labels?: readonly string[]): number
  /** Makes every list unknown from here on, until it is shown again. */
  hide(why: ProblemWords | null): void
}

export function createMemoryIssues(): MemoryIssues {
  const shown: Kept[] = []
  let hidden: ProblemWords | null = null
  const known = (number: number) => {
    const found = shown[number - 1]
    if (found === undefined) throw new Error(`there is no issue ${number}`)
    return found
  }
  return {
    shown,
    async open(place) {
      return shown.filter(({ about, open }) => open && about === nameOf(place)).map(({ number }) => number)
    },
    async labelled(labels) {
      if (hidden !== null) return unknown(hidden)
      const there = ['incident', ...shown.flatMap(({ labels: has }) => has)]
      const missing = labels.find((one) => !there.includes(one))
      if (missing !== undefined) return unknown({ ...noLabel, what: `There is no label ${missing}.` })
      const found = shown.flatMap(({ number, title, labels: has, open }) => {
        const label = labels.find((one) => has.includes(one))
        const counts = open && label !== undefined && !has.includes('rollgate')
        return counts ? [{ number, title, label, url: `https://github.com/acme/shop/issues/${number}` }] : []
      })
      return readingOf(found.length === 0 ? null : found)
    },
    hide: (why) => {
      hidden = why
    },
    incident(title, labels = ['incident']) {
      const number = shown.length + 1
      const nothing = { about: '', told: new Set<string>(), text: '', assignees: [], comments: [] }
      shown.push({ ...nothing, number, title, labels, open: true })
      return number
    },
    async create(place, { title, text, key, labels, assignees }) {
      const number = shown.length + 1
      const about = nameOf(place)
      const told = new Set([key])
      const given = [...new Set(['rollgate', ...labels])]
      shown.push({ number, about, told, title, text, labels: given, assignees, open: true, comments: [] })
      return number
    },
    async comment(issue, { key, text }) {
      const { told, comments } = known(issue)
      if (told.has(key)) return
      told.add(key)
      comments.push(text)
    },
    async close(issue) {
      known(issue).open = false
    },
  }
}

const noLabel = { code: 'halted', why: 'It is misspelt.', next: 'Make it.' } as const

const nameOf = ({ app, environment }: IssuePlace): string => `${app} ${environment}`

interface Kept extends ShownIssue {
  readonly about: string
  readonly told: Set<string>
  readonly comments: string[]
  open: boolean
}
