import type { IssuePlace, IssueStore } from '../../src/pipeline/ports.ts'
import type { ShownIssue } from '../contracts/issue.contract.ts'

export interface MemoryIssues extends IssueStore {
  /** Oldest first. */
  readonly shown: readonly ShownIssue[]
}

export function createMemoryIssues(): MemoryIssues {
  const shown: Kept[] = []
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

const nameOf = ({ app, environment }: IssuePlace): string => `${app} ${environment}`

interface Kept extends ShownIssue {
  readonly about: string
  readonly told: Set<string>
  readonly comments: string[]
  open: boolean
}
