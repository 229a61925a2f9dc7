import type { Manifest } from '../../domain/release/manifest.ts'

/** The data of a release's reports. */
export interface ReleaseView {
  readonly manifest: Manifest
  /** The digest of the manifest, in hexadecimal. */
  readonly sha256: string
  readonly url: string
  readonly immutable: boolean
  readonly prerelease: boolean
  readonly advice: readonly string[]
  readonly resumed: boolean
  readonly deployTo: string | null
  /** The page that compares, without the two names. */
  readonly compare: string
}
