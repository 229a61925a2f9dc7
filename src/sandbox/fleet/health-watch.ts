import { Agent, request } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import type { Member } from './pool.ts'

const ANSWER_MS = 1000

export interface HealthWatch {
  stop(): Promise<void>
}

/** Asks each instance's `/is-alive` every `interval` milliseconds, one question at a time, and tells every answer. */
export function watchHealth(
  members: readonly Member[],
  interval: number,
  tell: (member: Member, alive: boolean) => void,
): HealthWatch {
  const agent = new Agent({ keepAlive: true })
  const closing = new AbortController()
  const rounds = members.map(watch)

  async function watch(member: Member): Promise<void> {
    while (!closing.signal.aborted) {
      tell(member, await isAlive(member.port, agent))
      await delay(interval, undefined, { signal: closing.signal }).catch(() => undefined)
    }
  }

  return {
    async stop() {
      closing.abort()
      await Promise.all(rounds)
      agent.destroy()
    },
  }
}

function isAlive(port: number, agent: Agent): Promise<boolean> {
  return new Promise((resolve) => {
    const asking = request({ host: '127.0.0.1', port, path: '/is-alive', agent, timeout: ANSWER_MS })
    asking.on('response', (response) => {
      response.resume()
      response.on('close', () => resolve(response.statusCode === 200))
    })
    asking.on('timeout', () => asking.destroy())
    asking.on('error', () => resolve(false))
    asking.end()
  })
}
