/** What GitHub holds of a release besides its tag, as it was found. */
export type Snapshot =
  /** Nobody made a GitHub Release of the tag. */
  | { readonly kind: 'tag-alone' }
  | ({ readonly kind: 'without-manifest' } & Published)
  /** Tag, commit, manifest and artifacts were held against each other, and agree. */
  | ({ readonly kind: 'verified'; readonly artifacts: number } & Published)

export interface Published {
  readonly url: string
  /** Whether GitHub itself keeps tag and artifacts from being changed. */
  readonly immutable: boolean
  readonly prerelease: boolean
  /** The rulesets that keep its tag from being moved and deleted; left out where none does, or it is immutable anyway. */
  readonly tagRules?: readonly string[]
}
