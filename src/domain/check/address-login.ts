/** The password of an address like `https://user:password@host`, by its place in a text. */
export interface WrittenPassword {
  readonly from: number
  readonly to: number
  readonly host: string
}

/**
 * A variable in the place of the password is none: only its value is one. The last `@` ends the password. A scheme is short:
 * a long line of words with hyphens would be read once for each word.
 */
const login =
  /\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s/?#@:'"`]*:(?!\$|\*\*\*@)([^\s/?#'"`]+)@(\[[^\]\s]*\]|[^\s/?#@:'"`]*)/dgi

/** Returns the passwords that stand in the addresses of a text. */
export const passwordsIn = (text: string): WrittenPassword[] =>
  text.includes('://')
    ? [...text.matchAll(login)].flatMap(({ indices, 2: host = '' }) => {
        const [from, to] = indices?.[1] ?? [0, 0]
        return to > from ? [{ from, to, host }] : []
      })
    : []
