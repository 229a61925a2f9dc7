/** The proof of what Rollgate does under a rule of GitHub's. */
export type RuleAnswer = Scenario | ShownElsewhere | NeverMet

/** A test of its own, with every rule on. */
export type Scenario = () => Promise<void> | void

/** A test elsewhere shows it. */
export interface ShownElsewhere {
  readonly shownIn: string
  /** The title as it stands in that file. */
  readonly test: string
}

/** Rollgate makes none of the calls that the rule is about. */
export interface NeverMet {
  /** The reason, as a sentence. */
  readonly notMet: string
  /** Methods of the client, like `repos.deleteDeployment`. */
  readonly calls: readonly [string, ...string[]]
}

/** Links to tests of one file: `inFile('test/a.test.ts')('title')`. */
export const inFile =
  (shownIn: string) =>
  (test: string): ShownElsewhere => ({ shownIn, test })

export const never = (notMet: string, ...calls: NeverMet['calls']): NeverMet => ({ notMet, calls })

export const gitHubRules = inFile('test/adapters/github-rules.test.ts')
export const gitHubAdapter = inFile('test/adapters/github.test.ts')
export const gitHubIssuesTest = inFile('test/adapters/github-issues.test.ts')
export const ledgerContract = inFile('test/contracts/ledger.contract.ts')
export const recordContract = inFile('test/contracts/record.contract.ts')
export const releaseContract = inFile('test/contracts/release.contract.ts')
export const repositoryContract = inFile('test/contracts/repository.contract.ts')
export const releasePipeline = inFile('test/pipeline/release.test.ts')
