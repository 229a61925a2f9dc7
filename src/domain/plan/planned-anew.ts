import { awayIn, supersededIn } from '../detour/joined.ts'
import { onChangedSide } from '../detour/move-over.ts'
import { takenBackBy } from '../ledger/open-migration.ts'
import { type Release, sameCommit, sameRelease } from '../release/release.ts'
import { targetBack } from '../release/way-back-after.ts'
import { chooseSteps } from '../step/standard-order.ts'
import { type Step, taskId } from '../step/step.ts'
import { modes } from './modes.ts'
import { type Plan, resets, servicesIn } from './plan.ts'
import { changesNothing, resetsData, rollsForward, taskOf, type Undertaking } from './undertaking.ts'
import type { World } from './wish.ts'

/** Returns the target of a later rollback, or null; its config is read before planning. */
export function releaseBack(asked: WishAhead): Release | null {
  const undertaking = plannedAnew(asked)
  return undertaking === null ? null : (targetBack(undertaking.mode, asked.world) ?? null)
}

/** Returns the steps of a wish, for readings before it is planned; empty if nothing is planned anew. */
export function stepsAhead(asked: WishAhead): readonly Step[] {
  const undertaking = plannedAnew(asked)
  return undertaking === null
    ? []
    : chooseSteps(undertaking, onChangedSide(asked.world, undertaking.mode)).steps
}

/** Returns the undertaking to plan; null if its plan is under way, or nothing is to be done. */
function plannedAnew(asked: WishAhead): Undertaking | null {
  const undertaking = settled(asked)
  return begunAlready(asked) === null && !changesNothing(undertaking) ? undertaking : null
}

/** The part of a wish that is known before all readings. */
export interface WishAhead {
  readonly undertaking: Undertaking
  readonly world: Pick<World, 'release' | 'ledger' | 'recipe' | 'policy'>
}

/** An open deployment continues as it was planned, even if its release serves by now. */
export function begunAlready(asked: WishAhead): Plan | null {
  const { ledger, release } = asked.world
  const plan =
    rollsForward(asked.undertaking) && supersededIn(ledger) !== null
      ? null
      : (ledger.deployment?.plan ?? null)
  if (plan === null || !sameRelease(plan.release, release)) return null
  return isOf(asked.undertaking, plan) || isOf(settled(asked), plan) ? plan : null
}

/** True if a plan fits the request. */
function isOf(undertaking: Undertaking, plan: Plan): boolean {
  const task = taskOf(undertaking)
  return (
    plan.mode === undertaking.mode &&
    !changesNothing(undertaking) &&
    resets(plan) === resetsData(undertaking) &&
    (!('services' in undertaking) || restartsSame(plan, undertaking.services)) &&
    (task === null || plan.steps.some(({ id }) => id === taskId(task)))
  )
}

/** A restart without named services was for all of them. */
function restartsSame(plan: Plan, services: readonly string[]): boolean {
  const rolled = servicesIn(plan)
  return services.length === 0
    ? plan.omitted.length === 0
    : rolled.length === services.length && rolled.every((name) => services.includes(name))
}

/** Returns the final undertaking: a deployment of the serving release is a redeploy. */
export function settled({ undertaking, world: { release, ledger } }: WishAhead): Undertaking {
  const serves = sameCommit(release, ledger.serving?.release)
  const { bringsRelease, goesBack, restores } = modes[undertaking.mode]
  // In an open detour home may run another release, whatever the ledger says that visitors have.
  if (!serves || !bringsRelease || restores || awayIn(ledger) !== null) return undertaking
  // Nothing else takes back a migration whose own release never came to serve.
  if (goesBack && takenBackBy(ledger, release) !== null) return undertaking
  const asked = 'redeploy' in undertaking && undertaking.redeploy
  const again = asked || ledger.unfinished.length > 0
  return { mode: 'redeploy', again, reset: resetsData(undertaking) }
}
