import { Problem } from '../../domain/problem.ts'

/** A tag that no longer means the commit that it meant; `is`: null where the tag is gone. */
export interface MovedTag {
  readonly tag: string
  readonly was: string
  readonly is: string | null
  /** The time of its last reading, in words: `the plan was made`. */
  readonly since: string
}

/** Returns the problem of a tag that was moved or deleted, with the next action. */
export const tagMoved = ({ tag, was, is, since }: MovedTag, next: string): Problem =>
  new Problem('tag-moved', {
    what:
      is === null ? `The tag ${tag} is gone; it was ${was}.` : `The tag ${tag} is ${is} now; it was ${was}.`,
    why: `The tag was ${is === null ? 'deleted' : 'moved'} after ${since}. A release never changes.`,
    next,
  })

export const makeAnotherRelease =
  'Find out who moved it and why, then make a new release with a new tag. Protect tags with a ruleset.'
