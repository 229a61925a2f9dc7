/**
 * Puts each part between its markers, `<!-- generated: name -->` and `<!-- end of name -->`. Throws for a part
 * without markers, and for markers without a part.
 */
export function fillMarked(text: string, parts: Readonly<Record<string, string>>): string {
  const left = new Set(Object.keys(parts))
  const filled = text.replace(marked, (_, name: string) => {
    const part = parts[name]
    if (part === undefined) throw new Error(`nothing is generated for the markers of ${name}`)
    left.delete(name)
    return `<!-- generated: ${name} -->\n\n${part.trim()}\n\n<!-- end of ${name} -->`
  })
  if (left.size > 0) throw new Error(`no markers for ${[...left].join(', ')}`)
  return filled
}

const marked = /<!-- generated: (\S+) -->[\s\S]*?<!-- end of \1 -->/g
