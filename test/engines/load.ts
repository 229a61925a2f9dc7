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

/** Sends requests by a command that tells at its end how they went. */
export function startLoad([program = '', ...words]: readonly string[]): Load {
  const loading = spawn(program, words, { stdio: ['ignore', 'pipe', 'inherit'] })
  const gone = once(loading, 'close')
  onTestFinished(async () => {
    loading.kill('SIGKILL')
    await gone
  })
  let told = ''
  loading.stdout.on('data', (chunk) => {
    told += chunk
  })
  return {
    async stop() {
      loading.kill('SIGTERM')
      await gone
      return JSON.parse(told)
    },
  }
}

/** Expects that no request failed, and shows the reasons where one did. */
export const expectNoneFailed = ({ failed, reasons }: LoadTold): void =>
  expect({ failed, reasons }).toEqual({ failed: 0, reasons: {} })
