/** GitHub's view of a release besides its tag, as it was read. */
export type Snapshot =
  /** The tag has no GitHub Release. */
  | { readonly kind: 'tag-alone' }
  | ({ readonly kind: 'without-manifest' } & Published)
  /** Tag, commit, manifest and artifacts were compared, and agree. */
  | ({ readonly kind: 'verified'; readonly artifacts: number } & Published)

export interface Published {
  readonly url: string
  /** True if GitHub itself protects tag and artifacts from changes. */
  readonly immutable: boolean
  readonly prerelease: boolean
  /**
   * The rulesets that keep its tag from being moved and deleted; left out where none does, or it is immutable anyway.
   * `unknown` if GitHub does not show them: a page names them, and nothing depends on them.
   */
  readonly tagRules?: readonly string[] | 'unknown'
}
