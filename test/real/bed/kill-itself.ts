import { appendFileSync, readFileSync } from 'node:fs'

/**
 * Loaded into the bundle before itself (`selfKilling`): it is ended by SIGKILL within the first line it says that is not
 * among the moments in a file, and leaves the line there. Killed from outside, it would go on for a moment.
 */
const file = process.env.KILLED_AT ?? ''
const killedAt = new Set(readFileSync(file, 'utf8').split('\n'))
const write = process.stdout.write.bind(process.stdout)

process.stdout.write = (text: Uint8Array | string): boolean => {
  const written = write(text)
  const moment = text
    .toString()
    .trimEnd()
    // How long something took is told anew each time.
    .replace(/\d+(\.\d+)? (ms|s)\b/g, '')
    .replaceAll('\n', ' ')
  // What is said to the runner only is no event.
  if (moment.startsWith('::') || killedAt.has(moment)) return written
  appendFileSync(file, `${moment}\n`)
  process.kill(process.pid, 'SIGKILL')
  return written
}
