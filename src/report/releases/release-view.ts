import type { Manifest } from '../../domain/release/manifest.ts'

/** What the reports of a release are made from. */
export interface ReleaseView {
  readonly manifest: Manifest
  /** Of the manifest, in hexadecimal. */
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
