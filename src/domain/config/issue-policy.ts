export const issueCauses = ['failed', 'waiting'] as const

export type IssueCause = (typeof issueCauses)[number]

/** That people are called to an environment by an issue: for what, and whom. */
export interface IssuePolicy {
  readonly on: readonly IssueCause[]
  /** Beside the one that all of these issues have. */
  readonly labels: readonly string[]
  readonly assignees: readonly string[]
}
