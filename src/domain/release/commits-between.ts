/** The commits that one commit has and another has not, and the files that are new with them. */
export interface CommitsBetween {
  readonly total: number
  /** The first lines of their messages, oldest first: GitHub gives at most 100 at once. */
  readonly titles: readonly string[]
  /** Paths of new files; `whole` is false where GitHub cut the list. */
  readonly added: { readonly paths: readonly string[]; readonly whole: boolean }
}
