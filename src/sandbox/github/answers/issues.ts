import type { RestEndpointMethodTypes } from '@octokit/rest'
import { paged } from '../paging.ts'
import { type Call, created, notFound, numberParam, ok, requireLength } from '../reply.ts'
import { nodeId, type Site } from '../site.ts'
import { isoSeconds } from '../store/commits.ts'
import type { People } from './people.ts'
import type { CommentRecord } from './records.ts'

type IssueBody = RestEndpointMethodTypes['issues']['create']['parameters']
type IssueChange = RestEndpointMethodTypes['issues']['update']['parameters']

export interface IssueRecord {
  readonly number: number
  readonly title: string
  readonly body: string | null
  readonly state: 'open' | 'closed'
  readonly labels: readonly string[]
  readonly assignees: readonly string[]
  readonly author: string
  readonly createdAt: string
  readonly updatedAt: string
  readonly closedAt: string | null
  /** Oldest first. */
  readonly comments: CommentRecord[]
}

export function issueAnswers(site: Site, people: People, issues: IssueRecord[]) {
  return {
    'issues/list-for-repo': (call: Call) => {
      const { state = 'open', labels = '' } = call.query
      const wanted = labels === '' ? [] : labels.split(',')
      const found = issues
        .filter((issue) => state === 'all' || issue.state === state)
        .filter((issue) => carries(site, issue, wanted))
      return paged(call, found.toReversed(), (items) => items.map((item) => issueBody(site, people, item)))
    },
    'issues/get': (call: Call) => ok(issueBody(site, people, findIssue(issues, call))),
    'issues/create': (call: Call) => {
      requireIssueText(site, (call.body as IssueBody).body)
      const issue = newIssue(site, call.actor, issues.length + 1, call.body as IssueBody)
      issues.push(issue)
      return created(issueBody(site, people, issue))
    },
    'issues/update': (call: Call) => {
      const issue = findIssue(issues, call)
      requireIssueText(site, (call.body as IssueChange).body)
      const changed = changedIssue(site, issue, call.body as IssueChange)
      issues[issue.number - 1] = changed
      return ok(issueBody(site, people, changed))
    },
  }
}

function carries({ inForce }: Site, { labels }: IssueRecord, wanted: readonly string[]): boolean {
  const has = (label: string) => labels.includes(label)
  return inForce('issues-with-every-label') || wanted.length === 0 ? wanted.every(has) : wanted.some(has)
}

const longestText = 65_536

/** The text of an issue or comment. */
export function requireIssueText({ inForce }: Site, text: string | null | undefined): void {
  if (inForce('issue-body-length')) requireLength(text ?? '', longestText, 'Issue', 'body')
}

export function findIssue(issues: readonly IssueRecord[], call: Call): IssueRecord {
  const issue = issues[numberParam(call, 'issue_number') - 1]
  if (issue === undefined) throw notFound()
  return issue
}

function newIssue(site: Site, author: string, number: number, wanted: IssueBody): IssueRecord {
  const now = isoSeconds(site.clock())
  return {
    number,
    title: String(wanted.title),
    body: wanted.body ?? null,
    state: 'open',
    labels: (wanted.labels ?? []).map(labelName),
    assignees: wanted.assignees ?? [],
    author,
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    comments: [],
  }
}

function changedIssue(site: Site, issue: IssueRecord, change: IssueChange): IssueRecord {
  const now = isoSeconds(site.clock())
  const state = change.state ?? issue.state
  return {
    ...issue,
    title: change.title === undefined ? issue.title : String(change.title),
    body: change.body === undefined ? issue.body : change.body,
    state,
    labels: change.labels?.map(labelName) ?? issue.labels,
    assignees: change.assignees ?? issue.assignees,
    updatedAt: now,
    closedAt: state === 'closed' ? (issue.closedAt ?? now) : null,
  }
}

function labelName(label: string | { name?: string | null }): string {
  return typeof label === 'string' ? label : (label.name ?? '')
}

function issueBody(site: Site, people: People, issue: IssueRecord) {
  const url = site.repoApi(`issues/${issue.number}`)
  const [assignee = null] = issue.assignees.map((login) => people.user(login))
  return {
    id: issue.number,
    node_id: nodeId('Issue', issue.number),
    number: issue.number,
    title: issue.title,
    body: issue.body,
    state: issue.state,
    locked: false,
    labels: issue.labels,
    assignee,
    assignees: issue.assignees.map((login) => people.user(login)),
    milestone: null,
    comments: issue.comments.length,
    user: people.user(issue.author),
    author_association: 'NONE',
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    url,
    html_url: site.page(`issues/${issue.number}`),
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    labels_url: `${url}/labels{/name}`,
    repository_url: site.repoApi(''),
  }
}
