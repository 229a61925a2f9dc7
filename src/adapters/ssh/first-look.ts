import type { Variables } from '../../pipeline/ports.ts'
import { listReleases } from '../release-scripts.ts'
import { lookForArtifact } from './artifact-scripts.ts'
import type { RemoteHost } from './remote-host.ts'

/**
 * Lists the releases on a host and looks for the artifact in one command: a second one would cost the host four more
 * programs. The last line is the answer about the artifact, as without the list, and a list that fails has no \`end\`.
 */
export const lookForBoth = `
(${listReleases}) &
if wait "$!"; then :; else echo unlisted; fi
(${lookForArtifact})
`

/** The lists that came with a first look, each for one caller. */
export interface FirstLooks {
  keep(remote: RemoteHost, about: Variables, lines: readonly string[]): void
  /** Returns the lines of a list that is fresh, once; null where there is none. */
  take(remote: RemoteHost, about: Variables): readonly string[] | null
  /** Called before the releases on a host change. */
  forget(remote: RemoteHost): void
}

/**
 * The milliseconds for which a list counts. Hosts are looked at ahead of their turn, which may come late where a person or
 * a test bed is waited for: by then another deployment may have cleared releases there.
 */
const FRESH_MS = 60_000

export function createFirstLooks(now: () => number = () => performance.now()): FirstLooks {
  const looks = new WeakMap<RemoteHost, Map<string, FoundLines>>()
  return {
    keep(remote, about, lines) {
      const end = lines.indexOf('end')
      if (end < 0) return
      const there = looks.get(remote) ?? new Map<string, FoundLines>()
      looks.set(remote, there)
      there.set(nameOf(about), { lines: lines.slice(0, end + 1), at: now() })
    },
    take(remote, about) {
      const there = looks.get(remote)
      const look = there?.get(nameOf(about))
      there?.delete(nameOf(about))
      return look === undefined || now() - look.at > FRESH_MS ? null : look.lines
    },
    forget: (remote) => void looks.delete(remote),
  }
}

interface FoundLines {
  readonly lines: readonly string[]
  readonly at: number
}

const nameOf = ({ PLACE, SHA }: Variables): string => `${PLACE} ${SHA}`
