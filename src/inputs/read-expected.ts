import { type Expected, stateWords } from '../domain/shown/state-words.ts'
import { parseDuration } from './config/duration.ts'
import { choose, invalidInput, type Taking } from './taking.ts'

/** Six hours: the longest time that a job of GitHub's own runner has. */
const longest = 21_600_000

/** Reads what a step expects of one environment; null without a wish. A word that no environment can have is refused. */
export function readExpected(from: Taking): Expected | null {
  const words = from.names('expect').map((word) => choose('expect', word, stateWords))
  const wait = readWait(from.text('await'))
  if (words.length === 0 && wait === null) return null
  const environment = from.text('environment')
  if (environment === '')
    throw invalidInput('environment', 'is empty', 'Name the environment that await and expect are about.')
  return { environment, wait, words }
}

function readWait(written: string): number | null {
  if (written === '') return null
  const duration = parseDuration(written)
  if (duration !== null && duration > 0 && duration <= longest) return duration
  throw invalidInput('await', `is ${JSON.stringify(written)}`, 'Use a duration like 90m or 4h, up to 6h.')
}
