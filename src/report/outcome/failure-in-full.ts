import type { Outcome } from '../../domain/journal/outcome.ts'
import type { Failure } from '../../domain/question/decision.ts'
import { alert, blocks, code, fenced, shorten, text } from '../text/markdown.ts'

const mostLines = 40
const longestLine = 1000
/** The width of a line in a block on GitHub's pages, which never wrap it. */
const column = 110

/** A failure with the last lines of its output. */
export const failureInFull = ({ code: name, what, tail }: Failure): string =>
  blocks(
    alert('CAUTION', `**${text(what)}**`, `Code: ${code(name)}`),
    lastLines(tail, name.startsWith('test-bed-') ? 'What it was judged by' : 'Its last lines'),
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
  const more = tail.length - shown.length
  return blocks(
    more === 0 ? `${heading}:` : `${heading}, ${more} before them left out:`,
    fenced(lines, 'text'),
  )
}

/** A long line in pieces: the end of a JSON answer is where its failing check often stands. */
function wrapped(line: string): string[] {
  const characters = [...line]
  const pieces = Math.max(1, Math.ceil(characters.length / column))
  return Array.from({ length: pieces }, (_, at) => characters.slice(at * column, (at + 1) * column).join(''))
}
