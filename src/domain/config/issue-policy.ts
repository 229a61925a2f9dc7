export const issueCauses = ['failed', 'waiting'] as const

export type IssueCause = (typeof issueCauses)[number]

/** The issue of an environment: the events that open it, and the people it notifies. */
export interface IssuePolicy {
  readonly on: readonly IssueCause[]
  /** Labels besides the one that all of these issues have. */
  readonly labels: readonly string[]
  readonly assignees: readonly string[]
}
