import { eventually } from '../../src/sandbox/fleet/eventually.ts'
import { type EngineShop, isHandedOver } from './engine-shop.ts'
import type { ImageKind } from './images/images.ts'

/** The change of another program while a release is on its way. */
export type Meanwhile = 'nothing' | 'scaled to zero' | 'another rollout'

/** A release that does not come to serve. */
export interface BadRelease {
  readonly kind: ImageKind
  readonly meanwhile: Meanwhile
}

/** The same five for every engine. */
export const badReleases: readonly BadRelease[] = [
  { kind: 'crash', meanwhile: 'nothing' },
  { kind: 'neverReady', meanwhile: 'nothing' },
  { kind: 'missing', meanwhile: 'nothing' },
  { kind: 'slow', meanwhile: 'scaled to zero' },
  { kind: 'slow', meanwhile: 'another rollout' },
]

/** A way to deploy, which says if it succeeded. */
export interface Way {
  deploy(): Promise<boolean>
  hasBegun(): Promise<boolean>
  /** Has another program change the service. */
  disturb(how: Exclude<Meanwhile, 'nothing'>): Promise<unknown>
}

/** The release v2 of a shop, by Rollgate. */
export const wayOf = (shop: EngineShop, disturb: Way['disturb']): Way => ({
  deploy: async () => (await shop.deploy('v2')).main.outputs.outcome === 'succeeded',
  hasBegun: async () => isHandedOver(shop),
  disturb,
})

/** Deploys a bad release in some way, and returns true if the way says that it succeeded. */
export async function saysSuccess(way: Way, { meanwhile }: BadRelease): Promise<boolean> {
  const deploying = way.deploy()
  if (meanwhile !== 'nothing') {
    await eventually('it has begun', way.hasBegun)
    await way.disturb(meanwhile)
  }
  return deploying
}

/** Returns true if a command ends with 0. */
export const endsWell = (command: Promise<unknown>): Promise<boolean> =>
  command.then(
    () => true,
    () => false,
  )

/** The answers of a tool and of Rollgate, as a table at the end. */
export function sideBySide(tool: string) {
  const rows: Record<string, string>[] = []
  const word = (success: boolean) => (success ? 'success' : 'no success')
  return {
    note({ kind, meanwhile }: BadRelease, byTool: boolean, byRollgate: boolean): void {
      rows.push({ release: kind, meanwhile, [tool]: word(byTool), Rollgate: word(byRollgate) })
    },
    print: (): void => console.table(rows),
  }
}
