/** The width of a line in a block: GitHub's pages never wrap one, and cut it off beyond this. */
const width = 96

/** A field of a form and its value, as a person types them. */
export interface Typed {
  readonly name: string
  readonly value: string
}

/**
 * Returns the command that fills in a form, as lines of a shell that are read as one; null if a value holds a character that
 * a page cannot show, which then cannot be copied from it.
 */
export function ghLines(
  { workflow, repository }: { readonly workflow: string; readonly repository: string },
  typed: readonly Typed[],
): string[] | null {
  const fields = typed.map(({ name, value }) => ['-f ', `${name}=`, value] as const)
  const parts = [['gh workflow run ', '', workflow], ['--repo ', '', repository], ...fields] as const
  if (parts.some(([, , value]) => /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u2028\u2029]/u.test(value))) return null
  return filled(parts.map(([flag, name, value]) => `${flag}${name}${quoted(value)}`))
}

/** Fills lines with words, and breaks a word that fits on no line. */
function filled(words: readonly string[]): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of words) {
    const longer = line === '' ? word : `${line} ${word}`
    if (longer.length <= width) line = longer
    else {
      if (line !== '') lines.push(`${line} \\`)
      const [last = '', ...before] = broken(`  ${word}`).toReversed()
      lines.push(...before.toReversed())
      line = last
    }
  }
  return [...lines, line]
}

/** Two quoted pieces with an escaped line end between them are one word to a shell. */
function broken(word: string): string[] {
  if (word.length <= width) return [word]
  const at = word.indexOf("'")
  const start = word.slice(0, at)
  const units = [...word.slice(at + 1, -1).matchAll(/'\\''|./gsu)].map(([unit]) => unit)
  const pieces: string[] = []
  let piece = `${start}'`
  for (const unit of units) {
    if (piece.length + unit.length > width - 2) {
      pieces.push(`${piece}'\\`)
      piece = "'"
    }
    piece += unit
  }
  return [...pieces, `${piece}'`]
}

/** A word that a shell reads as this very value. A long one is quoted, so that it can be broken. */
const quoted = (value: string): string =>
  /^[\w./-]+$/.test(value) && value.length < width / 2 ? value : `'${value.replaceAll("'", "'\\''")}'`
