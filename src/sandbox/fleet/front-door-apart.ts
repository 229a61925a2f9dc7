import { once } from 'node:events'
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads'
import { keepingCompiledCode } from '../compiled-code.ts'
import type { FrontDoor } from './front-door.ts'
import type { DoorData, DoorSaid } from './front-door-thread.ts'
import { lowestOf, type PooledInstance, sizeOf } from './pool.ts'

/**
 * Starts a front door in a thread of its own: what keeps this process busy, like git or a parser, keeps no visitor
 * waiting. The pool is as the thread last told of it: at each change and each failure.
 */
export async function startFrontDoorApart(
  instances: readonly PooledInstance[],
  standIn: readonly PooledInstance[],
  home: string,
): Promise<FrontDoor> {
  const { port1: said, port2: tell } = new MessageChannel()
  const workerData: DoorData = { instances, standIn, home, tell }
  const env = { ...process.env, ...keepingCompiledCode }
  const options = { workerData, transferList: [tell], execArgv: [], env }
  const thread = new Worker(new URL('./front-door-thread.ts', import.meta.url), options)
  await once(thread, 'message')
  let last: DoorSaid | undefined
  const now = (): DoorSaid => {
    for (let next = receiveMessageOnPort(said); next !== undefined; next = receiveMessageOnPort(said))
      last = next.message
    if (last === undefined) throw new Error('The front door has told nothing')
    return last
  }
  const { url } = now()
  const close = async (): Promise<void> => {
    const exited = once(thread, 'exit')
    thread.postMessage('close')
    await exited
    now()
    said.close()
  }
  let closed: Promise<void> | null = null

  return {
    url,
    get members() {
      return now().members
    },
    get standIn() {
      return now().standIn
    },
    get history() {
      return now().history
    },
    get settings() {
      return now().settings
    },
    poolSize: () => sizeOf(now().members),
    lowestPool: (since) => lowestOf(now(), since),
    close: () => (closed ??= close()),
  }
}
