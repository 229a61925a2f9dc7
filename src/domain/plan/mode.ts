import type { Mode } from '../release/release.ts'

/**
 * Whether a deployment in this mode brings a release, so that how it ended says something of that release. The others
 * find one serving and leave it serving: they are no proof of it, nothing is superseded by them, and nobody goes back
 * over them.
 */
export function bringsRelease(mode: Mode): boolean {
  switch (mode) {
    case 'deploy':
    case 'rollback':
    case 'redeploy':
      return true
    case 'restart':
    case 'scheduler-run':
    case 'task':
    case 'build':
      return false
  }
}

/** Whether it is done with the release that serves already, which nothing that was found out since takes away. */
export const findsServing = (mode: Mode): boolean =>
  mode === 'redeploy' || (!bringsRelease(mode) && mode !== 'build')

/** Whether the tag of its release must still be there. Of what serves the ledger knows the commit, and nothing is brought. */
export const needsTag = (mode: Mode): boolean => bringsRelease(mode) || mode === 'build'

/** Whether a deployment has brought its release for good. */
export const hasBrought = ({
  mode,
  outcome,
}: {
  readonly mode: Mode
  readonly outcome: { kind: string }
}): boolean => outcome.kind === 'succeeded' && bringsRelease(mode)
