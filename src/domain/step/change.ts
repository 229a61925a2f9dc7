import { type DeclaredService, isOnEngine } from '../config/declared-service.ts'
import { unfinishedOf } from '../ledger/unfinished.ts'
import type { Mode } from '../plan/undertaking.ts'
import type { World } from '../plan/wish.ts'
import { undesiredIn } from '../pull/desired.ts'
import { handOverOf } from './hand-over.ts'
import { checkOfInstance } from './instance-check.ts'
import { rollOf } from './rolls.ts'
import type { Step } from './step.ts'

/** Returns the step that changes a service, in the way that its place asks for. */
export function changeOf(
  service: DeclaredService,
  mode: Mode,
  world: Pick<World, 'release' | 'recipe' | 'ledger'>,
): Step {
  const { ledger, recipe } = world
  if (isOnEngine(service)) return handOverOf(service, mode, ledger.serving)
  return rollOf(
    service,
    mode,
    ledger.serving?.release ?? null,
    recipe.steps.build,
    unfinishedOf(service.name, ledger.unfinished),
    checkOfInstance(mode, world),
    undesiredIn(service, ledger.pulled, world.release),
  )
}
