import type { ProblemWords } from '../../domain/problem.ts'
import { logLine } from '../outcome/log-lines.ts'
import { alert, blocks, code, text } from './markdown.ts'

/**
 * Returns a problem for the log and the annotation: the event, the likely cause and the next action, on lines
 * of their own.
 */
export const problemLine = ({ what, why, next }: ProblemWords): string =>
  [what, why, next]
    .flatMap((words) => words.split('\n'))
    .map(logLine)
    .filter((line) => line !== '')
    .join('\n')

/** Returns a problem as a page of its own. */
export const problemSummary = (problem: ProblemWords): string =>
  `${blocks(`## ❌ Stopped: ${text(problem.code)}`, problemAlert(problem))}\n`

/** A problem as a box in a page. What happened may be several things, like the mistakes of a config. */
export const problemAlert = ({ code: name, what, why, next }: ProblemWords): string =>
  alert(
    'CAUTION',
    ...what.split('\n').map((line, place) => (place === 0 ? `**${text(line)}**` : text(line))),
    text(why),
    `**Next:** ${text(next)}`,
    `Code: ${code(name)}`,
  )
