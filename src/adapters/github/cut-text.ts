/**
 * Returns the text if it has at most `most` characters, and otherwise its beginning with `…`. UTF-16 units are counted: at
 * least as many as GitHub counts. No character is cut in two.
 */
export const cutText = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`
