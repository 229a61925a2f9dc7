import { duration } from '../../domain/durations.ts'
import type { Plan } from '../../domain/plan/plan.ts'
import { whatIsDone } from '../plan/steps-in-words.ts'
import { plain } from '../text/markdown.ts'

/** Returns lines for the log: plain text, one line each, and no command of the runner. */

/** `Step 9 of 11: roll-services/web – change the instances, batch by batch (3 min 4 s since the start)` */
export function stepHeading(plan: Plan, id: string, sinceStart: number): string {
  const place = plan.steps.findIndex((step) => step.id === id)
  const step = plan.steps[place]
  const what = step === undefined ? '' : ` – ${whatIsDone(step)}`
  return logLine(
    `Step ${place + 1} of ${plan.steps.length}: ${id}${what} (${duration(sinceStart)} since the start)`,
  )
}

/** `roll-services/web succeeded, 3 min 4 s` */
export const stepProgress = (id: string, happened: string, took: number): string =>
  logLine(`${id} ${happened}, ${duration(took)}`)

/** `(3 of 10) web-3: self test passed, 4 s` */
export function instanceProgress(
  place: { readonly nth: number; readonly total: number },
  instance: string,
  happened: string,
  took?: number,
): string {
  const time = took === undefined ? '' : `, ${duration(took)}`
  return logLine(`(${place.nth} of ${place.total}) ${instance}: ${happened}${time}`)
}

/** The runner obeys `::` at the start of a line, and `##[` anywhere in it. */
export const logLine = (value: string): string => plain(value).replace(/^::/, ': :').replaceAll('##[', '## [')
