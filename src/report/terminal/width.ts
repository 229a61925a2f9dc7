/** Marks of a style within a text: page texts hold no character of private use, so that nothing else can be one. */
export const marks = { bold: '\ue001', code: '\ue002', link: '\ue003', off: '\ue004' } as const

const anyMark = /[\ue001-\ue004]/g
const wide =
  /\p{Extended_Pictographic}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/u
const none = /^(?:\p{Mn}|\p{Me}|\p{Cf})+$/u
const segmenter = new Intl.Segmenter('en')

/** The columns that a text takes on a terminal. */
export function widthOf(text: string): number {
  const bare = text.replace(anyMark, '')
  if (/^[\x20-\x7e]*$/.test(bare)) return bare.length
  return [...segmenter.segment(bare)].reduce((sum, { segment }) => sum + widthOfOne(segment), 0)
}

function widthOfOne(segment: string): number {
  if (none.test(segment)) return 0
  return wide.test(segment) && !/^[\u2190-\u21ff\u2713-\u2717©®]$/.test(segment) ? 2 : 1
}

/** Breaks a text into lines of at most so many columns; a longer word has lines of its own. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ').flatMap((one) => pieces(one, columns))) {
    if (line !== '' && widthOf(line) + 1 + widthOf(word) > columns) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return closed([...lines, line])
}

function pieces(word: string, columns: number): string[] {
  if (widthOf(word) <= columns) return [word]
  const parts: string[] = []
  let part = ''
  for (const { segment } of segmenter.segment(word)) {
    if (widthOf(part) + widthOf(segment) > columns) {
      parts.push(part)
      part = ''
    }
    part += segment
  }
  return [...parts, part]
}

/** A style that goes on over the end of a line is closed there and opened again. */
function closed(lines: readonly string[]): string[] {
  let open = ''
  return lines.map((line) => {
    const whole = `${open}${line}`
    for (const [mark] of line.matchAll(anyMark)) open = mark === marks.off ? '' : mark
    return open === '' ? whole : `${whole}${marks.off}`
  })
}

export const padded = (text: string, columns: number): string =>
  `${text}${' '.repeat(Math.max(0, columns - widthOf(text)))}`

const codes: Readonly<Record<string, string>> = {
  [marks.bold]: '\u001b[1m',
  [marks.code]: '\u001b[36m',
  [marks.link]: '\u001b[2m',
  [marks.off]: '\u001b[0m',
}

/** Turns the marks into the terminal's colours, or into nothing. */
export const coloured = (text: string, colours: boolean): string =>
  text.replace(anyMark, (mark) => (colours ? (codes[mark] ?? '') : ''))
