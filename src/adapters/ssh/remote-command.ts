import { constants } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import type { Finished } from '../../pipeline/ports.ts'
import { endingOf, exitedWith } from '../shell/ending.ts'
import type { Output } from '../shell/output.ts'
import type { Connection } from './connection.ts'
import { type Course, type Exit, followOn } from './course.ts'
import { isOwn } from './driver.ts'
import { endRequest, hushRequest, type RunRequest } from './requests.ts'
import type { HostTrouble } from './trouble.ts'
import { whyUnwritten } from './unwritten.ts'

/** The listener of a command, and its limits. `timeout` in milliseconds. */
export interface Attention {
  readonly timeout: number
  readonly signal: AbortSignal
  readonly output: Output
  /** Takes the lines of its stdout, for a question. */
  readonly answer?: ((line: string) => void) | undefined
}

export type RemotelyFinished =
  | Exclude<Finished, { kind: 'unreachable' }>
  | { readonly kind: 'unreachable'; readonly trouble: HostTrouble; readonly tail: readonly string[] }

/** The longest time for an answer of the driver, apart from the two seconds that a group has to end by itself. */
const ANSWER_MS = 3000
const GRACE_MS = 2000

/** Runs a command over an open connection. Resolves when it has ended, early with its whole group, and was heard. */
export async function runRemotely(
  connection: Connection,
  request: RunRequest,
  { timeout, signal, output, answer }: Attention,
): Promise<RemotelyFinished> {
  const course = followOn(connection, output, answer)
  connection.run(request)
  const ending = await endingOf(course.exit, timeout, signal)
  const confirmed = ending === 'by itself' || (await endEarly(connection, course, request))
  await hearOut(connection, course)

  switch (ending) {
    case 'stopped':
      return { kind: 'stopped', tail: output.tail() }
    case 'timed out':
      return timedOut(timeout, output.tail(), confirmed)
    case 'by itself':
      return leftAs(await course.exit, connection, request, output.tail())
  }
}

/**
 * Resolves with true if the host has reported its end. Without an answer the connection is dropped, and the
 * driver ends the command as soon as it notices.
 */
async function endEarly(
  connection: Connection,
  { started, gone }: Course,
  { script }: RunRequest,
): Promise<boolean> {
  // The driver hears nothing before its own script has ended.
  if (isOwn(script)) {
    await connection.drop()
    return false
  }
  const asked = started.then(() => connection.send(endRequest))
  if (await within(GRACE_MS + ANSWER_MS, Promise.all([asked, gone]))) return (await gone) === 'gone'
  await connection.drop()
  return false
}

/** A daemon that holds the output of a command which has ended is not listened to for long. */
async function hearOut(connection: Connection, { heard, ended }: Course): Promise<void> {
  await heard()
  if (await within(0, ended)) return
  connection.send(hushRequest)
  if (!(await within(ANSWER_MS, ended))) await connection.drop()
}

const within = (ms: number, done: Promise<unknown>): Promise<boolean> =>
  Promise.race([done.then(() => true), delay(ms, false, { ref: false })])

function timedOut(after: number, tail: readonly string[], confirmed: boolean): RemotelyFinished {
  const finished = { kind: 'timed-out', after, tail } as const
  return confirmed ? finished : { ...finished, unconfirmed: true }
}

/**
 * A driver that could not write there is not used again: the next command gets a new one, if there is room
 * for it.
 */
async function leftAs(
  exit: Exit,
  connection: Connection,
  request: RunRequest,
  tail: readonly string[],
): Promise<RemotelyFinished> {
  if (exit.kind === 'unwritten') {
    await connection.drop()
    await connection.over
  }
  return finishedAs(exit, request, tail)
}

function finishedAs(exit: Exit, { folder }: RunRequest, tail: readonly string[]): RemotelyFinished {
  switch (exit.kind) {
    case 'exited': {
      const signal = signalIn(exit.code)
      return signal === null ? exitedWith(exit.code, tail) : { kind: 'signalled', signal, tail }
    }
    case 'nowhere':
      return { kind: 'not-found', name: folder, tail }
    case 'unwritten':
      return { kind: 'unreachable', trouble: { kind: 'unfit', why: whyUnwritten(tail), lines: tail }, tail }
    case 'lost':
      return { kind: 'unreachable', trouble: exit.trouble, tail }
  }
}

/** Signals that certainly ended a command; programs use other codes above 128 themselves. */
const ends = ['SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGILL', 'SIGINT', 'SIGKILL', 'SIGSEGV', 'SIGTERM'] as const

/** The exit code of shells for a signal: 128 and its number. */
const signalIn = (code: number): string | null =>
  ends.find((signal) => constants.signals[signal] + 128 === code) ?? null
