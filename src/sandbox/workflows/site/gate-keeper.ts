/** The protection of an environment, as its settings have it. */
export interface Protection {
  /** One of them may approve; empty where no approval is required. */
  readonly reviewers: readonly string[]
  readonly preventSelfReview: boolean
  /** Patterns of branches (`main`) and tags (`refs/tags/v*`) that may deploy; null for all. */
  readonly refs: readonly string[] | null
  /** True if an app has to agree: a custom protection rule. */
  readonly customRule: boolean
}

export const unprotected: Protection = {
  reviewers: [],
  preventSelfReview: false,
  refs: null,
  customRule: false,
}

/** A job that waits for a reviewer. */
export interface WaitingJob {
  readonly run: number
  readonly environment: string
  readonly job: string
}

export interface ReviewVerdict {
  readonly by: string
  readonly state: 'approved' | 'rejected'
}

/** The environments of a repository, and the people who answer for them. */
export interface GateKeeper {
  /** The protection of the environment, or undefined if there is none of this name. */
  find(name: string): Protection | undefined
  /** Makes an environment without any protection, as GitHub does for a name that it does not know. */
  create(name: string): void
  /** Asks the reviewers once for all jobs that became pending together. Returns null if no reviewer answers. */
  review(waiting: readonly WaitingJob[], environment: string): Promise<ReviewVerdict | null>
}

/** Environments by their names, which are case-insensitive. */
export function gateKeeper(
  protections: Readonly<Record<string, Protection>>,
  review: GateKeeper['review'],
): GateKeeper & { readonly names: readonly string[] } {
  const known = new Map(Object.entries(protections).map(([name, each]) => [name.toLowerCase(), each]))
  return {
    find: (name) => known.get(name.toLowerCase()),
    create: (name) => void known.set(name.toLowerCase(), unprotected),
    review,
    get names() {
      return [...known.keys()]
    },
  }
}
