import { onEngines, onFleets } from '../config/declared-service.ts'
import { modes } from '../plan/modes.ts'
import type { Undertaking } from '../plan/undertaking.ts'
import type { World } from '../plan/wish.ts'
import type { ProblemWords } from '../problem.ts'
import { sameCommit } from '../release/release.ts'
import { orderOf } from '../rolling/rollout-order.ts'
import { rolledServices } from '../step/rolls.ts'
import { chooseSteps } from '../step/standard-order.ts'

type WorldTogether = Pick<World, 'release' | 'recipe' | 'policy' | 'ledger'>

/**
 * Refuses a roll of a release that says that it and the one before must not serve together: in a roll both do for a
 * while. A detour, a move to the other side in one switch, and a maintenance page that is up until every service is done
 * keep visitors from that.
 */
export function togetherRefusals(undertaking: Undertaking, world: WorldTogether): ProblemWords[] {
  const { release, recipe, policy, ledger } = world
  const from = ledger.serving?.release ?? null
  if (recipe.compatible !== false || !modes[undertaking.mode].goesForward) return []
  if (from === null || sameCommit(from, release)) return []
  if (!servesTogether(undertaking, world) || isKeptAway(undertaking, world)) return []
  return [
    {
      code: 'release-incompatible',
      what: `${release.tag} says that it and ${from.tag} must not serve together, and a roll of ${policy.name} has both serve for a while.`,
      why: 'Its config has release.compatible: false. A roll, and a test bed, change one instance after another.',
      next: 'Make the release compatible in both directions, in smaller steps or behind a feature flag; or step aside with detour: true; or show a maintenance page until the services are done: steps.maintenance with close-after: services. Nothing was changed.',
    },
  ]
}

/** True if the two releases serve at once: several instances never change in one moment. */
function servesTogether(undertaking: Undertaking, { recipe }: WorldTogether): boolean {
  const changed = rolledServices(undertaking, recipe)
  const services = onFleets(changed)
  // An engine has both serve while it rolls, and so do two services.
  if (onEngines(changed).length > 0) return true
  const instances = services.reduce((sum, { fleet }) => sum + Math.max(1, fleet.instances.length), 0)
  return instances > 1 || services.some(({ rollout }) => orderOf(rollout.order).keepsTraffic)
}

const isKeptAway = (undertaking: Undertaking, world: WorldTogether): boolean =>
  chooseSteps(undertaking, world).steps.some(
    (step) =>
      'detour' in step ||
      'moving' in step ||
      ('maintenance' in step && step.maintenance.closeAfter === 'services'),
  )
