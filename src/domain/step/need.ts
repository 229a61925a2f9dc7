import type { Recipe } from '../config/recipe.ts'
import { detourOf } from '../detour/asked.ts'
import { moveOverIn } from '../detour/move-over.ts'
import { isStarted } from '../ledger/open-migration.ts'
import type { Omission } from '../plan/mode-traits.ts'
import { modes } from '../plan/modes.ts'
import { resetsData, type Undertaking } from '../plan/undertaking.ts'
import type { World } from '../plan/wish.ts'
import { compatibilityOf } from '../release/compatibility.ts'
import { keepsApart } from '../rolling/keeps-apart.ts'
import { rolledServices } from './rolls.ts'
import { changesService, type Step } from './step.ts'
import { traitsOf } from './traits.ts'

/** The part of the world that tells which steps are needed. */
type Needing = Pick<World, 'release' | 'recipe' | 'policy' | 'ledger'>

/** Returns the reason why this environment or request does not need a step of the mode; otherwise null. */
export function notNeeded(undertaking: Undertaking, step: Step, world: Needing): Omission {
  const reason = whyNotNeeded(undertaking, step, world)
  return reason === null ? null : { kind: 'left-out', reason }
}

function whyNotNeeded(undertaking: Undertaking, step: Step, world: Needing): string | null {
  switch (traitsOf(step).neededWhere) {
    case 'always':
      return null
    case 'new-schema':
      return whyUnchecked(undertaking, world)
    case 'not-started':
      return whyStarted(world)
    case 'migrating':
      return whyNotMigrated(undertaking, world)
    case 'serving':
      return world.ledger.serving === null
        ? 'nothing serves yet, and the hook runs as the serving release defines it'
        : null
    case 'maintained':
      return whyServed(undertaking, world)
    case 'named':
      return whyUnnamed(undertaking, step, world.recipe)
  }
}

/** Returns why visitors see the application all the time; null if they see the maintenance page. */
function whyServed(undertaking: Undertaking, world: Needing): string | null {
  const { steps } = world.recipe
  const { when, closeAfter } = steps.maintenance ?? { when: 'always' }
  const { omits, shutsOut } = modes[undertaking.mode]
  if (when === 'always' || shutsOut || resetsData(undertaking)) return null
  if (closeAfter === 'services' && meetsBoth(undertaking, world)) return null
  if (steps.migrate === null || omits('migrate') !== null || whyStarted(world) !== null)
    return 'nothing is migrated'
  return when === 'contract' && steps.migrate.phase === 'expand'
    ? 'the application works during an expand migration'
    : null
}

/** True if visitors would meet two releases that must not serve together. Those on a stand-in meet one at a time. */
const meetsBoth = (undertaking: Undertaking, world: Needing): boolean =>
  keepsApart(undertaking.mode, world) !== null &&
  detourOf(undertaking, world) === null &&
  moveOverIn(world) === null

/** Returns why the schema of the database stays as it is; null if it changes. */
function whyNotMigrated(undertaking: Undertaking, world: Needing): string | null {
  const { needs, omits } = modes[undertaking.mode]
  if (needs === 'migration' || resetsData(undertaking)) return null
  if (world.recipe.steps.migrate === null || omits('migrate') !== null) return 'nothing is migrated'
  return whyStarted(world)
}

function whyUnnamed(undertaking: Undertaking, step: Step, recipe: Recipe): string | null {
  if (!changesService(step)) return null
  const { name } = step.service
  const named = rolledServices(undertaking, recipe).some((service) => service.name === name)
  return named ? null : `${name} is not among the services that are asked for`
}

/** Returns the reason why the migration of a release needs no start; null if it does. */
function whyStarted({ ledger: { migration }, release }: Needing): string | null {
  return migration !== null && isStarted(migration, release)
    ? `deployment ${migration.deployment} has started it with ${migration.release.tag}, and it is open`
    : null
}

/** Returns the reason why the checks of the serving release would prove nothing; null if they would. */
function whyUnchecked(
  undertaking: Undertaking,
  { ledger, recipe: { steps }, release }: Needing,
): string | null {
  const { serving } = ledger
  if (serving === null) return 'nothing serves yet that could be gone back to'
  const { tag, schemaVersion } = serving.release
  if (resetsData(undertaking)) return 'all data is set up anew, and there is no rollback'
  if (steps.migrate === null) return 'nothing is migrated'
  if (steps.migrate.phase === 'contract')
    return `after a contract migration ${tag} does not work, and there is no safe rollback`
  // A migration that broke something here may have been corrected by hand: only the checks can tell.
  if (compatibilityOf(ledger, serving.release, release)?.kind === 'refuted') return null
  return schemaVersion !== null && schemaVersion === release.schemaVersion
    ? `both releases have schema ${schemaVersion}`
    : null
}
