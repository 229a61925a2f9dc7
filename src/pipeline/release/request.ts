import type { EnvironmentPolicy } from '../../domain/config/policy.ts'
import type { Manifest } from '../../domain/release/manifest.ts'
import type { ConfigReader, ConfigSource } from '../plan/survey.ts'
import type { StoredRelease } from '../ports.ts'

/** The requested release, as the door reads it. */
export interface Making {
  readonly tag: string
  readonly description: string
  /** A full SHA or a branch; the newest of the default branch for null. */
  readonly commit: string | null
  /** Patterns for files of the checkout. */
  readonly artifacts: readonly string[]
  /** The outputs of its build; a candidate brings its own. */
  readonly outputs: Readonly<Record<string, string>>
  /** The candidate that becomes final, by its tag. */
  readonly from: string | null
  readonly prerelease: boolean
  readonly requireChecks: boolean
  /** Names of the checks that count; none for all. */
  readonly checks: readonly string[]
  /** The environment that is deployed to next. */
  readonly deployAfter: string | null
  readonly app: string
  readonly configPath: string
}

export interface ReleaseReader extends ConfigReader {
  readPolicies(source: ConfigSource): readonly EnvironmentPolicy[]
}

export interface Released {
  readonly manifest: Manifest
  /** The digest of the manifest, in hexadecimal. */
  readonly sha256: string
  readonly stored: StoredRelease
  readonly advice: readonly string[]
  /** True if another run, or another attempt of this one, began it. */
  readonly resumed: boolean
}
