import { createHash } from 'node:crypto'

const line = /^# rollgate init wrote the lines above: ([0-9a-f]{16})\r?\n?$/m

const digestOf = (text: string): string =>
  createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex').slice(0, 16)

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
