import type { RestEndpointMethodTypes } from '@octokit/rest'
import { paged } from '../paging.ts'
import { type Call, created } from '../reply.ts'
import { nodeId, type Site } from '../site.ts'
import { isoSeconds } from '../store/commits.ts'
import { findIssue, type IssueRecord, requireIssueText } from './issues.ts'
import type { People } from './people.ts'
import type { CommentRecord } from './records.ts'

type NewComment = RestEndpointMethodTypes['issues']['createComment']['parameters']

export function issueCommentAnswers(site: Site, people: People, issues: readonly IssueRecord[]) {
  let comments = 0
  return {
    'issues/list-comments': (call: Call) => {
      const issue = findIssue(issues, call)
      return paged(call, issue.comments, (items) =>
        items.map((item) => commentBody(site, people, issue, item)),
      )
    },
    'issues/create-comment': (call: Call) => {
      const issue = findIssue(issues, call)
      requireIssueText(site, (call.body as NewComment).body)
      comments += 1
      const comment = {
        id: comments,
        body: (call.body as NewComment).body,
        author: call.actor,
        createdAt: isoSeconds(site.clock()),
      }
      issue.comments.push(comment)
      return created(commentBody(site, people, issue, comment))
    },
  }
}

function commentBody(site: Site, people: People, issue: IssueRecord, comment: CommentRecord) {
  return {
    id: comment.id,
    node_id: nodeId('IssueComment', comment.id),
    url: site.repoApi(`issues/comments/${comment.id}`),
    html_url: site.page(`issues/${issue.number}#issuecomment-${comment.id}`),
    issue_url: site.repoApi(`issues/${issue.number}`),
    body: comment.body,
    user: people.user(comment.author),
    author_association: 'NONE',
    created_at: comment.createdAt,
    updated_at: comment.createdAt,
  }
}
