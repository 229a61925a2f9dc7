import { modes } from '../plan/modes.ts'
import type { Undertaking } from '../plan/undertaking.ts'
import type { World } from '../plan/wish.ts'
import type { ProblemWords } from '../problem.ts'
import { isAbout } from './asked.ts'
import { moveOverIn } from './move-over.ts'

/**
 * Refuses a deployment without a detour where the policy wants one: home would be changed under its visitors, and no
 * release may leave that out by a config of its own. Nothing can stand aside for the first one.
 */
export function directRefusals(
  { mode }: Undertaking,
  { release, recipe, policy, ledger }: Pick<World, 'release' | 'recipe' | 'policy' | 'ledger'>,
): ProblemWords[] {
  const { requiresDetour: wanted } = policy
  const isDirect =
    modes[mode].goesForward && ledger.serving !== null && moveOverIn({ recipe, policy }) === null
  if (wanted === undefined || !isDirect || !isAbout(wanted, recipe.steps.migrate)) return []
  const has = recipe.steps.detour != null && policy.detourAbsent !== true
  return [
    {
      code: 'detour-refused',
      what: `${release.tag} would change ${policy.name} directly, and its policy wants a detour: requires.detour: ${wanted}.`,
      why: 'Visitors would be there while it is changed, and nothing could bring its database back.',
      next: `${
        has
          ? 'Deploy with detour: true'
          : 'Add steps.detour to the config and make a new release, or deploy it to an environment that does not ask for one'
      }. Nothing was changed.`,
    },
  ]
}
