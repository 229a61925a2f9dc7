import { onFleets } from '../../../domain/config/declared-service.ts'
import type { MoveOver, OwnDatabases } from '../../../domain/config/detour-recipe.ts'
import { turned } from '../../../domain/detour/own/own.ts'
import type { DatabasePair } from '../../../domain/detour/own/pair.ts'
import { type DetourSide, otherSide } from '../../../domain/detour/side.ts'
import type { Direction } from '../../../domain/journal/direction.ts'
import { rollSteps } from '../../../domain/step/steps-in.ts'
import type { Context } from '../../run/context.ts'
import { sidedVariables } from '../visitors.ts'
import type { DetourWork } from '../work.ts'

/** A step between two sides with a database each. */
interface OwnWork {
  readonly id: string
  readonly copies: OwnDatabases
  /** Its services are those of the side that the deployment leaves alone. */
  readonly over: MoveOver
  /** The side that the deployment changes. */
  readonly to: DetourSide
}

export const pairIn = ({ session }: Pick<Context, 'session'>): DatabasePair | null => session.ledger.pair

/** Returns the work of a step on the databases of two sides; null where the ledger knows no copy. */
export async function ownWork(
  context: Context,
  { id: step, copies, over, to }: OwnWork,
  direction: Direction,
): Promise<DetourWork | null> {
  const pair = pairIn(context)
  if (pair === null) return null
  const { ports, plan } = context
  const { copied } = pair
  const changed = rollSteps(plan.steps).map(({ service }) => service)
  const others = onFleets(over.services)
  const fleets = [...changed, ...others].map(({ name, fleet }) => ({ service: name, fleet }))
  const parts = { database: turned(copies, copied), door: over.door, copied }
  const control = ports.detour({ ...parts, mode: 'read-write', revertBy: 'promote' }, [
    ...fleets,
    ...plan.fleets,
  ])
  const seen = { ...(await sidedVariables(context, to, direction)), ROLLGATE_DETOUR: pair.id }
  return {
    ...{ context, step, id: pair.id, mode: 'read-write', control, seen, direction, way: 'move' },
    ...(copied === to ? { home: others, standIn: changed } : { home: changed, standIn: others }),
    engines: [],
    at: { home: otherSide(copied), 'stand-in': copied },
    earlier: pair.earlier,
    notes: () => pairIn(context)?.notes ?? [],
  }
}
