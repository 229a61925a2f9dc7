import { Problem } from '../../domain/problem.ts'
import { known } from '../../domain/reading.ts'
import { artifactsTampered, tampering } from '../../domain/release/integrity.ts'
import {
  type FrozenRecipe,
  type Manifest,
  type Migration,
  recipeDigest,
} from '../../domain/release/manifest.ts'
import type { Release } from '../../domain/release/release.ts'
import type { Published, Snapshot } from '../../domain/release/snapshot.ts'
import type { ReleaseStore, StoredRelease } from '../ports.ts'

/** The parts of a release that its tag and its commit tell, to compare with GitHub's other parts. */
export interface Claim {
  readonly release: Release
  readonly frozen: () => FrozenRecipe
  /** The release as it served here, if it did. */
  readonly recorded: Release | null
  /** True if the release is brought to no instance: then its missing GitHub Release stops nothing. */
  readonly mayBeGone?: boolean
}

export interface ProvenRelease {
  /** Null if GitHub once kept a part of it, and no longer does. */
  readonly snapshot: Snapshot | null
  /** SHA-256 of the manifest; null without one. */
  readonly manifest: string | null
  /** The outputs of its build in the manifest; null without a manifest, or without outputs. */
  readonly outputs: Readonly<Record<string, string>> | null
  /** The migrations in the manifest; empty without one. */
  readonly migrations: readonly Migration[]
}

/** Throws `release-tampered` with every difference. A tag alone, and a release without a manifest, have none. */
export async function prove(releases: ReleaseStore, claim: Claim): Promise<ProvenRelease> {
  const { release, frozen, recorded, mayBeGone = false } = claim
  const stored = known(await releases.published(release.tag))
  if (mayBeGone && stored === null && recorded?.manifest !== undefined)
    return { snapshot: null, manifest: null, outputs: null, migrations: [] }
  const kept = stored === null ? null : await releases.manifest(stored)
  if (recorded?.manifest !== undefined && recorded.manifest !== (kept?.sha256 ?? null))
    throw tampered(release.tag, [
      `its manifest is ${kept?.sha256 ?? 'gone'}, it was ${recorded.manifest} when it was deployed here`,
    ])
  const nothing = { manifest: null, outputs: null, migrations: [] }
  if (stored === null) return { snapshot: { kind: 'tag-alone' }, ...nothing }
  const published = await keptBy(releases, stored)
  if (kept === null) return { snapshot: { kind: 'without-manifest', ...published }, ...nothing }
  requireUntouched(kept.manifest, stored, release, frozen())
  const { artifacts, migrations, outputs = null } = kept.manifest
  const snapshot = { kind: 'verified', artifacts: artifacts.length, ...published } as const
  return { snapshot, manifest: kept.sha256, outputs, migrations }
}

async function keptBy(
  releases: ReleaseStore,
  { tag, url, immutable, prerelease }: StoredRelease,
): Promise<Published> {
  const seen = { url, immutable, prerelease }
  if (immutable) return seen
  const rules = await releases.tagRules(tag)
  switch (rules.kind) {
    case 'found':
      return { ...seen, tagRules: rules.value }
    case 'absent':
      return seen
    // A page names the rules, and no verdict hangs on them: a rollback must not wait for them.
    case 'unknown':
      return { ...seen, tagRules: 'unknown' }
  }
}

/** Throws `release-tampered` with everything that differs from the manifest. */
export function requireUntouched(
  manifest: Manifest,
  stored: StoredRelease,
  release: Release,
  frozen: FrozenRecipe,
): void {
  const found = tampering(manifest, {
    tag: release.tag,
    commit: release.sha,
    recipe: recipeDigest(frozen.content),
    baseVersion: release.baseVersion,
    schemaVersion: release.schemaVersion,
    files: stored.files,
  })
  if (found.length > 0) throw tampered(release.tag, found)
}

/** Compares again after a wait: an approved manifest must still match. Throws `release-tampered`. */
export async function checkManifest(releases: ReleaseStore, { tag, manifest }: Release): Promise<void> {
  if (manifest === undefined) return
  const stored = known(await releases.published(tag))
  const kept = stored === null ? null : await releases.manifest(stored)
  if (stored === null || kept?.sha256 !== manifest)
    throw tampered(tag, [`its manifest is ${kept?.sha256 ?? 'gone'}, it was ${manifest}`])
  const found = artifactsTampered(kept.manifest.artifacts, stored.files)
  if (found.length > 0) throw tampered(tag, found)
}

const tampered = (tag: string, differences: readonly string[]) =>
  new Problem('release-tampered', {
    what: `The release ${tag} is not what it was: ${differences.join('; ')}.`,
    why: 'Its tag, its manifest or a file of it was changed after it was made. A release never changes.',
    next: 'Find out who changed it, and make a new release with a new tag. Turn on immutable releases in the settings of the repository.',
  })
