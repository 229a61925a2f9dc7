import { inline } from './inline.ts'
import { marks, padded, widthOf, wrap } from './width.ts'

const gap = 2
const narrowest = 6

/** Returns the lines of a Markdown table with its columns aligned, no wider than the terminal where that can be. */
export function tableLines(lines: readonly string[], columns: number): string[] {
  const [head = [], , ...rows] = lines.map(cellsOf)
  const all = [head.map((cell) => (cell === '' ? '' : `${marks.bold}${cell}${marks.off}`)), ...rows]
  const natural = head.map((_, at) => Math.max(...all.map((cells) => widthOf(cells[at] ?? ''))))
  const widths = fitted(natural, columns - gap * (head.length - 1))
  return all.flatMap((cells) => rowLines(cells, widths))
}

const cellsOf = (line: string): string[] =>
  line
    .replace(/^\s*\|\s?|\s?\|\s*$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => inline(cell.trim(), { addresses: false }))

/** Takes from the widest columns first. */
function fitted(natural: readonly number[], room: number): number[] {
  const widths = [...natural]
  while (widths.reduce((sum, one) => sum + one, 0) > room) {
    const widest = Math.max(...widths)
    if (widest <= narrowest) break
    widths[widths.indexOf(widest)] = widest - 1
  }
  return widths
}

function rowLines(cells: readonly string[], widths: readonly number[]): string[] {
  const wrapped = widths.map((width, at) => wrap(cells[at] ?? '', Math.max(1, width)))
  const height = Math.max(...wrapped.map((lines) => lines.length))
  return Array.from({ length: height }, (_, line) =>
    widths
      .map((width, at) => padded(wrapped[at]?.[line] ?? '', width))
      .join(' '.repeat(gap))
      .trimEnd(),
  )
}
