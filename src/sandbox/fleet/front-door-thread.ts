import { join } from 'node:path'
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { type FrontDoor, startFrontDoor } from './front-door.ts'
import type { PooledInstance } from './pool.ts'
import { tellingScripts } from './pool-files.ts'

export interface DoorData {
  readonly instances: readonly PooledInstance[]
  readonly standIn: readonly PooledInstance[]
  /** SHOP_HOME, where scripts read the pool. */
  readonly home: string
  readonly tell: MessagePort
}

export type DoorSaid = Pick<FrontDoor, 'url' | 'members' | 'standIn' | 'history' | 'settings'>

const { instances, standIn, home, tell } = workerData as DoorData
const tellScripts = tellingScripts(home)
const say = (): void => {
  const { url, members, standIn, history, settings } = door
  tell.postMessage({ url, members, standIn, history, settings } satisfies DoorSaid)
}
const door = await startFrontDoor({
  instances,
  standIn,
  settings: join(home, 'door.json'),
  changed: () => say(),
  tell(member) {
    tellScripts(member)
    say()
  },
})
for (const member of [...door.members, ...door.standIn]) tellScripts(member)
say()
parentPort?.postMessage('open')
parentPort?.once('message', async () => {
  await door.close()
  say()
  tell.close()
})
