import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import type { ShopSide } from '../fleet/door-sides.ts'
import type { Shop } from '../fleet/shop.ts'
import type { WrittenDetour, WrittenLedger } from './ledgers.ts'

/** Returns the contradictions between a ledger's detour, the front door, the stand-in and its database. */
export async function ofDetour(ledger: WrittenLedger, shop: Shop): Promise<string[]> {
  if (shop.standIn.length === 0) return []
  const { environment, deployment } = ledger
  const told = shop.blueGreen ? ofSide(ledger, shop) : await ofStandInOf(ledger, shop)
  // A run at work, or one that was lost, may be a deed ahead of the ledger.
  return deployment?.holder == null ? told.map((sentence) => `${environment}: ${sentence}`) : []
}

const ofSide = ({ side, deployment }: WrittenLedger, { frontDoor: { settings } }: Shop): string[] => {
  const last = side ?? 'home'
  return [
    ...(settings.side === last ? [] : [`visitors were moved to ${last}, but are on ${settings.side}`]),
    ...(deployment != null || settings.writes === 'open'
      ? []
      : ['nothing is under way, but writes are shut']),
  ]
}

async function ofStandInOf({ detour = null }: WrittenLedger, shop: Shop): Promise<string[]> {
  const versions = await Promise.all(shop.standIn.map(({ name }) => shop.instanceVersion(name)))
  return detour === null ? none(shop, versions) : open(detour, shop, versions)
}

type Versions = readonly (string | undefined)[]

function none({ frontDoor: { settings }, databases, standIn }: Shop, versions: Versions): string[] {
  return [
    ...(settings.side === 'home' ? [] : ['no detour is open, but visitors are on the stand-in']),
    ...(settings.writes === 'open' ? [] : ['no detour is open, but writes are shut']),
    ...(existsSync(databases['stand-in']) ? ['no detour is open, but the copy is there'] : []),
    ...standIn.flatMap(({ name }, at) =>
      versions[at] === undefined ? [] : [`no detour is open, but ${name} serves ${versions[at]}`],
    ),
  ]
}

function open(detour: WrittenDetour, shop: Shop, versions: Versions): string[] {
  const { settings } = shop.frontDoor
  const side = sideIn(detour)
  const writes = side === 'stand-in' && detour.mode === 'read-only' ? 'shut' : 'open'
  return [
    ...(settings.side === side ? [] : [`visitors were seen on ${side}, but are on ${settings.side}`]),
    ...(side === 'home' || settings.writes === writes
      ? []
      : [`writes are ${settings.writes} and not ${writes}`]),
    ...(side === 'stand-in' ? ofStandIn(detour, shop, versions) : []),
  ]
}

const sideIn = ({ notes }: WrittenDetour): ShopSide =>
  notes.findLast(({ act }) => act === 'at-stand-in' || act === 'at-home')?.act === 'at-stand-in'
    ? 'stand-in'
    : 'home'

function ofStandIn(
  { release, mode }: WrittenDetour,
  { standIn, databases }: Shop,
  versions: Versions,
): string[] {
  return [
    ...standIn.flatMap(({ name }, at) =>
      versions[at] === release.tag
        ? []
        : [`${name} serves ${versions[at] ?? 'nothing'} and not ${release.tag}`],
    ),
    ...(mode === 'read-only' && takesWrites(databases['stand-in'])
      ? ['the stand-in is read-only, but its database takes writes']
      : []),
  ]
}

function takesWrites(file: string): boolean {
  if (!existsSync(file)) return false
  const database = new DatabaseSync(file)
  try {
    database.exec('BEGIN; CREATE TABLE "rollgate looks" (id INTEGER); ROLLBACK')
    return true
  } catch {
    return false
  } finally {
    database.close()
  }
}
