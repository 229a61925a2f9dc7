/**
 * Markdown around foreign text: tags, names, commands and log lines come from people and programs, and none
 * of it may become a heading, a link, a mention, a formula, HTML or the end of a table.
 */

const escapeSequence = new RegExp(`${String.fromCharCode(27)}\\[[0-9;?]*[ -/]*[@-~]`, 'g')

/** Returns one line without colours, and with a visible mark for every invisible character. */
export const plain = (value: string): string => printable(value.replace(/\s+/g, ' ')).trim()

const printable = (value: string): string =>
  value.replace(escapeSequence, '').replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}]/gu, '\u{fffd}')

/** Shortens to `length` characters, the last one an ellipsis if text was cut. */
export function shorten(value: string, length: number): string {
  const characters = [...value]
  return characters.length <= length ? value : `${characters.slice(0, length - 1).join('')}…`
}

/** Text of others, shown letter by letter. */
export const text = (value: string): string =>
  plain(value)
    .replace(/[&<>|]/g, entity)
    .replace(/[\\`*_[\]~]/g, '\\$&')
    .replace(/^[#+=-]|^\d+(?=[.)](?:\s|$))/, atLineStart)
    // GitHub finds mentions, issues and formulas in the finished page: only another element keeps them apart.
    .replace(/@|(?<![&\\])#(?=\w)|\$/g, '<span>$&</span>')
    .replace(/:(?=\/\/)|(?<=\bwww)\./gi, entity)

const entity = (character: string): string => `&#${character.codePointAt(0)};`

const atLineStart = (start: string): string => (/\d/.test(start) ? `${start}\\` : `\\${start}`)

/** A name or a command of others, in the type of code. */
export function code(value: string): string {
  const shown = plain(value)
  // Neither a backtick nor a table's bar can be escaped within backticks everywhere.
  const plainly = shown !== '' && !/[`|]|^\$|\$$/.test(shown)
  return plainly ? `\`${shown}\`` : `<code>${shown.replace(/[^\p{L}\p{N} ./-]/gu, entity)}</code>`
}

/** Lines of others as a block, behind a fence that they cannot close. */
export function fenced(lines: readonly string[], language = ''): string {
  const body = lines
    .flatMap((line) => line.split(/\r?\n/))
    .map((line) => printable(line.replaceAll('\t', '  ')))
  const runs = body.flatMap((line) => [...line.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(Math.max(3, ...runs.map((run) => run + 1)))
  return [`${fence}${language}`, ...body, fence].join('\n')
}

/** Returns a link to a web address; the label alone for an invalid address. `label` is Markdown. */
export function link(label: string, url: string): string {
  if (!URL.canParse(url)) return label
  const { protocol, href } = new URL(url)
  if (protocol !== 'https:' && protocol !== 'http:') return label
  return `[${label}](<${href.replace(/[<>|\\`\s]/g, encodeURIComponent)}>)`
}

/** Cells are Markdown on one line. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')

export type AlertKind = 'NOTE' | 'WARNING' | 'CAUTION' | 'IMPORTANT'

/** A coloured box; every paragraph is Markdown on one line. */
export const alert = (kind: AlertKind, ...paragraphs: readonly string[]): string =>
  `> [!${kind}]\n${paragraphs.map((paragraph) => `> ${paragraph}`).join('\n>\n')}`

/** All warnings in one box, folded where many would hide what stands below; null without any. */
export function warningsBox(warnings: readonly string[]): string | null {
  if (warnings.length === 0) return null
  const shown = warnings.length > warningsAtOnce + 1 ? warnings.slice(0, warningsAtOnce) : warnings
  const folded = warnings.slice(shown.length)
  const more = folded.map((warning) => `- ${text(warning)}`).join('\n')
  return blocks(
    alert('WARNING', ...shown.map(text)),
    folded.length === 0 ? null : details(`⚠️ ${counted(folded.length, 'more warning')}`, more),
  )
}

const warningsAtOnce = 4

/** Returns a folded part. `title` is our own plain words. */
export const details = (title: string, body: string): string =>
  `<details>\n<summary>${title}</summary>\n\n${body}\n\n</details>`

/** Blocks with a line between them; an absent one leaves no gap. */
export const blocks = (...parts: readonly (string | null)[]): string =>
  parts.filter((part) => part !== null && part !== '').join('\n\n')

/** `1 step`, `2 steps` */
export const counted = (amount: number, noun: string, plural = `${noun}s`): string =>
  `${amount} ${amount === 1 ? noun : plural}`
