import { onFleets } from '../../config/declared-service.ts'
import { discardedIn, type Undertaking } from '../../plan/undertaking.ts'
import type { World } from '../../plan/wish.ts'
import type { ProblemWords } from '../../problem.ts'
import type { Step } from '../../step/step.ts'
import { stepAsideIn } from '../asked.ts'
import { describeFailedHome, failedHomeOf } from './failed-home.ts'

/** The failed home of a detour that ended with its database brought back is removed by the name of that detour. */

type DiscardingWorld = Pick<World, 'release' | 'recipe' | 'policy' | 'ledger'>

/** Returns the step that removes the named failed home; none where nothing is removed, or it is refused. */
export function discardStep(
  undertaking: Undertaking,
  world: Pick<World, 'recipe' | 'policy' | 'ledger'>,
): Step[] {
  const failed = failedHomeOf(world.ledger, discardedIn(undertaking) ?? '')
  const aside = stepAsideIn(world)
  if (failed === null || aside === null) return []
  const fleets = onFleets([...world.recipe.services, ...aside.services])
  const hosts = fleets.map(({ name, fleet }) => ({ service: name, fleet }))
  return [{ kind: 'discard-failed-home', id: 'discard-failed-home', failed, aside, hosts }]
}

/** Returns the reasons why no failed home of this name may be removed. */
export function discardRefusals(undertaking: Undertaking, world: DiscardingWorld): ProblemWords[] {
  const name = discardedIn(undertaking)
  if (name === null) return []
  if (failedHomeOf(world.ledger, name) === null) return [unknownName(name, world)]
  return stepAsideIn(world) === null ? [without(name, world)] : []
}

function unknownName(name: string, { ledger }: DiscardingWorld): ProblemWords {
  const { failedHomes, environment } = ledger
  return {
    code: 'detour-unknown',
    what:
      name === ''
        ? `Removing a failed home of ${environment} needs the name of its detour.`
        : `${environment} keeps no failed home of ${name}.`,
    why:
      failedHomes.length === 0
        ? 'No failed home is kept there.'
        : `Known there: ${failedHomes.map(describeFailedHome).join('; ')}.`,
    next: `${failedHomes.length === 0 ? 'There is nothing to remove.' : `Give the option detour=${failedHomes[0]?.detour}.`} Nothing was changed.`,
  }
}

const without = (name: string, { release, policy }: DiscardingWorld): ProblemWords => ({
  code: 'detour-missing',
  what: `The failed home of ${name} cannot be removed by the config of ${release.tag}, which does not have its detour.`,
  why: `The place of the databases comes from the release that serves ${policy.name}.`,
  next: 'Deploy a release whose config has it, and try again; or remove it by hand. Nothing was changed.',
})
