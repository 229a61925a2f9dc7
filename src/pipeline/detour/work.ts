import { type DeclaredService, onFleets } from '../../domain/config/declared-service.ts'
import type { Service } from '../../domain/config/service.ts'
import type { Closing, DetourDeed, DetourEvidence, DetourNote } from '../../domain/detour/deed.ts'
import type { DetourSeen } from '../../domain/detour/detour-seen.ts'
import type { BySide, DetourSide } from '../../domain/detour/side.ts'
import type { DetourState } from '../../domain/detour/turn.ts'
import { type Direction, onward } from '../../domain/journal/direction.ts'
import type { OpenDetour } from '../../domain/ledger/open-detour.ts'
import type { ProblemWords } from '../../domain/problem.ts'
import type { DetourStep, HandOverStep } from '../../domain/step/step.ts'
import { handOverSteps, rollSteps } from '../../domain/step/steps-in.ts'
import type { DetourControl, Variables } from '../ports.ts'
import { type Context, variables } from '../run/context.ts'

/** The work on one detour, of one step. */
export interface DetourWork {
  readonly context: Context
  /** The step that does it, or that is undone. */
  readonly step: string
  readonly mode: DetourState['mode']
  readonly id: string
  readonly control: DetourControl
  readonly seen: Variables
  /** The services of the stand-in. */
  readonly standIn: readonly DeclaredService[]
  /** The services on fleets at home. */
  readonly home: readonly Service[]
  /** The steps that hand services at home over to their engines. */
  readonly engines: readonly HandOverStep[]
  /** The direction of the deployment: home gets the release, or is brought back. */
  readonly direction: Direction
  /** The way in which the databases are ended, where they are. */
  readonly way: Closing
  /** The side of the door that each side of the databases is: the copy may be at home. */
  readonly at: BySide<DetourSide>
  /** The names of earlier copies, which may be in the place of this one. */
  readonly earlier: readonly string[]
  /** Returns the deeds so far, as the ledger of this run has them by now. */
  notes(): readonly DetourNote[]
}

/** Returns the work of a step on the open detour of its environment; null where none is open. */
export async function detourWork(
  context: Context,
  { id: step, detour: recipe }: DetourStep,
  { direction = onward, way = 'return' }: Partial<Pick<DetourWork, 'direction' | 'way'>> = {},
): Promise<DetourWork | null> {
  const open = openIn(context)
  if (open === null) return null
  const { ports, plan } = context
  const home = rollSteps(plan.steps).map(({ service }) => service)
  const sides = [...home, ...onFleets(recipe.services)].map(({ name, fleet }) => ({ service: name, fleet }))
  const seen = { ...(await variables(context, direction)), ROLLGATE_DETOUR: open.id }
  // A plan that changes no service has the hosts of home among the fleets of its commands alone.
  const control = ports.detour(recipe, [...sides, ...plan.fleets])
  const engines = handOverSteps(plan.steps)
  return {
    ...{ context, step, id: open.id, control, seen, home, engines, direction, way },
    ...{ mode: recipe.mode, standIn: recipe.services },
    at: { home: 'home', 'stand-in': 'stand-in' },
    earlier: [],
    notes: () => openIn(context)?.notes ?? [],
  }
}

/** The open detour, as the ledger of this run has it. */
export const openIn = ({ session }: Pick<Context, 'session'>): OpenDetour | null => session.ledger.detour

/** Looks at the databases and at the door, at the same time: what is seen apart may have changed meanwhile. */
export async function lookAtDetour({ control, id, seen, context }: DetourWork): Promise<DetourSeen> {
  const signal = context.stop.forced
  const [database, door] = await Promise.all([
    control.database.observe(id, seen, signal),
    control.door.observe(seen, signal),
  ])
  return { database, door }
}

/** The evidence of the newest deed of a kind; empty without one. */
export const evidenceOf = ({ notes }: Pick<DetourWork, 'notes'>, act: string): DetourEvidence =>
  notes().findLast((note) => note.act === act)?.evidence ?? {}

/** The end of a deed whose result could not be seen. */
export const unseen = ({ code, what, next }: ProblemWords): DetourDeed => ({
  kind: 'failed',
  failure: { code, what, tail: [], next },
})
