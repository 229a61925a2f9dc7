import { rewrite } from './rewrite.ts'

/** Drops the lines of comments from the shell script in a compiled file: every host would be sent them, and no shell needs them. */
export const dropRemarks = (path: string): void => rewrite(path, withoutRemarks)

/** Throws at a here-document, in which such a line is data. */
export function withoutRemarks(text: string): string {
  if (text.includes('<<')) throw new Error('A line of a here-document may look like a comment')
  return text.replace(/^ *# .*\n/gm, '')
}
