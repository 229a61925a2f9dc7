import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import type { Pool } from './pool.ts'

/** A side of the shop: its instances, with a database of their own. */
export type ShopSide = 'home' | 'stand-in'

export type DoorPools = Readonly<Record<ShopSide, Pool>>

/** The settings of the door: who answers visitors, and whether they may write. */
export interface DoorSettings {
  readonly side: ShopSide
  readonly writes: 'open' | 'shut'
}

export interface SettingsKeeper {
  now(): DoorSettings
  /** The settings in the file; null without one. */
  inFile(): DoorSettings | null
  /** Writes the file first, so that a door that starts again knows. */
  change(part: Partial<DoorSettings>): void
}

export function keepSettings(file: string | undefined, changed: () => void): SettingsKeeper {
  const inFile = (): DoorSettings | null =>
    file === undefined || !existsSync(file) ? null : JSON.parse(readFileSync(file, 'utf8'))
  let settings: DoorSettings = inFile() ?? { side: 'home', writes: 'open' }
  return {
    now: () => settings,
    inFile,
    change(part) {
      const next = { ...settings, ...part }
      if (file !== undefined) {
        writeFileSync(`${file}.new`, JSON.stringify(next))
        renameSync(`${file}.new`, file)
      }
      settings = next
      changed()
    },
  }
}

/** `GET` shows the settings and the requests in flight, `POST` takes some of the settings as JSON. */
export async function answerAtDoor(
  keeper: SettingsKeeper,
  pools: DoorPools,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (incoming.method === 'POST') keeper.change(JSON.parse(await text(incoming)))
  const { side, writes } = keeper.now()
  const inFlight = { home: inFlightIn(pools.home), 'stand-in': inFlightIn(pools['stand-in']) }
  const body = { file: keeper.inFile()?.side ?? side, memory: side, writes, 'in-flight': inFlight }
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

const inFlightIn = ({ members }: Pool): number => members.reduce((sum, { inflight }) => sum + inflight, 0)

export const isRead = ({ method }: IncomingMessage): boolean => method === 'GET' || method === 'HEAD'

/** Has a visitor come again in a moment. */
export function comeAgain(response: ServerResponse): void {
  response
    .writeHead(503, { 'content-type': 'text/plain', 'retry-after': '1' })
    .end('the shop takes no orders for a moment')
}
