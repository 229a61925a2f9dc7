import type { Failure } from '../domain/decision.ts'
import type { Outcome } from '../domain/outcome.ts'
import { alert, blocks, code, fenced, shorten, text } from './markdown.ts'

const mostLines = 40
const longestLine = 500

/** A failure with the last lines of its output. */
export const failureInFull = ({ code: name, what, tail }: Failure): string =>
  blocks(
    alert('CAUTION', `**${text(what)}**`, `Code: ${code(name)}`),
    lastLines(tail, name.startsWith('test-bed-') ? 'What it was judged by' : 'Its last lines'),
  )

/** What decided how a deployment ended; null where it simply succeeded. */
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
  const lines = tail.slice(-mostLines).map((line) => shorten(line, longestLine))
  const more = tail.length - lines.length
  return blocks(
    more === 0 ? `${heading}:` : `${heading}, ${more} before them left out:`,
    fenced(lines, 'text'),
  )
}
