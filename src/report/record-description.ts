import { describeOutcome, type Outcome, reasonOf } from '../domain/outcome.ts'
import { plain, shorten } from './markdown.ts'
import { standingOf, stateOf, type View } from './view.ts'

/** GitHub refuses a longer one. */
const longest = 140

/** The status line of the record: it begins with the state, and is cut at 140 characters. */
export function recordDescription(view: View): string {
  return cut(inWords(view))
}

function inWords(view: View): string {
  const now = standingOf(view)
  const state = stateOf(view, now)
  const what = `${view.plan.mode} ${view.plan.release.tag}`
  switch (state.kind) {
    case 'ended':
      return outcomeInWords(state.outcome)
    case 'waiting': {
      const { pause } = state
      return pause.gate === 'approve'
        ? `waiting: approval of ${what}`
        : `waiting: ${pause.failure?.what ?? pause.step}`
    }
    case 'interrupted':
      return `interrupted: ${what} is not finished`
    case 'running':
      return `running: ${[...now.steps].find(([, { state }]) => state === 'running')?.[0] ?? what}`
  }
}

function outcomeInWords(outcome: Outcome): string {
  const reason = reasonOf(outcome)
  return reason === '' ? describeOutcome(outcome) : `${describeOutcome(outcome)}: ${reason}`
}

/** In the units that a length is counted in, and never in the middle of a character. */
function cut(value: string): string {
  const line = plain(value)
  if (line.length <= longest) return line
  let length = longest
  while (shorten(line, length).length > longest) length -= 1
  return shorten(line, length)
}
