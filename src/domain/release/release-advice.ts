/** The facts for advice on a new release; none of it keeps the release from being made. */
export interface ReleaseFacts {
  readonly tag: string
  readonly description: string
  readonly previous: string | null
  /** Commits since the release before. */
  readonly commits: number
  readonly largeChange: number
  /** The number of checks that counted; null if none was read. */
  readonly checks: number | null
  /** True if a migration of it leaves the release before without a way to work. */
  readonly contracts: boolean
  /** False if it says that it must not serve together with the release before. */
  readonly compatible: boolean
  /** True if the commit is on the default branch. */
  readonly onDefaultBranch: boolean
}

export function releaseAdvice(facts: ReleaseFacts): string[] {
  const { tag, description, previous, commits, largeChange, checks, onDefaultBranch } = facts
  const { contracts, compatible } = facts
  const found: string[] = []
  if (!/\d/.test(tag))
    found.push(
      `${tag} does not say which release it is: a version (v1.2.0) or a date (2026-03-15-fix) can be told before or after others.`,
    )
  if (description === '')
    found.push('The description is empty: a line says to everybody after you what this release is for.')
  if (previous !== null && commits > largeChange)
    found.push(
      `${commits} commits lie between ${previous} and this release, more than ${largeChange}: the smaller a release, the easier its mistake is found and taken back. Work that is not ready may come behind a feature flag.`,
    )
  if (contracts)
    found.push(
      'It has a contract migration, after which no rollback is safe: first expand, and contract in a later release; or migrate in two phases, and complete it later.',
    )
  if (!compatible)
    found.push(
      'It says that it must not serve together with the release before, so that no roll takes it: backward compatibility in smaller steps, or a feature flag, would let one.',
    )
  if (checks === null) found.push('The checks of the commit were not read: require-checks is false.')
  if (checks === 0) found.push('The commit has no checks: whether it was built and tested cannot be seen.')
  if (!onDefaultBranch)
    found.push('The commit is not on the default branch: the next release from there will not have it.')
  return found
}
