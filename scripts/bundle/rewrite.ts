import { readFileSync, writeFileSync } from 'node:fs'

/** Changes a file of a copied package. Throws if the file is missing or stays as it is: then the package is another version. */
export function rewrite(path: string, change: (text: string) => string): void {
  const text = readFileSync(path, 'utf8')
  const other = change(text)
  if (other === text) throw new Error(`${path} has nothing to change`)
  writeFileSync(path, other)
}

/** Returns the first passage of a package's text that matches. Throws if none does: then the package is another version. */
export function passageOf(text: string, pattern: RegExp): string {
  const passage = pattern.exec(text)?.[0]
  if (passage === undefined) throw new Error(`A package has no passage ${pattern} any more`)
  return passage
}

/** Returns the text with other words for a passage of it. Throws as `passageOf` does. */
export const replaced = (text: string, pattern: RegExp, words: string): string =>
  text.replace(passageOf(text, pattern), () => words)
