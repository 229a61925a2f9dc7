import { Problem } from '../domain/problem.ts'
import type { Repository } from './ports.ts'

/** The commit that a tag means now. Throws `tag-invalid` for what can be no tag, `tag-missing` for what is none. */
export async function commitOf(repository: Repository, tag: string): Promise<string> {
  checkTagName(tag)
  const sha = await repository.resolveTag(tag)
  if (sha !== null) return sha
  throw new Problem('tag-missing', {
    what: `There is no tag ${tag} in this repository.`,
    why: 'It is misspelt, it was not pushed, or it is the name of a branch: only tags are deployed.',
    next: `Push the tag (git push origin ${tag}) and run again.`,
  })
}

/** The rules of git for a name, and never an option of a command line. */
function checkTagName(tag: string): void {
  const wrong =
    tag.startsWith('-') ||
    tag.startsWith('refs/') ||
    tag.startsWith('/') ||
    tag.endsWith('/') ||
    tag.endsWith('.') ||
    tag.endsWith('.lock') ||
    /\.\.|@\{|\/\/|\/\.|^\./.test(tag) ||
    // biome-ignore lint/suspicious/noControlCharactersInRegex: git forbids just these in a name
    /[\x00-\x20\x7f~^:?*[\\]/.test(tag)
  if (!wrong) return
  throw new Problem('tag-invalid', {
    what: `${JSON.stringify(tag)} cannot be the name of a tag.`,
    why: 'Git allows no blanks, none of ~ ^ : ? * [ \\ and no leading dash; refs/ is no part of the name.',
    next: 'Give the tag as git shows it, like v1.2.0, without refs/tags/.',
  })
}
