import type { ProblemWords } from './problem.ts'

/** What is known of a name that is no tag. */
export interface NoTag {
  readonly name: string
  /** A branch has this name. */
  readonly branch: boolean
  /** Tags with a name like it, the likeliest first. */
  readonly near: readonly string[]
}

/** The words for a release that is no tag: a branch is called one, and the tags that may have been meant are named. */
export function tagMissing({ name, branch, near }: NoTag): ProblemWords {
  const meant = near.length === 0 ? '' : `Did you mean ${near.join(' or ')}? `
  if (branch)
    return {
      code: 'tag-missing',
      what: `${name} is a branch; releases are tags.`,
      why: 'A branch moves, so that another commit could be deployed than the one that was approved.',
      next: `${meant}Tag the commit and push the tag (git tag v1.0.0 ${name} && git push origin v1.0.0), then run again with it.`,
    }
  return {
    code: 'tag-missing',
    what: `There is no tag ${name} in this repository.`,
    why:
      near.length === 0
        ? 'It is misspelt, or it was not pushed.'
        : 'It is misspelt, or it was not pushed; tags with a name like it are there.',
    next: `${meant}Correct the release, or push the tag (git push origin refs/tags/${name}), and run again.`,
  }
}
