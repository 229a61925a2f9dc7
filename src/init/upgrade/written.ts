import { createHash } from 'node:crypto'

const line = /^# rollgate init wrote the lines above: ([0-9a-f]{16})\r?\n?$/m

/** The hours of a clock are a team's own: a workflow with others is not an edited one. */
const digestOf = (text: string): string =>
  createHash('sha256')
    .update(text.replaceAll('\r\n', '\n').replaceAll(cronLine, '$1'))
    .digest('hex')
    .slice(0, 16)

const cronLine = /^(\s*- cron: ).*$/gm

/** Returns a workflow with a last line by which an edited one is known later. */
export const signed = (text: string): string =>
  `${text}# rollgate init wrote the lines above: ${digestOf(text)}\n`

/** True if a workflow is as it was once written; false if a person changed it since, or wrote it. */
export function isUnedited(text: string): boolean {
  const found = line.exec(text)
  return (
    found !== null &&
    digestOf(text.slice(0, found.index)) === found[1] &&
    found.index + found[0].length === text.length
  )
}

/** True if `rollgate init` wrote it, edited since or not. */
export const wasWritten = (text: string): boolean => line.test(text)

/** The clock of 0.1.0, where a team left it as it was. */
const hoursOf010 = '*/10 * * * *'

/** Returns the text with the hours of the clock that it takes the place of. */
export function withHoursOf(before: string, after: string): string {
  const [, hours] = /^\s*- cron: ['"]([^'"\n]*)['"]/m.exec(before) ?? []
  if (hours === undefined || (hours === hoursOf010 && !wasWritten(before))) return after
  return after.replace(/^(\s*- cron: ).*$/m, (_all, start: string) => `${start}'${hours}'`)
}
