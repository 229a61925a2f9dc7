import type { DatabaseRecipe, MoveOver, OwnDatabases } from '../../config/detour-recipe.ts'
import { hasBegun, type Standing } from '../../journal/deployment-standing.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import type { Plan } from '../../plan/plan.ts'
import type { Decision, Failure } from '../../question/decision.ts'
import { sameCommit } from '../../release/release.ts'
import { copyOverStep, moveOverStep } from '../../step/steps-in.ts'
import { type DetourSide, otherSide } from '../side.ts'

/** Two sides with a database each: a deployment copies that of the side that serves to the side that it changes. */

/** Returns the databases of two sides; null where they share one, or have none. */
export const ownIn = (moving: MoveOver | null): OwnDatabases | null =>
  moving === null || typeof moving.database === 'string' ? null : moving.database

/** Returns the databases as a detour has them whose stand-in is the side with the copy. */
export function turned({ of }: OwnDatabases, copied: DetourSide): DatabaseRecipe {
  switch (of.kind) {
    case 'command':
      return of
    case 'sqlite':
      return copied === 'stand-in' ? of : { kind: 'sqlite', home: of.standIn, standIn: of.home }
    case 'postgres': {
      const { address, places, replication, ...rest } = of
      const [source, copy] = [places[otherSide(copied)], places[copied]]
      const homeAt = { host: source.host, port: source.port }
      return { ...rest, home: address, homeAt, replication, standIn: copy, homeData: source.data }
    }
  }
}

/**
 * True if going back to a release is one switch: the side that visitors left last has it, with its database as it was when
 * they left.
 */
export const isStraightBack = (
  { pair, serving }: Pick<Ledger, 'pair' | 'serving'>,
  release: { readonly sha: string },
): boolean => pair !== null && pair.phase === 'moved' && serving !== null && sameCommit(pair.left, release)

/**
 * True if a failure takes a deployment back unasked because writers wait for visitors to move. Once they have moved, none
 * waits any more.
 */
export const goesBackForWriters = (plan: Plan, now: Standing, { code }: Pick<Failure, 'code'>): boolean =>
  writersWait(plan, now) && code !== afterSwitch

/** The code of a failure that came after visitors had moved. */
export const afterSwitch = 'detour-left'

/** True while writers wait for visitors to move. */
const writersWait = (plan: Plan, now: Standing): boolean => {
  const copy = copyOverStep(plan.steps)
  const move = moveOverStep(plan.steps)
  if (copy === null || move === null || now.direction.to === 'old' || !hasBegun(now, copy)) return false
  return now.steps.get(move.id)?.state !== 'succeeded'
}

/** Returns the answer by which visitors may go back from a side where they have written; null without one. */
export function losingAnswer(plan: Plan, now: Standing): Decision | null {
  const move = moveOverStep(plan.steps)
  if (move?.own === undefined || move.own.accepts || !hasBegun(now, move)) return null
  return now.direction.to === 'old' || move.own.back ? 'retry' : 'roll-back'
}
