import type { EnvironmentPolicy } from '../../domain/config/policy.ts'
import { blockOf } from '../../domain/ledger/blocking.ts'
import { servedBefore } from '../../domain/ledger/history.ts'
import type { Ledger } from '../../domain/ledger/ledger.ts'
import type { Fitness } from '../../domain/plan/fitness.ts'
import { Problem } from '../../domain/problem.ts'
import { feasibility, type WayBack } from '../../domain/release/feasibility.ts'
import { mayBeOlder, type Release, type ReleaseId, sameCommit } from '../../domain/release/release.ts'
import type { ReleaseStanding } from '../../domain/release/release-state.ts'
import type { Ports } from '../ports.ts'
import { atATime } from '../roll/at-a-time.ts'
import { withCommitBlocks } from './commit-blocks.ts'
import { comparison } from './comparison.ts'
import type { ConfigReader } from './config-source.ts'
import { configThere, type ReadingAt, recipeAt } from './config-there.ts'

/** The environment to judge for. */
export interface At {
  readonly ports: Pick<Ports, 'repository'>
  readonly config: ConfigReader
  readonly policy: EnvironmentPolicy
  readonly ledger: Ledger
  readonly reading: ReadingAt
}

export async function fitting(at: At, { release }: Pick<ReleaseStanding, 'release'>): Promise<Fitness> {
  const { ledger, ports, policy } = at
  const serving = ledger.serving?.release
  if (sameCommit(release, serving)) return { kind: 'serves' }
  const made = await madeFor(at, release)
  if (made.kind === 'unreadable') return made
  if (serving !== undefined && serving.baseVersion !== null && made.base !== serving.baseVersion)
    return { kind: 'other-base', base: made.base }
  const block = blockOf(await withCommitBlocks(ports.repository, ledger, [release]), release)
  if (block !== null) return { kind: 'blocked', block }
  const relation =
    serving === undefined ? 'first' : (await comparison(ports.repository, serving.sha, release.sha)).relation
  return { kind: 'suits', relation, acknowledge: mayBeOlder(relation) && policy.class !== 'sandbox' }
}

/** Base version: from the ledger if this release was deployed here, otherwise from its config. */
async function madeFor({ ports, config, ledger, reading }: At, release: ReleaseId) {
  const known = ledger.history.find((past) => sameCommit(past.release, release))?.release
  if (known !== undefined) return { kind: 'made', base: known.baseVersion } as const
  try {
    const { baseVersion } = await recipeAt(ports.repository, config, release, reading)
    return { kind: 'made', base: baseVersion } as const
  } catch (thrown) {
    if (!(thrown instanceof Problem)) throw thrown
    return { kind: 'unreadable', why: thrown.what } as const
  }
}

/** Returns the releases to go back to: those that served last, each with its verdict. */
export async function waysBack(at: At, most: number): Promise<readonly WayBack[]> {
  const { ports, config, ledger, reading } = at
  const { serving } = ledger
  if (serving === null) return []
  const current = await recipeOrNull(at, serving.release)
  return atATime(8, servedBefore(ledger, most), async (release) => {
    const there =
      current === null ? null : await configThere(ports.repository, config, release, current, reading)
    return {
      release,
      feasibility: feasibility(release, serving.release, ledger, there),
      block: blockOf(await withCommitBlocks(ports.repository, ledger, [release]), release),
    }
  })
}

/** Without the config of the serving release there is nothing to compare with; the data can still be judged. */
async function recipeOrNull({ ports, config, reading }: At, release: Release) {
  try {
    return await recipeAt(ports.repository, config, release, reading)
  } catch (thrown) {
    if (thrown instanceof Problem) return null
    throw thrown
  }
}
