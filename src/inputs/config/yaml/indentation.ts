import type { Blame } from './reading.ts'

/**
 * Finds the first line whose indentation fits none above it. The parser reports such a line as a key over several
 * lines, or as a value that ends nowhere. Null if every line up to the stumble, and the one below it, fits.
 */
export function oddIndentation(text: string, stumble: number): Blame | null {
  const last = text.indexOf('\n', text.indexOf('\n', stumble) + 1)
  let open: readonly number[] = []
  let above: KeyLine | null = null
  for (const line of keyLines(last === -1 ? text : text.slice(0, last))) {
    const deeper = line.indent > (open.at(-1) ?? -1)
    if (deeper && above?.valued === true)
      return {
        offset: line.offset,
        words:
          'this line is indented deeper than the line above it, which has a value of its own: indent both alike',
      }
    const outer = open.filter((indent) => indent <= line.indent)
    if (!deeper && outer.at(-1) !== line.indent)
      return { offset: line.offset, words: noFit(line.indent, open) }
    open = [...outer.filter((indent) => indent < line.indent), line.indent, ...line.inner]
    above = line
  }
  return null
}

const noFit = (indent: number, open: readonly number[]): string =>
  `this line is indented by ${spaces(indent)}, and the lines above it by ${[...new Set(open)].join(' or ')}: indent it like the lines that it belongs to`

const spaces = (count: number): string => (count === 1 ? 'one space' : `${count} spaces`)

/** A line that begins with a key, or with the dash of a list. */
interface KeyLine {
  readonly offset: number
  readonly indent: number
  /** The columns of what stands behind a dash. */
  readonly inner: readonly number[]
  /** True if a value follows on the line itself: nothing may be indented below it. */
  readonly valued: boolean
}

function* keyLines(text: string): Generator<KeyLine> {
  let offset = 0
  /** Lines indented deeper than this belong to a text in block style, or to brackets. */
  let within: number | null = null
  for (const line of text.split('\n')) {
    const [, blanks = '', dash = '', key = '', value = ''] = keyLine.exec(line) ?? []
    const indent = /^ */.exec(line)?.[0].length ?? 0
    if (line.trim() !== '' && within !== null && indent <= within && !/^ *[\]}]/.test(line)) within = null
    if (within === null && `${dash}${key}` !== '') {
      yield {
        offset,
        indent: blanks.length,
        inner: dash === '' || key === '' ? [] : [blanks.length + dash.length],
        valued: dash === '' && !/^(?:[&!]\S+)?\s*(?:#.*)?$/.test(value),
      }
      if (/^[|>]/.test(value) || opensMore(value)) within = blanks.length
    }
    if (within === null && /^ *[{[]/.test(line)) within = indent - 1
    // A line that is neither may be the fault itself: the parser knows it better.
    if (within === null && `${dash}${key}` === '' && !/^ *(?:#.*)?\r?$/.test(line)) return
    offset += line.length + 1
  }
}

const keyLine = /^( *)((?:- +)?)((?:[\w.$/-]+|"[^"]*"|'[^']*'):(?=\s|$)|(?<=- +)\S+)?[ \t]*(.*?)\r?$/

const opensMore = (value: string): boolean =>
  /^[{[]/.test(value) && (value.match(/[{[]/g)?.length ?? 0) > (value.match(/[}\]]/g)?.length ?? 0)
