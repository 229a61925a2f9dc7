import type { Release } from '../release/release.ts'

/**
 * The way that a deployment takes: the release that is brought, and whether the database keeps what was migrated. A way
 * back in code alone leaves the database as it is.
 */
export interface Direction {
  readonly to: 'new' | 'old'
  readonly database: 'stays' | 'restored'
}

export const onward: Direction = { to: 'new', database: 'stays' }

export const backInCode: Direction = { to: 'old', database: 'stays' }

export const restoring: Direction = { to: 'old', database: 'restored' }

/** Returns the release that a direction brings to instances. */
export const releaseOf = (
  { from, release }: { readonly from: Release | null; readonly release: Release },
  { to }: Direction,
): Release => (to === 'old' && from !== null ? from : release)

/** A direction as journals hold it since 0.1.0, which knows no restored database. */
export type WrittenDirection = 'forward' | 'back' | Direction

export const directionFrom = (written: WrittenDirection): Direction =>
  typeof written === 'string' ? (written === 'forward' ? onward : backInCode) : written

export const writtenDirection = (direction: Direction): WrittenDirection =>
  direction.database === 'restored' ? direction : direction.to === 'new' ? 'forward' : 'back'
