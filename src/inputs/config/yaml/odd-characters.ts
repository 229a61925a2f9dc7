/** Blanks and quotation marks that word processors write, and that YAML takes for letters. */
const blank = '[\\u0085\\u00a0\\u1680\\u180e\\u2000-\\u200f\\u2028\\u2029\\u202f\\u205f\\u2060\\u3000\\ufeff]'
const mark = '[\\u2018\\u201a-\\u201c\\u201e\\u201f]'
const oddAtTheEdge = new RegExp(`(?<=^)(?:${blank}|${mark})|${blank}(?=$)|(?<=^[\\w-]+:)${blank}`)
const isMark = new RegExp(mark)

/**
 * The character of a key or a plain value that YAML does not count as what it looks like: a blank at its edge or after
 * a colon, or a quotation mark that opens it. Null without one.
 */
export const oddCharacter = (text: string): string | null => oddAtTheEdge.exec(text)?.[0] ?? null

/** Describes the first of such characters; `more`: the number of further places. */
export function oddWords(character: string, more: number): string {
  const others = more === 0 ? '' : `; the same at ${more === 1 ? 'one place' : `${more} places`} below`
  return `${meaning(character)}${others}`
}

function meaning(character: string): string {
  const number = `U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}`
  if (isMark.test(character))
    return `a typographic quotation mark (${number}) opens here, which quotes nothing for YAML: write " or ' on both sides`
  const name =
    character === '\u00a0' ? 'a non-breaking space' : 'a character that looks like a blank or like nothing'
  return `${name} (${number}) stands here, which is no space for YAML: write a space, or put the text in quotes`
}
