import type { GitHubRule, NotModelled } from '../rule.ts'

type Grounds = GitHubRule['grounds']

/** Makes the rows that the server enforces: `by('documented')(rule, source, date)`. */
const enforced =
  <Ground extends Grounds>(grounds: Ground) =>
  (rule: string, source: string, date: string) =>
    ({ rule, source, date, grounds, kept: 'server' }) as const

/** GitHub says so itself. */
export const documented = enforced('documented')
/** Users measured it. */
export const reported = enforced('reported')
/** It follows from the two, and is untried. */
export const inferred = enforced('inferred')

/** A rule that the sandbox does not keep. The reason is a sentence. */
export const left = (
  grounds: Grounds,
  rule: string,
  source: string,
  date: string,
  notModelled: string,
): Omit<GitHubRule, 'kept'> & { readonly kept: NotModelled } => ({
  rule,
  source,
  date,
  grounds,
  kept: { notModelled },
})
