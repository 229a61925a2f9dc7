import type { Command } from '../../domain/config/command.ts'
import type { Variables } from '../../pipeline/ports.ts'
import { LONGEST_TIMER } from '../clock.ts'
import { endingOf } from '../shell/ending.ts'
import { argvOf } from '../shell/script.ts'
import { type Argv, type Destination, masterCommand, sharedCommand, wordLikeAnOption } from './commands.ts'
import { type Connection, type Means, type Opened, openConnection } from './connection.ts'
import { type Attention, type RemotelyFinished, runRemotely } from './remote-command.ts'
import type { HostTrouble } from './trouble.ts'

/** A command for a host. Its timeout counts from its start there. */
export interface RemoteWork extends Pick<Command, 'run' | 'shell' | 'workingDirectory' | 'timeout'> {
  /** True if no command is expected to run there soon after it. */
  readonly last: boolean
  /** True for a question: its stderr is no part of the answer. */
  readonly apart: boolean
}
export type Waiting = Omit<Attention, 'timeout'>
/** Paths on a host depend on the home of the login. */
export type VariablesThere = (home: string) => Variables

/** A host behind one connection, which is opened when it is needed, and anew when it was lost. */
export interface RemoteHost {
  /** Opens a connection. Resolves with null if `signal` or `close` came first. */
  open(signal: AbortSignal): Promise<Opened | HostTrouble | null>
  /**
   * Runs one command after another: a caller waits while one runs. Commands see these variables and the
   * login's own.
   */
  run(work: RemoteWork, variables: VariablesThere, attention: Waiting): Promise<RemotelyFinished>
  /** The words that run a command beside those, over the same connection. */
  beside(remote: string): Argv
  /** Returns true if a connection is there, or is being opened. */
  isOpen(): boolean
  /** Closes the connection until one is needed again, unless a command runs. */
  rest(): Promise<void>
  close(): Promise<void>
}

/** ssh's own timeout does not cover everything that may hang. */
const BEYOND_SSH_MS = 2000

/** The parts that connections to all hosts share. */
export interface Sharing {
  /** The path of a socket for one connection, never the same twice. */
  nextSocket(): string
  /** Opens a connection when not too many others are being opened. */
  inTurn(open: () => Promise<unknown>): Promise<unknown>
}

export function createRemoteHost(to: Destination, means: Means, { nextSocket, inTurn }: Sharing): RemoteHost {
  let socket = nextSocket()
  let current: Promise<Connection | null> | null = null
  let queue: Promise<void> = Promise.resolve()
  let closed = false
  let waiting = 0
  let parting: Promise<void> = Promise.resolve()

  /** Answers null when the host was closed before it was its turn. */
  function connect(): Promise<Connection | null> {
    if (current !== null) return current
    const begun = Promise.withResolvers<Connection | null>()
    void inTurn(async () => {
      if (closed) return begun.resolve(null)
      socket = nextSocket()
      const connection = openConnection(masterCommand(to, socket), to.connectTimeout + BEYOND_SSH_MS, means)
      begun.resolve(connection)
      void connection.over.then(() => {
        if (current === begun.promise) current = null
      })
      await connection.opened
    })
    current = begun.promise
    return current
  }

  async function part(): Promise<void> {
    const connection = current
    current = null
    await (await connection)?.close()
  }

  async function open(signal: AbortSignal): Promise<Opened | HostTrouble | null> {
    const word = wordLikeAnOption(to)
    if (word !== null) return { kind: 'unreachable', why: `${word} begins as an option does`, lines: [] }
    if (signal.aborted) return null
    const opened = connect().then((connection) => connection?.opened ?? null)
    return (await comesFirst(opened, signal)) ? opened : null
  }

  async function runNow(
    work: RemoteWork,
    variables: VariablesThere,
    attention: Waiting,
  ): Promise<RemotelyFinished> {
    const there = await open(attention.signal)
    if (there === null) return { kind: 'stopped', tail: [] }
    if (there.kind !== 'open') return { kind: 'unreachable', trouble: there, tail: [] }
    const request = {
      argv: argvOf(work.shell, `${there.box}/script`),
      env: variables(there.home),
      folder: work.workingDirectory,
      script: work.run,
      last: work.last,
      apart: work.apart,
    }
    return runRemotely(there.connection, request, { ...attention, timeout: work.timeout })
  }

  return {
    open,
    async run(work, variables, attention) {
      const before = queue
      const mine = Promise.withResolvers<void>()
      queue = before.then(() => mine.promise)
      waiting += 1
      try {
        if (!(await comesFirst(before, attention.signal))) return { kind: 'stopped', tail: [] }
        return await runNow(work, variables, attention)
      } finally {
        waiting -= 1
        mine.resolve()
      }
    },
    beside: (remote) => sharedCommand(to, socket, remote),
    isOpen: () => current !== null,
    rest() {
      if (waiting === 0) parting = part()
      return parting
    },
    async close() {
      closed = true
      await Promise.all([parting, part()])
    },
  }
}

/** Returns true if the promise settles before the abort. */
const comesFirst = async (done: Promise<unknown>, signal: AbortSignal): Promise<boolean> =>
  (await endingOf(done, LONGEST_TIMER, signal)) === 'by itself'
