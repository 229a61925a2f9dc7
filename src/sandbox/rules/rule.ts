/** One rule of GitHub's. Its ID is the key of its row in the table. */
export interface GitHubRule {
  /** The rule in one sentence. */
  readonly rule: string
  /** The page, changelog, source file or issue that states it. */
  readonly source: string
  /** `YYYY-MM-DD` or `YYYY-MM`: the day of the source, or of its reading where the source has none. */
  readonly date: string
  /** GitHub says so, users measured it, or it is inferred from both and untried. */
  readonly grounds: 'documented' | 'reported' | 'inferred'
  readonly kept: KeeperOfRule | NotModelled
}

/** The part of the sandbox that enforces a rule: the REST server, the workflow engine, or the runner. */
export type KeeperOfRule = 'server' | 'workflow' | 'runner'

export interface NotModelled {
  /** The reason, as a sentence. */
  readonly notModelled: string
}

export type RulesTable = Readonly<Record<string, GitHubRule>>
