import { appendFileSync, readFileSync } from 'node:fs'
import { Socket } from 'node:net'

/**
 * Loaded into the bundle before itself (`selfKilling`): it is ended by SIGKILL within its first line that is
 * not among the moments in a file, and leaves the line there. Killed from outside, it would run on for a
 * moment.
 */
const file = process.env.KILLED_AT ?? ''
const killedAt = new Set(readFileSync(file, 'utf8').split('\n'))
const write = process.stdout.write.bind(process.stdout)

process.stdout.write = (text: Uint8Array | string): boolean => {
  const written = write(text)
  const moment = text
    .toString()
    .trimEnd()
    // Durations differ each time, so they are left out.
    .replace(/\d+(\.\d+)? (ms|s)\b/g, '')
    .replaceAll('\n', ' ')
  // A command to the runner is no event.
  if (moment.startsWith('::') || killedAt.has(moment)) return written
  appendFileSync(file, `${moment}\n`)
  process.kill(process.pid, 'SIGKILL')
  return written
}

/** It is ended as well right after it has sent one of these words over a connection, once for each. */
const words = (process.env.KILLED_IN ?? '').split('|').filter((word) => word !== '' && !killedAt.has(word))
const send = Socket.prototype.write

if (words.length > 0)
  Socket.prototype.write = function (this: Socket, ...sent: Parameters<typeof send>): boolean {
    const written = send.apply(this, sent)
    const word = words.find((one) => Buffer.from(sent[0] as Uint8Array).includes(one))
    if (word === undefined) return written
    appendFileSync(file, `${word}\n`)
    process.kill(process.pid, 'SIGKILL')
    return written
  } as typeof send
