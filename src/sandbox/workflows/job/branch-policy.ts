import { matchesGlob } from 'node:path'

/** True if a run on this ref may deploy by the patterns of the environment: `main`, or `refs/tags/v*`. */
export const mayDeploy = (ref: string, patterns: readonly string[]): boolean =>
  patterns.some((pattern) =>
    matchesGlob(ref, pattern.startsWith('refs/') ? pattern : `refs/heads/${pattern}`),
  )
