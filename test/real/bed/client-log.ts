import type { DetourSide } from '../../../src/domain/detour/side.ts'

/** A write that the shop has acknowledged, as its client keeps it. */
export interface Acknowledged {
  readonly did: Did
  /** The note of the order before it. */
  readonly note: string
  /** The side that acknowledged it. */
  readonly side: string
}

/** An order takes a piece of the stock as well, in the same transaction. */
export type Did = 'ordered' | 'amended' | 'cancelled'

/** The rows of each table that a write changes. */
const rowsOf: Readonly<Record<Did, Readonly<Record<string, number>>>> = {
  ordered: { 'public.orders': 1, 'public.stock': 1 },
  amended: { 'public.orders': 1 },
  cancelled: { 'public.orders': 1 },
}

/** Pieces in stock before the first order. */
export const STOCK = 1_000_000

/** A database with exactly these writes: every order left in it, sorted, and the pieces left in stock. */
export interface ShopRows {
  readonly orders: readonly string[]
  readonly stock: number
}

export function rowsAfter(log: readonly Acknowledged[]): ShopRows {
  const orders = new Set<string>()
  for (const { did, note } of log) {
    if (did === 'ordered') orders.add(note)
    else orders.delete(note)
    if (did === 'amended') orders.add(amended(note))
  }
  return { orders: [...orders].sort(), stock: STOCK - log.filter(({ did }) => did === 'ordered').length }
}

export const amended = (note: string): string => `${note} amended`

/** The writes that each side has acknowledged. */
export const bySide = (log: readonly Acknowledged[]): Readonly<Record<DetourSide, Acknowledged[]>> => ({
  home: log.filter(({ side }) => side === 'home'),
  'stand-in': log.filter(({ side }) => side === 'stand-in'),
})

/** Rows that these writes have changed, by table. */
export function changedBy(log: readonly Acknowledged[]): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const { did } of log)
    for (const [table, rows] of Object.entries(rowsOf[did])) sums[table] = (sums[table] ?? 0) + rows
  return sums
}
