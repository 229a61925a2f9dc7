import { setTimeout as delay } from 'node:timers/promises'
import { pauses } from '../../domain/config/pace.ts'
import { atMost } from '../at-most.ts'
import { ANSWER_TIMEOUT, exchange } from './exchange.ts'

/** The number of connections at once; the runtime socket takes ten by default, and other clients use it too. */
const CONNECTIONS = 4

/**
 * The longest time in milliseconds that a balancer may be unreachable: its socket is busy, or it is being
 * reloaded.
 */
const PATIENCE = 2000

/** The reason why a command to a balancer failed, as the end of a sentence. */
export class BalancerTrouble extends Error {}

/** A balancer that answered, and has no such server. */
export class NoSuchServer extends BalancerTrouble {}

/** Sends commands to one balancer, over a few connections at a time. Rejects with BalancerTrouble. */
export function createConnections(address: string): (...commands: readonly string[]) => Promise<string[]> {
  const inTurn = atMost(CONNECTIONS)
  return (...commands) => inTurn(() => patiently(address, commands))
}

/** Every command sets or reads a state, so commands with lost answers are simply sent again. */
async function patiently(address: string, commands: readonly string[]): Promise<string[]> {
  const deadline = Date.now() + PATIENCE
  const pace = pauses()
  for (;;) {
    const pause = pace.next().value
    try {
      return await exchange(address, ...commands)
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException
      if (!passing.has(code) || Date.now() + pause > deadline) throw inWords(error as Error, address)
    }
    await delay(pause)
  }
}

/** Errors that a full backlog or a reload brings about. */
const passing = new Set(['EAGAIN', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE'])

function inWords(error: NodeJS.ErrnoException, address: string): BalancerTrouble {
  switch (error.code) {
    case 'ENOENT':
      return new BalancerTrouble(`there is no socket ${address}`)
    case 'EACCES':
    case 'EPERM':
      return new BalancerTrouble(`this user may not open the socket ${address}`)
    case 'ECONNREFUSED':
      return new BalancerTrouble(`no balancer listens at ${address}`)
    case 'EAGAIN':
      return new BalancerTrouble(`the balancer at ${address} takes no more connections`)
    case 'ECONNRESET':
    case 'EPIPE':
      return new BalancerTrouble(`the balancer at ${address} breaks the connection off`)
    case 'ETIMEDOUT':
      return new BalancerTrouble(
        `the balancer at ${address} gave no answer within ${ANSWER_TIMEOUT / 1000} s`,
      )
    default:
      return new BalancerTrouble(`the balancer at ${address} cannot be reached: ${error.message}`)
  }
}
