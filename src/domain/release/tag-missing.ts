import type { ProblemWords } from '../problem.ts'

/** A tag that was deployed once, or whose deployment began. */
export interface KnownTag {
  readonly sha: string
  /** The environment whose ledger knows it. */
  readonly environment: string
  /** The alternatives, as a sentence; null if only the tags with a similar name are known. */
  readonly others: string | null
}

/** The facts about a name that is not a tag. */
export interface NoTag {
  readonly name: string
  /** A branch has this name. */
  readonly branch: boolean
  /** The ledger's knowledge of it; null without any. */
  readonly knownAs: KnownTag | null
  /** Tags with a name like it, the likeliest first. */
  readonly near: readonly string[]
}

/** The words for a release that is no tag: a branch is called one, and the tags that may have been meant are named. */
export function tagMissing({ name, branch, knownAs, near }: NoTag): ProblemWords {
  const meant = near.length === 0 ? '' : `Did you mean ${near.join(' or ')}? `
  if (knownAs !== null)
    return {
      code: 'tag-missing',
      what: `There is no tag ${name} in this repository any more; the ledger of ${knownAs.environment} knows it as commit ${knownAs.sha}.`,
      why: 'It was deleted, and only a commit with a tag is deployed.',
      next: `${knownAs.others === null ? meant : `${knownAs.others} `}To have ${name} itself put its tag back, and run again: ${tagAgain(name, knownAs.sha, branch)}.`,
    }
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

/** The commands that put a tag back on its commit. A branch of the same name makes the short name mean two things. */
export const tagAgain = (name: string, sha: string, branch = false): string =>
  `git tag ${name} ${sha} && git push origin ${branch ? 'refs/tags/' : ''}${name}`
