/** An immutable snapshot: the meaning of a tag when it was read. */
export interface Release {
  readonly tag: string
  /** Full commit SHA. */
  readonly sha: string
  /** A release deploys onto the same base only. */
  readonly baseVersion: string | null
  /** The content of the release's schema file, trimmed. */
  readonly schemaVersion: string | null
  /** SHA-256 of its manifest, in hexadecimal; absent where it has none. */
  readonly manifest?: string
  /** The outputs of its build in its manifest; absent where it has none. */
  readonly outputs?: Readonly<Record<string, string>>
}

/** A release by its tag and its commit. */
export type ReleaseId = Pick<Release, 'tag' | 'sha'>

type AtCommit = Pick<Release, 'sha'>

/** True if two releases are the same bits, by whatever tags. */
export const sameCommit = (one: AtCommit, other: AtCommit | null | undefined): boolean =>
  one.sha === other?.sha

/** True if two releases are the same bits by the same tag. */
export const sameRelease = (one: ReleaseId, other: ReleaseId): boolean =>
  sameCommit(one, other) && one.tag === other.tag

/** Returns true if an instance with this answer runs the release: it may name the tag or the commit. */
export const isRelease = (said: string, { tag, sha }: ReleaseId): boolean => said === tag || said === sha

/**
 * The relation of a release to the serving one, by their commits. `first`: nothing serves yet. `unknown`: the
 * serving commit is gone, so that the release may be older or newer.
 */
export type Relation = 'first' | 'identical' | 'ahead' | 'behind' | 'diverged' | 'unknown'

/** Returns true if it may be older than the serving release: then it needs an acknowledgement. */
export const mayBeOlder = (relation: Relation): boolean => relation === 'behind' || relation === 'unknown'

/** A run of a workflow, as GitHub numbers it. */
export interface Run {
  readonly id: number
  readonly attempt: number
  readonly url: string
}

export const sameRun = (a: Run, b: Run): boolean => a.id === b.id && a.attempt === b.attempt

/** `v1.2.0 (1a2b3c4)` */
export const describeRelease = (release: ReleaseId): string => `${release.tag} (${release.sha.slice(0, 7)})`
