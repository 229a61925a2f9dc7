/** A line of a unified difference: kept, removed or added. */
type Line = `${' ' | '-' | '+'}${string}`

/** The unchanged lines around a change. */
const CONTEXT = 3

/** Returns the hunks of a unified difference between two texts, with a line feed at the end of each line; none without one. */
export function hunksBetween(before: string, after: string): string {
  const lines = between(linesOf(before), linesOf(after))
  const near = lines.map((_line, at) =>
    lines.slice(Math.max(0, at - CONTEXT), at + CONTEXT + 1).some(isChange),
  )
  let [from, to, text] = [1, 1, '']
  for (let at = 0; at < lines.length; ) {
    const end = near.indexOf(!near[at], at)
    const part = lines.slice(at, end < 0 ? lines.length : end)
    const [removed, added] = [part.filter(isBefore).length, part.filter(isAfter).length]
    if (near[at]) text += `@@ -${range(from, removed)} +${range(to, added)} @@\n${part.map(asText).join('')}`
    ;[from, to, at] = [from + removed, to + added, at + part.length]
  }
  return text
}

const isBefore = (line: Line): boolean => !line.startsWith('+')
const isAfter = (line: Line): boolean => !line.startsWith('-')
const isChange = (line: Line): boolean => !line.startsWith(' ')

/** A range without a line names the line before it. */
const range = (start: number, count: number): string => `${count === 0 ? start - 1 : start},${count}`

const asText = (line: Line): string =>
  line.endsWith('\n') ? line : `${line}\n\\ No newline at end of file\n`

/** Returns the lines of a text, each with its line feed. */
const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? []

/** Returns the shortest way from one list of lines to another: of two, the one that removes first. */
function between(before: readonly string[], after: readonly string[]): Line[] {
  const common = commonAfter(before, after)
  const lines: Line[] = []
  for (let [i, j] = [0, 0]; i < before.length || j < after.length; ) {
    const [old, fresh] = [before[i], after[j]]
    if (old !== undefined && old === fresh) {
      lines.push(` ${old}`)
      ;[i, j] = [i + 1, j + 1]
    } else if (old !== undefined && (fresh === undefined || common(i + 1, j) >= common(i, j + 1))) {
      lines.push(`-${old}`)
      i += 1
    } else {
      lines.push(`+${fresh}`)
      j += 1
    }
  }
  return lines
}

/** Returns how many lines two lists have in common, in their order, from two places on. */
function commonAfter(before: readonly string[], after: readonly string[]): (i: number, j: number) => number {
  const width = after.length + 1
  const counts = new Uint32Array((before.length + 1) * width)
  const at = (i: number, j: number): number => counts[i * width + j] ?? 0
  for (let i = before.length - 1; i >= 0; i -= 1)
    for (let j = after.length - 1; j >= 0; j -= 1)
      counts[i * width + j] =
        before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  return at
}
