import { inline } from './inline.ts'
import { tableLines } from './table.ts'
import { coloured, marks, wrap } from './width.ts'

/** The terminal that a page is shown on. */
export interface Screen {
  readonly columns: number
  readonly colours: boolean
  /** True to show what the page folds away. */
  readonly unfolded: boolean
}

/**
 * Returns a page of Markdown as text for a terminal: tables aligned, links as text, folded parts as their titles. Only
 * the Markdown that our pages are made of is known; all else is shown as it is written.
 */
export function terminalPage(markdown: string, screen: Screen): string {
  const clean = markdown.replace(/\r/g, '').replace(/(?!\n)[\p{Cc}\p{Co}]/gu, ' ')
  const lines = blockLines(clean.split('\n'), { ...screen, columns: Math.max(20, screen.columns) })
  const page = lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
  return `${coloured(page, screen.colours)}\n`
}

function blockLines(lines: readonly string[], screen: Screen): string[] {
  const shown: string[] = []
  for (let at = 0; at < lines.length; ) {
    const taken = lengthOf(lines, at)
    shown.push(...linesOf(lines.slice(at, at + taken), screen))
    at += taken
  }
  return shown
}

/** The number of lines of the block that begins here. */
function lengthOf(lines: readonly string[], at: number): number {
  const line = lines[at] ?? ''
  const [fence] = /^(`{3,})/.exec(line) ?? []
  if (fence !== undefined) return through(lines, at, (one, place) => place > at && one.startsWith(fence))
  if (line.startsWith('<details')) return throughDetails(lines, at)
  if (line.startsWith('|')) return spanOf(lines, at, (one) => one.startsWith('|'))
  if (line.startsWith('>')) return spanOf(lines, at, (one) => one.startsWith('>'))
  return 1
}

function through(
  lines: readonly string[],
  at: number,
  ends: (line: string, place: number) => boolean,
): number {
  const end = lines.findIndex((line, place) => place >= at && ends(line, place))
  return (end === -1 ? lines.length : end + 1) - at
}

function throughDetails(lines: readonly string[], at: number): number {
  let depth = 0
  return through(lines, at, (line) => {
    depth += (line.match(/<details/g)?.length ?? 0) - (line.match(/<\/details>/g)?.length ?? 0)
    return depth === 0
  })
}

const spanOf = (lines: readonly string[], at: number, belongs: (line: string) => boolean): number => {
  const end = lines.findIndex((line, place) => place > at && !belongs(line))
  return (end === -1 ? lines.length : end) - at
}

function linesOf(block: readonly string[], screen: Screen): string[] {
  const [first = ''] = block
  if (first.startsWith('```')) return fenceLines(block)
  if (first.startsWith('<details')) return detailLines(block, screen)
  if (first.startsWith('|')) return tableLines(block, screen.columns)
  if (first.startsWith('>')) return quoteLines(block, screen)
  return proseLines(first, screen)
}

/** A drawing is none on a terminal. */
const fenceLines = ([first = '', ...lines]: readonly string[]): string[] =>
  /^`+mermaid/.test(first) ? [] : lines.slice(0, -1).map((line) => `    ${line}`)

function detailLines(block: readonly string[], screen: Screen): string[] {
  const whole = block.join('\n')
  const title = inline(/<summary>(.*?)<\/summary>/s.exec(whole)?.[1] ?? 'more')
  if (!screen.unfolded) return [`▸ ${title}`]
  const body = whole
    .replace(/^<details[^>]*>\s*(?:<summary>.*?<\/summary>)?/s, '')
    .replace(/<\/details>\s*$/, '')
  return [`▾ ${title}`, ...blockLines(body.split('\n'), screen)]
}

const alertWords: Readonly<Record<string, string>> = {
  NOTE: 'Note',
  TIP: 'Note',
  WARNING: 'Warning',
  CAUTION: 'Caution',
  IMPORTANT: 'Important',
}

function quoteLines(block: readonly string[], screen: Screen): string[] {
  const lines = block.map((line) => line.replace(/^>\s?/, ''))
  const [, kind] = /^\[!(\w+)\]/.exec(lines[0] ?? '') ?? []
  const head = kind === undefined ? [] : [`${marks.bold}${alertWords[kind] ?? kind}${marks.off}`]
  const body = blockLines(kind === undefined ? lines : lines.slice(1), {
    ...screen,
    columns: screen.columns - 2,
  })
  return [...head, ...body].map((line) => `│ ${line}`.trimEnd())
}

function proseLines(line: string, { columns }: Screen): string[] {
  const [, hashes = '', heading] = /^(#{1,6}) (.*)$/.exec(line) ?? []
  if (heading !== undefined) {
    const text = `${marks.bold}${inline(heading).replaceAll(marks.bold, '').replaceAll(marks.off, '')}${marks.off}`
    return hashes.length <= 2 ? ['', ...wrap(text, columns), ''] : ['', ...wrap(text, columns)]
  }
  const [, blanks = '', bullet = '', item] = /^( *)([-*]|\d+\.) (.*)$/.exec(line) ?? []
  if (item === undefined) return wrap(inline(line), columns)
  const lead = `${blanks}${/\d/.test(bullet) ? bullet : '•'} `
  return wrap(inline(item), columns - lead.length).map((text, at) =>
    at === 0 ? `${lead}${text}` : `${' '.repeat(lead.length)}${text}`,
  )
}
