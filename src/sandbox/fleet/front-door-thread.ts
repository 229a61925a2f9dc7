import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { type FrontDoor, startFrontDoor } from './front-door.ts'
import type { PooledInstance } from './pool.ts'
import { tellingScripts } from './pool-files.ts'

export interface DoorData {
  readonly instances: readonly PooledInstance[]
  /** SHOP_HOME, where scripts read the pool. */
  readonly home: string
  readonly tell: MessagePort
}

export type DoorSaid = Pick<FrontDoor, 'url' | 'members' | 'history'>

const { instances, home, tell } = workerData as DoorData
const tellScripts = tellingScripts(home)
const say = (): void => {
  const { url, members, history } = door
  tell.postMessage({ url, members, history } satisfies DoorSaid)
}
const door = await startFrontDoor({
  instances,
  tell(member) {
    tellScripts(member)
    say()
  },
})
door.members.forEach(tellScripts)
say()
parentPort?.postMessage('open')
parentPort?.once('message', async () => {
  await door.close()
  say()
  tell.close()
})
