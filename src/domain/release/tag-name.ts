import { Problem } from '../problem.ts'

/** The rules of git for a name, and never an option of a command line. Throws `tag-invalid`. */
export function checkTagName(tag: string): void {
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

/**
 * Checks the name, and also refuses one that git takes and people mistake: the name of a commit. Throws
 * `tag-invalid`.
 */
export function checkNewTagName(tag: string): void {
  checkTagName(tag)
  if (!/^[0-9a-f]{40}$/.test(tag)) return
  throw new Problem('tag-invalid', {
    what: `${tag} reads like the name of a commit.`,
    why: 'Git and people would take the tag for that commit, or the commit for the tag.',
    next: 'Choose a tag that says what it is, like v1.2.0 or 2026-03-15-fix.',
  })
}

/**
 * Returns the prefix of a tag, as `shop/` of `shop/v1.2.0`: it tells the releases of several apps in one
 * repository apart.
 */
export const lineOf = (tag: string): string => tag.slice(0, tag.lastIndexOf('/') + 1)
