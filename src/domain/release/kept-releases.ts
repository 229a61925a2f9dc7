import { isRelease, type ReleaseId } from './release.ts'

/** A release that Rollgate brought to an instance, as it is seen there. */
export interface ReleaseThere extends ReleaseId {
  /** False where its folder was begun and not finished, was begun to be cleared, or is gone. */
  readonly whole: boolean
  /** The SHA-256 of the file that it came with; null without one. */
  readonly digest: string | null
  /** True if that file was seen to lie there still, as it was placed. */
  readonly hasFile?: true
}

/** True if an instance has a release whole, and with this file where the release has one. */
export const isThere = (
  there: readonly ReleaseThere[],
  { sha }: Pick<ReleaseId, 'sha'>,
  digest: string | null,
): boolean => there.some((one) => one.sha === sha && one.whole && one.digest === digest)

/** True if an instance needs nothing brought for a release: it has it whole, and the file that it came with. */
export const hasAll = (
  there: readonly ReleaseThere[],
  release: Pick<ReleaseId, 'sha'>,
  digest: string | null,
): boolean =>
  isThere(
    there.filter(({ hasFile }) => hasFile === true),
    release,
    digest,
  )

/** The rule by which releases stay on an instance. */
export interface KeepingRule {
  /** The commit of the release that comes. */
  readonly comes: string
  /** The number of releases that stay, with the one that comes. */
  readonly keep: number
  /** The commits that stay in any case, because a rollback may need them. */
  readonly needed: readonly string[]
  /** The answer of the instance to which release it runs: null if it did not say, empty where it has no way to. */
  readonly runs: string | null
}

/**
 * Returns the commits to clear, of the releases on an instance with the last used first. What the instance runs stays,
 * whatever the ledger says; while that is unknown, or is none of these, everything stays.
 */
export function toClear(
  there: readonly ReleaseThere[],
  { comes, keep, needed, runs }: KeepingRule,
): readonly string[] {
  if (runs === null) return []
  if (runs !== '' && !there.some((release) => isRelease(runs, release))) return []
  const stays = ({ tag, sha }: ReleaseThere) =>
    sha === comes || needed.includes(sha) || isRelease(runs, { tag, sha })
  const staying = new Set([comes, ...there.filter(stays).map(({ sha }) => sha)])
  const others = there.filter((release) => !stays(release))
  const whole = others.filter((release) => release.whole).slice(0, Math.max(0, keep - staying.size))
  return others.filter((release) => !whole.includes(release)).map(({ sha }) => sha)
}
