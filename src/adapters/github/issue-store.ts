import type { ProblemWords } from '../../domain/problem.ts'
import { found, type Reading, readingOf, unknown } from '../../domain/reading.ts'
import type { IssuePlace, IssueStore, LabelledIssue } from '../../pipeline/ports.ts'
import { afterLoss } from './after-loss.ts'
import { ask, look } from './answer.ts'
import type { GitHub } from './connection.ts'
import { keyMark, marked, placeMark } from './issue-text.ts'
import { everyPage } from './pages.ts'
import { repeatable } from './patience.ts'
import { isLost } from './release/files.ts'

export const gitHubIssues = (github: GitHub, there = new Set<string>()): IssueStore => ({
  async open(place) {
    return (await openIssues(github, place)).map(({ number }) => number)
  },
  labelled: (labels) => labelled(github, labels, there),
  create: (place, issue) => create(github, place, issue),
  comment: (issue, words) => comment(github, issue, words),
  async close(issue, reason) {
    await ask(
      { doing: `close issue #${issue}`, needs: 'issues: write' },
      github.rest.issues.update({
        ...github.place,
        ...repeatable,
        issue_number: issue,
        state: 'closed',
        state_reason: reason,
      }),
    )
  },
})

/**
 * The label of all these issues. Only a user with triage rights can set it, so that no stranger can fake such
 * an issue.
 */
const label = 'rollgate'

interface IssueAnswer {
  readonly number: number
  readonly body?: string | null | undefined
  readonly pull_request?: unknown
}

async function openIssues(github: GitHub, place: IssuePlace): Promise<IssueAnswer[]> {
  const asking = { doing: `look for the issue of ${place.environment}`, needs: 'issues: write' } as const
  const asked = { ...github.place, state: 'open', labels: label, per_page: 100 } as const
  const all = await everyPage<IssueAnswer>((page) =>
    ask(asking, github.rest.issues.listForRepo({ ...asked, page })),
  )
  return all
    .filter(({ body, pull_request: pull }) => pull === undefined && body?.includes(placeMark(place)))
    .sort((one, other) => one.number - other.number)
}

/** Issues on a page. An incident is rare, and one is enough. */
const some = 30

/** `there`: the labels that were seen in the repository. A job asks for each once. */
async function labelled(
  github: GitHub,
  labels: readonly string[],
  there: Set<string>,
): Promise<Reading<readonly LabelledIssue[]>> {
  const lists = await Promise.all(labels.map((one) => withKnownLabel(github, one, there)))
  const failed = lists.find((list) => list.kind === 'unknown')
  if (failed !== undefined) return failed
  const all = lists.flatMap((list) => (list.kind === 'found' ? list.value : []))
  const once = all.filter((issue, at) => all.findIndex(({ number }) => number === issue.number) === at)
  return readingOf(once.length === 0 ? null : once.toSorted((one, other) => one.number - other.number))
}

/** No issue can have a label that the repository does not have: then its list says nothing about incidents. */
async function withKnownLabel(
  github: GitHub,
  name: string,
  there: Set<string>,
): Promise<Reading<readonly LabelledIssue[]>> {
  const list = await withLabel(github, name)
  if (list.kind !== 'found' || there.has(name)) return list
  if (list.value.length === 0) {
    const asking = { doing: `look for the label ${name}`, needs: 'issues: read' } as const
    const seen = await look(github, asking, github.rest.issues.getLabel({ ...github.place, name }))
    if (seen.kind !== 'found') return seen.kind === 'absent' ? unknown(noLabel(name)) : seen
  }
  there.add(name)
  return list
}

/** Pull requests are issues to this request: another page is read only while they hide what may come behind. */
async function withLabel(github: GitHub, name: string): Promise<Reading<readonly LabelledIssue[]>> {
  const asking = { doing: `list the open issues labelled ${name}`, needs: 'issues: read' } as const
  const asked = { ...github.place, state: 'open', labels: name, per_page: some } as const
  for (let page = 1; ; page++) {
    const list = await look<readonly LabelledAnswer[]>(
      github,
      asking,
      github.rest.issues.listForRepo({ ...asked, page }),
    )
    if (list.kind !== 'found') return list.kind === 'absent' ? unknown(noIssues(name)) : list
    const incidents = list.value.filter(isIncident)
    if (incidents.length > 0 || list.value.length < some)
      return found(incidents.map(({ number, title, html_url: url }) => ({ number, title, label: name, url })))
  }
}

interface LabelledAnswer extends IssueAnswer {
  readonly title: string
  readonly html_url: string
  readonly labels?: readonly (string | { readonly name?: string | undefined })[]
}

/** An issue by which Rollgate itself notifies people may carry the label, and must not hold its own repair. */
const isIncident = ({ pull_request: pull, labels = [] }: LabelledAnswer): boolean =>
  pull === undefined && !labels.some((one) => (typeof one === 'string' ? one : one.name) === label)

const noIssues = (name: string): ProblemWords => ({
  code: 'permission-missing',
  what: `Could not list the open issues labelled ${name}: GitHub answered 404.`,
  why: 'The token may not read issues, or the repository is not the one that it belongs to.',
  next: 'Give the job `issues: read`, and run it again.',
})

const noLabel = (name: string): ProblemWords => ({
  code: 'halted',
  what: `The repository has no label ${name}, by which issues halt.`,
  why: 'The label was renamed or deleted, or the config misspells it: no issue can have it.',
  next: `Make the label ${name} in the repository, or correct halt.issues.labels.`,
})

type NewIssue = Parameters<IssueStore['create']>[1]

/** Never repeated blindly: once an answer was lost, the issue may be there. */
async function create(github: GitHub, place: IssuePlace, issue: NewIssue, tries = 3): Promise<number> {
  const { key, title, text, labels, assignees } = issue
  try {
    const made = await ask(
      { doing: `open an issue about ${place.environment}`, needs: 'issues: write' },
      github.rest.issues.create({
        ...github.place,
        title,
        body: marked([placeMark(place), keyMark(key)], text),
        labels: [...new Set([label, ...labels])],
        assignees: [...assignees],
      }),
    )
    return made.number
  } catch (failure) {
    if (!isLost(failure)) throw failure
    const known = await afterLoss(
      github,
      async () => (await openIssues(github, place)).find(({ body }) => body?.includes(keyMark(key))) ?? null,
    )
    if (known !== null) return known.number
    if (tries === 1) throw failure
    return create(github, place, issue, tries - 1)
  }
}

async function comment(
  github: GitHub,
  issue: number,
  words: Parameters<IssueStore['comment']>[1],
  tries = 3,
): Promise<void> {
  if (await tells(github, issue, words.key)) return
  try {
    await ask(
      { doing: `comment on issue #${issue}`, needs: 'issues: write' },
      github.rest.issues.createComment({
        ...github.place,
        issue_number: issue,
        body: marked([keyMark(words.key)], words.text),
      }),
    )
  } catch (failure) {
    if (!isLost(failure) || tries === 1) throw failure
    if (await afterLoss(github, async () => (await tells(github, issue, words.key)) || null)) return
    return comment(github, issue, words, tries - 1)
  }
}

/** Returns true if an issue, or a comment on it, already has the entry. */
async function tells(github: GitHub, issue: number, key: string): Promise<boolean> {
  const asking = { doing: `read issue #${issue}`, needs: 'issues: write' } as const
  const asked = { ...github.place, issue_number: issue }
  const { body } = await ask<IssueAnswer>(asking, github.rest.issues.get(asked))
  if (body?.includes(keyMark(key))) return true
  const comments = await everyPage<Pick<IssueAnswer, 'body'>>((page) =>
    ask(asking, github.rest.issues.listComments({ ...asked, per_page: 100, page })),
  )
  return comments.some((one) => one.body?.includes(keyMark(key)))
}
