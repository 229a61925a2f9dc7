export type CommitState = 'success' | 'pending' | 'failure' | 'error'

/** The status contexts of commits, as CI systems post them; set by the test, asked when a deployment is created. */
export interface CommitStatuses {
  set(sha: string, context: string, state: CommitState): void
  of(sha: string): ReadonlyMap<string, CommitState>
}

export function commitStatuses(): CommitStatuses {
  const bySha = new Map<string, Map<string, CommitState>>()
  return {
    set(sha, context, state) {
      bySha.set(sha, new Map([...(bySha.get(sha) ?? []), [context, state]]))
    },
    of: (sha) => bySha.get(sha) ?? new Map(),
  }
}
