import { onEngines, onFleets } from '../config/declared-service.ts'
import { modes } from '../plan/modes.ts'
import { acknowledgesDataLoss, type Undertaking } from '../plan/undertaking.ts'
import type { World } from '../plan/wish.ts'
import type { ProblemWords } from '../problem.ts'
import { orderOf } from '../rolling/rollout-order.ts'
import { rolledServices } from '../step/rolls.ts'
import { chooseSteps } from '../step/standard-order.ts'
import { keepsApart } from './keeps-apart.ts'

type WorldTogether = Pick<World, 'release' | 'recipe' | 'policy' | 'ledger'>

/**
 * Refuses a roll between two releases that must not serve together: in a roll both do for a while. A detour, a move to the
 * other side in one switch, and a maintenance page that is up until every service is done keep visitors from that. Going
 * back must stay possible at any hour, so a person may accept it there.
 */
export function togetherRefusals(undertaking: Undertaking, world: WorldTogether): ProblemWords[] {
  const overlap = overlapOf(undertaking, world)
  if (overlap === null || acknowledgesDataLoss(undertaking)) return []
  const next = modes[undertaking.mode].goesBack
    ? 'To go back anyway, while visitors may meet either release, set acknowledge-data-loss: true.'
    : 'Make the release compatible in both directions, in smaller steps or behind a feature flag; or step aside with detour: true.'
  return [
    {
      code: 'release-incompatible',
      what: `${overlap}.`,
      why: 'The config of that release has release.compatible: false. A roll, and a test bed, change one instance after another.',
      next: `${next} A maintenance page keeps them apart, too: steps.maintenance with close-after: services${pageOf(world)}. Nothing was changed.`,
    },
  ]
}

/** Returns why a rollback whose overlap was acknowledged is not safe; null for any other. */
export const acknowledgedOverlap = (undertaking: Undertaking, world: WorldTogether): string | null =>
  acknowledgesDataLoss(undertaking) ? overlapOf(undertaking, world) : null

/** Tells that both releases serve for a while though they must not; null where they may, or do not. */
function overlapOf(undertaking: Undertaking, world: WorldTogether): string | null {
  const { release, policy, ledger } = world
  const says = keepsApart(undertaking.mode, world)
  if (says === null || !servesTogether(undertaking, world) || isKeptAway(undertaking, world)) return null
  const from = ledger.serving?.release.tag ?? ''
  const way = modes[undertaking.mode].goesBack ? `going back from ${from} to` : `a roll from ${from} to`
  return `${says.tag} says that it and the release before it must not serve together, and ${way} ${release.tag} in ${policy.name} has both serve for a while`
}

/** The config of the release that comes counts: an older one may lack the page. */
const pageOf = ({ release, recipe }: WorldTogether): string =>
  recipe.steps.maintenance == null ? `, which ${release.tag} lacks` : ''

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
