import type { StepAside } from '../config/detour-recipe.ts'
import { modes } from '../plan/modes.ts'
import { asksForDetour, type Undertaking } from '../plan/undertaking.ts'
import type { World } from '../plan/wish.ts'
import { asOpened } from './joined.ts'
import { standInServices } from './stand-in/services.ts'

/** The part of the world that tells if a deployment steps aside. */
type Detouring = Pick<World, 'recipe' | 'policy' | 'ledger'>

/**
 * Returns the detour that a deployment takes: one that is asked for, or that the config wants; null without one. Nothing
 * can stand in where nothing serves yet.
 */
export function detourOf(undertaking: Undertaking, { recipe, policy, ledger }: Detouring): StepAside | null {
  const detour = stepAsideIn({ recipe, policy })
  const { migrate } = recipe.steps
  if (detour === null) return null
  const { goesForward, goesBack, restores, needs } = modes[undertaking.mode]
  const restoring = goesBack && restores
  const closes = needs === 'detour'
  if (!(goesForward || closes || restoring) || ledger.serving === null) return null
  if (closes) return ledger.detour === null ? null : { ...detour, mode: ledger.detour.mode }
  if (ledger.detour !== null) return asOpened(detour, ledger)
  if (restoring || asksForDetour(undertaking)) return detour
  return detour.when !== 'asked' && isAbout(detour.when, migrate) ? detour : null
}

/** True if a word for deployments means one with this migration. */
export function isAbout(
  when: Exclude<StepAside['when'], 'asked'>,
  migrate: World['recipe']['steps']['migrate'],
): boolean {
  switch (when) {
    case 'always':
      return true
    case 'migrate':
      return migrate !== null
    case 'contract':
      return migrate !== null && migrate.phase !== 'expand'
  }
}

/** Returns the stand-in of a config in an environment; null where either has none. */
export const stepAsideIn = ({ recipe, policy }: Pick<Detouring, 'recipe' | 'policy'>): StepAside | null => {
  const { detour = null } = recipe.steps
  return detour === null || detour.kind !== 'aside' || policy.detourAbsent === true
    ? null
    : { ...detour, services: standInServices(detour, recipe.services) }
}
