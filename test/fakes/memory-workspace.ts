import { checkoutUnknown } from '../../src/adapters/git/checkout-unknown.ts'
import type { ProblemWords } from '../../src/domain/problem.ts'
import { found, type Reading, readingOf, unknown } from '../../src/domain/reading.ts'
import type { Workspace } from '../../src/pipeline/ports.ts'

/** A checkout in memory. */
export interface MemoryWorkspace extends Workspace {
  /** The checkout, and the commits that can be fetched: all but these. */
  readonly state: { head: string | null; unknown: ProblemWords | null; readonly gone: Set<string> }
}

export function createMemoryWorkspace(
  head: string | null,
  files: ReadonlyMap<string, string> = new Map(),
): MemoryWorkspace {
  const state: MemoryWorkspace['state'] = { head, unknown: null, gone: new Set() }
  const seen = (): Reading<string> =>
    state.unknown === null ? readingOf(state.head) : unknown(state.unknown)
  return {
    state,
    head: async () => seen(),
    async checkout(sha) {
      const here = seen()
      if (here.kind !== 'found') return here
      if (state.gone.has(sha)) return unknown(checkoutUnknown('.', `${sha} could not be fetched`))
      return found(`files of ${sha}`)
    },
    async apart(sha) {
      const gone = state.gone.has(sha)
      return gone ? unknown(checkoutUnknown('.', `${sha} could not be fetched`)) : found(`apart ${sha}`)
    },
    files: async (pattern) =>
      [...files]
        .filter(([path]) => pattern === '*' || path === pattern)
        .map(([path, text]) => ({ path, content: new Blob([text]) })),
  }
}
