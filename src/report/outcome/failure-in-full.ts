import type { Outcome } from '../../domain/journal/outcome.ts'
import type { Failure } from '../../domain/question/decision.ts'
import { alert, blocks, code, counted, details, fenced, shorten, text } from '../text/markdown.ts'

const mostLines = 40
const longestLine = 1000
/** The lines that stand open: the last ones tell most. */
const linesAtOnce = 10
/** The width of a line in a block on GitHub's pages, which never wrap it. */
const column = 96

/** A failure with the last lines of its output. */
export const failureInFull = (failure: Failure): string => box(failure)

/** A failure with its output and the next action, for the person who is to answer. After the end it stands below the outcome. */
export const failureToAnswer = (failure: Failure): string =>
  box(failure, ...(failure.next === undefined ? [] : [`**Next:** ${text(failure.next)}`]))

const box = ({ code: name, what, tail }: Failure, ...more: readonly string[]): string =>
  blocks(
    alert('CAUTION', `**${text(what)}**`, ...more, `Code: ${code(name)}`),
    lastLines(tail, name.startsWith('test-bed-') ? 'The readings it was judged by' : 'Its last lines'),
  )

/** Returns the reason for the outcome of a deployment; null for a plain success. */
export function reasonInFull(outcome: Outcome): string | null {
  switch (outcome.kind) {
    case 'succeeded':
      return outcome.afterwards === null ? null : failureInFull(outcome.afterwards)
    case 'rolled-back':
      return outcome.failure === null ? null : failureInFull(outcome.failure)
    case 'failed':
      return failureInFull(outcome.failure)
    case 'rejected':
    case 'abandoned':
      return alert('NOTE', `${text(outcome.by)}: ${text(outcome.reason) || 'no reason was given'}`)
    case 'cancelled':
      return alert('NOTE', text(outcome.why))
  }
}

function lastLines(tail: readonly string[], heading: string): string | null {
  if (tail.length === 0) return null
  const shown = tail.slice(-mostLines)
  const lines = shown.flatMap((line) => wrapped(shorten(line, longestLine)))
  const atOnce = lines.length > linesAtOnce + 4 ? lines.slice(-linesAtOnce) : lines
  const before = lines.slice(0, lines.length - atOnce.length)
  const cut = tail.length - shown.length
  return blocks(
    `${heading}:`,
    fenced(atOnce, 'text'),
    before.length === 0 ? null : details(`${counted(before.length, 'line')} before`, fenced(before, 'text')),
    cut === 0 ? null : `${counted(cut, 'line')} before those ${cut === 1 ? 'is' : 'are'} in the log alone.`,
  )
}

/** Breaks a long line into pieces: the end of a JSON answer is where its failing check often stands. */
function wrapped(line: string): string[] {
  const pieces: string[] = []
  let piece = ''
  let used = 0
  for (const character of line.replaceAll('\t', '  ')) {
    const takes = wide.test(character) ? 2 : 1
    if (used + takes > column) {
      pieces.push(piece)
      piece = ''
      used = 0
    }
    piece += character
    used += takes
  }
  return [...pieces, piece]
}

/** A letter that takes the place of two. */
const wide = /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{Emoji_Presentation}\uff01-\uff60]/u
