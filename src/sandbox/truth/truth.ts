import type { Shop } from '../fleet/shop.ts'
import type { SandboxGitHub } from '../github/github.ts'
import type { EndedProcess } from '../runner/runner.ts'
import { ofDetour } from './detours.ts'
import { instancesOf, namesIn, ofInstances } from './instances.ts'
import { lastChange, ledgersIn } from './ledgers.ts'
import { ofRecords } from './records.ts'
import { ofResults } from './results.ts'

/**
 * Compares Rollgate's claims with the world: the answers of the instances, the front door's pool, and
 * GitHub's records. It reads the ledger as JSON and shares no code with Rollgate, so that a wrong rule there
 * is not wrong here too.
 */

export interface SandboxWorld {
  readonly github: SandboxGitHub
  readonly shop: Shop
  /** Main and post of every job, in the order in which they ended. */
  readonly told: readonly EndedProcess[]
}

/** Each place where the world is not what the ledgers, the records and the last results say, as a sentence. Empty when all agree. */
export async function untruths(world: SandboxWorld): Promise<string[]> {
  const ledgers = await ledgersIn(world.github)
  const seen = await instancesOf(world.shop)
  const newest = ledgers.toSorted((one, other) => lastChange(other).localeCompare(lastChange(one)))[0]
  const found: string[] = []
  for (const ledger of ledgers) {
    const listed = await namesIn(world.github, ledger.environment)
    const names = listed ?? seen.map(({ name }) => name)
    // Environments that share their instances take turns: the one that changed last says what they serve.
    const own = names.length < seen.length || ledger === newest
    const listedHere = own ? seen.filter(({ name }) => names.includes(name)) : []
    // With blue-green the other side may have any release: the ledger speaks of the one with visitors.
    const away = world.shop.blueGreen && ledger.side === 'stand-in'
    const instances = away && own ? await instancesOf(world.shop, 'stand-in') : listedHere
    found.push(
      ...ofInstances(ledger, instances),
      ...ofRecords(ledger, world.github),
      ...ofResults(ledger, world.told, instances),
      ...(own ? await ofDetour(ledger, world.shop) : []),
    )
  }
  return found
}
