import { PassThrough } from 'node:stream'
import type { Output } from '../shell/output.ts'
import { readLines } from '../shell/reading.ts'
import type { Connection } from './connection.ts'
import type { Reply } from './replies.ts'
import type { HostTrouble } from './trouble.ts'

/** The end of a command on a host. */
export type Exit =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'nowhere' }
  | { readonly kind: 'unwritten' }
  | { readonly kind: 'lost'; readonly trouble: HostTrouble }

/** The course of one command, from the replies. It ends with the connection at the latest. */
export interface Course {
  /** Resolves when the command runs, or never will. */
  readonly started: Promise<void>
  readonly exit: Promise<Exit>
  /** Resolves when its group is gone, or the connection that would report it is lost. */
  readonly gone: Promise<'gone' | 'lost'>
  /** Resolves when no process holds its output any more. */
  readonly ended: Promise<void>
  /** Resolves when all its output was read, also if a process still holds it. */
  heard(): Promise<void>
}

/** The exit code of shells for a command that cannot be executed. */
const NEVER_EXECUTED = 126

export function followOn(connection: Connection, output: Output, answer?: (line: string) => void): Course {
  const started = Promise.withResolvers<void>()
  const exit = Promise.withResolvers<Exit>()
  const gone = Promise.withResolvers<'gone' | 'lost'>()
  const ended = Promise.withResolvers<void>()
  const [stdout, aside] = [new PassThrough(), new PassThrough()]
  let heard = stdout
  const readings = [
    readLines(stdout, (line, cut) => {
      answer?.(line)
      output.take(line, cut, answer === undefined)
    }),
    readLines(aside, output.take),
  ]

  /** The first ending counts, as with promises. */
  function leave(as: Exit): void {
    exit.resolve(as)
    started.resolve()
  }

  function finish(as: Exit): void {
    leave(as)
    ended.resolve()
    stdout.end()
    aside.end()
  }

  connection.attend({
    output(bytes) {
      if (!heard.destroyed) heard.write(bytes)
    },
    reply(reply: Reply) {
      switch (reply.kind) {
        case 'started':
          return started.resolve()
        case 'aside':
          heard = aside
          return
        case 'nowhere':
        case 'unwritten':
          return leave(reply)
        case 'exited':
          return leave(reply)
        case 'gone':
          return gone.resolve('gone')
        case 'ended':
          return finish({ kind: 'exited', code: NEVER_EXECUTED })
        case 'box':
        case 'ready':
          return
      }
    },
    lost(trouble) {
      gone.resolve('lost')
      finish({ kind: 'lost', trouble })
    },
  })
  return {
    started: started.promise,
    exit: exit.promise,
    gone: gone.promise,
    ended: ended.promise,
    async heard() {
      await Promise.all(readings.map((reading) => reading.finish()))
    },
  }
}
