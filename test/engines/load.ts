import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, onTestFinished } from 'vitest'

/** Visitors of a service, over kept connections. They leave with their test, whatever its end. */
export interface Load {
  stop(): Promise<LoadTold>
}

export interface LoadTold {
  readonly count: number
  readonly failed: number
  readonly reasons: Readonly<Record<string, number>>
  readonly versions: Readonly<Record<string, number>>
}

/** One request of a visitor who keeps no connection; milliseconds since the epoch. */
export interface Answer {
  readonly sent: number
  readonly ended: number
  readonly version: string
  /** Why it failed; empty where it did not. */
  readonly failed: string
}

/** Visitors who come every few milliseconds, each over a connection of its own. */
export interface Probing {
  stop(): Promise<readonly Answer[]>
}

/** Sends requests by a command that tells at its end how they went. */
export function startLoad(command: readonly string[]): Load {
  const stop = sending(command)
  return { stop: async () => JSON.parse(await stop()) }
}

/** Sends requests by a command that tells at its end of each of them, in the order in which they were sent. */
export function startProbing(command: readonly string[]): Probing {
  const stop = sending(command)
  return {
    async stop() {
      const answers: Answer[] = JSON.parse(await stop())
      return answers.toSorted((one, other) => one.sent - other.sent)
    },
  }
}

/** Starts a command that tells at its end how its requests went. Returns how to end it, and hear that. */
function sending([program = '', ...words]: readonly string[]): () => Promise<string> {
  const started = spawn(program, words, { stdio: ['ignore', 'pipe', 'inherit'] })
  const gone = once(started, 'close')
  onTestFinished(async () => {
    started.kill('SIGKILL')
    await gone
  })
  let told = ''
  started.stdout.on('data', (chunk) => {
    told += chunk
  })
  return async () => {
    started.kill('SIGTERM')
    await gone
    return told
  }
}

/** Expects that no request failed, and shows the reasons where one did. */
export const expectNoneFailed = ({ failed, reasons }: LoadTold): void =>
  expect({ failed, reasons }).toEqual({ failed: 0, reasons: {} })
