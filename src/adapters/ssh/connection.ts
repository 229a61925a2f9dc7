import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { Masker } from '../masking.ts'
import type { ProcessGroups } from '../shell/leftovers.ts'
import { createOutput } from '../shell/output.ts'
import { endGroup } from '../shell/process-group.ts'
import { readLines } from '../shell/reading.ts'
import type { Argv } from './commands.ts'
import { driver, UNFIT } from './driver.ts'
import { createReplyReader, type Hearer, type Reply } from './replies.ts'
import { beginning, createRequests, type RunRequest } from './requests.ts'
import { type HostTrouble, lossIn, shellMissing, troubleIn } from './trouble.ts'
import { whyUnwritten } from './unwritten.ts'

/** The surroundings of ssh here, and the mark by which leftovers are found. */
export interface Means {
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  readonly masker: Masker
  readonly groups: ProcessGroups
}

/** An open connection: the driver's own folder, and the home of the login. */
export interface Opened {
  readonly kind: 'open'
  readonly connection: Connection
  readonly box: string
  readonly home: string
}

/** The listener of a connection: its output, and its end. */
export interface Guest extends Hearer {
  lost(trouble: HostTrouble): void
}

export interface Connection {
  readonly opened: Promise<Opened | HostTrouble>
  readonly over: Promise<HostTrouble>
  /** Has the driver run a command, when it runs no other. */
  run(request: RunRequest): void
  send(request: string): void
  /** Replaces the listener. */
  attend(guest: Guest): void
  /** Ends the connection at once. The driver ends its commands as soon as it sees the end of its input. */
  drop(): Promise<void>
  /** Lets the driver clean up and exit, and drops a remaining connection after a second. */
  close(): Promise<void>
}

const CLOSING_MS = 1000

/** The kept characters of a login's output before the driver: they may name why it has no shell. */
const GREETING_LENGTH = 2000

/** Opens a connection within `patience` milliseconds. Never rejects. */
export function openConnection(argv: Argv, patience: number, means: Means): Connection {
  const { child, end, ended } = startSsh(argv, means)
  const opened = Promise.withResolvers<Opened | HostTrouble>()
  const over = Promise.withResolvers<HostTrouble>()
  const nonce = randomBytes(16).toString('hex')
  let isOpen = false
  let lost: HostTrouble | null = null
  let before = ''
  let guest: Guest = welcome(
    (box, home) => {
      isOpen = true
      opened.resolve({ kind: 'open', connection, box, home })
    },
    (text) => {
      before = (before + text).slice(-GREETING_LENGTH)
    },
  )

  const timer = setTimeout(() => void end(), patience)
  void opened.promise.then(() => clearTimeout(timer))
  void ended.then((end) => {
    lost = isOpen ? lossIn(end.lines) : neverOpened(end, linesIn(before, means.masker), patience)
    opened.resolve(lost)
    over.resolve(lost)
    guest.lost(lost)
  })

  const hear = createReplyReader(nonce, {
    output: (bytes) => guest.output(bytes),
    reply: (reply) => guest.reply(reply),
  })
  child.stdout.on('data', hear)
  // A write error needs no handling: the reader is gone, and `ended` reports that.
  child.stdin.on('error', () => {})
  child.stdin.write(beginning(driver, nonce))

  const inWords = createRequests()
  const send = (request: string) => void child.stdin.write(request)
  const connection: Connection = {
    opened: opened.promise,
    over: over.promise,
    run: (request) => send(inWords(request)),
    send,
    attend(next) {
      guest = next
      if (lost !== null) next.lost(lost)
    },
    drop: end,
    async close() {
      child.stdin.end()
      if (isOpen) await Promise.race([over.promise, delay(CLOSING_MS, undefined, { ref: false })])
      await end()
      await over.promise
    },
  }
  return connection
}

/** Hears the driver's first two replies. Whatever else the login says before them is no command's output. */
function welcome(arrived: (box: string, home: string) => void, greeted: (text: string) => void): Guest {
  let box = ''
  return {
    output: (bytes) => greeted(Buffer.from(bytes).toString()),
    reply(reply: Reply) {
      if (reply.kind === 'box') box = reply.path
      if (reply.kind === 'ready') arrived(box, reply.path)
    },
    lost() {},
  }
}

interface Ssh {
  readonly child: ChildProcessWithoutNullStreams
  readonly ended: Promise<EndedConnection>
  end(): Promise<void>
}

interface EndedConnection {
  readonly started: boolean
  /** The shell's, or 255 as ssh's own; null where a signal ended it. */
  readonly code: number | null
  /** The words of ssh itself: the driver keeps the errors of commands apart, so that this stream has no others. */
  readonly lines: readonly string[]
}

function startSsh([program, ...words]: Argv, { cwd, env, masker, groups }: Means): Ssh {
  const child = spawn(program, words, { cwd, env, stdio: 'pipe', detached: true })
  const { pid } = child
  if (pid !== undefined) groups.add(pid)
  const said = createOutput(masker, () => {})
  const reading = readLines(child.stderr, said.take)
  const gone = new Promise((resolve) => {
    child.once('exit', resolve)
    child.once('error', resolve)
  })
  return {
    child,
    ended: gone.then(async () => {
      if (pid !== undefined) groups.remove(pid)
      await reading.finish()
      return { started: pid !== undefined, code: child.exitCode, lines: said.tail() }
    }),
    async end() {
      if (pid !== undefined && child.exitCode === null && child.signalCode === null) await endGroup(pid)
    },
  }
}

/** The exit code of ssh for its own failures. */
const SSH_FAILED = 255

function neverOpened(
  { started, code, lines }: EndedConnection,
  greeting: readonly string[],
  patience: number,
): HostTrouble {
  if (!started) return { kind: 'no-ssh' }
  if (code === UNFIT) return { kind: 'unfit', why: whyUnwritten(lines), lines }
  if (code === null || code === SSH_FAILED)
    return troubleIn(lines, `no shell answered within ${patience / 1000} s`)
  return shellMissing(code, [...greeting, ...lines])
}

function linesIn(text: string, masker: Masker): readonly string[] {
  const output = createOutput(masker, () => {})
  for (const line of text.split('\n')) if (line.trim() !== '') output.take(line, false)
  return output.tail()
}
