import { type Call, notFound, ok } from '../reply.ts'
import { nodeId, type Site } from '../site.ts'
import type { IssueRecord } from './issues.ts'

/** The labels of a new repository, and one that its people have made. */
const first = [
  ...['bug', 'documentation', 'duplicate', 'enhancement', 'good first issue', 'help wanted', 'invalid'],
  ...['question', 'wontfix', 'incident'],
]

/** A label that an issue was given exists from then on. */
export function labelAnswers(site: Site, issues: readonly IssueRecord[]) {
  const all = (): string[] => [...new Set([...first, ...issues.flatMap(({ labels }) => labels)])]
  return {
    'issues/get-label': (call: Call) => {
      const wanted = call.params.name?.toLowerCase()
      const at = all().findIndex((label) => label.toLowerCase() === wanted)
      const name = all()[at]
      if (name === undefined) throw notFound()
      return ok({
        id: at + 1,
        node_id: nodeId('Label', at + 1),
        url: site.repoApi(`labels/${encodeURIComponent(name)}`),
        name,
        description: null,
        color: 'ededed',
        default: name !== 'incident' && first.includes(name),
      })
    },
  }
}
