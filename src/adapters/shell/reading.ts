import type { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { createLines, LINE_LIMIT } from './lines.ts'

/** The time without output, once the command is gone, after which its output counts as complete. */
const QUIET_MS = 200
/** The longest time to listen to another process that keeps writing. */
const LONGEST_MS = 1000

export interface OutputReading {
  /**
   * Call it when the command has ended. Resolves at the end of the stream, or when all output of the command
   * must have been read: a daemon of the command may hold the stream open for days. The stream is then
   * closed, so that a daemon which still writes there fails now, in sight of the health check, and not when
   * the run ends.
   */
  finish(): Promise<void>
}

/** Reads a stream of UTF-8 as lines; any other byte becomes U+FFFD. */
export function readLines(
  stream: Readable,
  take: (line: string, cut: boolean) => void,
  limit: number = LINE_LIMIT,
): OutputReading {
  const decoder = new TextDecoder()
  const lines = createLines(take, limit)
  const closed = new Promise((resolve) => stream.once('close', resolve))
  let heard = 0
  stream.on('data', (bytes: Uint8Array) => {
    heard = performance.now()
    lines.push(decoder.decode(bytes, { stream: true }))
  })

  return {
    async finish() {
      const began = performance.now()
      const left = () => {
        const now = performance.now()
        return Math.min(Math.max(heard, began) + QUIET_MS, began + LONGEST_MS) - now
      }
      while (!stream.closed && left() > 0)
        await Promise.race([closed, delay(left(), undefined, { ref: false })])
      stream.destroy()
      lines.push(decoder.decode())
      lines.end()
    },
  }
}
