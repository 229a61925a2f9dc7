import { type DeclaredService, isOnEngine, onFleets } from '../config/declared-service.ts'
import type { MoveOver } from '../config/detour-recipe.ts'
import type { Recipe } from '../config/recipe.ts'
import { modes } from '../plan/modes.ts'
import type { Mode } from '../plan/undertaking.ts'
import type { World } from '../plan/wish.ts'
import { type DetourSide, otherSide } from './side.ts'

/** Blue-green: two sides, of which one serves and the other gets the next release. */

type MovingWorld = Pick<World, 'recipe' | 'policy' | 'ledger'>

/** Returns the blue-green of a recipe; null where it has none. */
export const moveOverOf = ({ steps: { detour = null } }: Pick<Recipe, 'steps'>): MoveOver | null =>
  detour?.kind === 'over' ? detour : null

/** Returns the blue-green of a recipe in an environment; null also where the environment cannot have one. */
export const moveOverIn = ({ recipe, policy }: Pick<MovingWorld, 'recipe' | 'policy'>): MoveOver | null =>
  policy.detourAbsent === true ? null : moveOverOf(recipe)

/** The side that serves, as the last switch left it: home until there was one. */
export const servingSide = ({ side }: { readonly side: DetourSide | null }): DetourSide => side ?? 'home'

/** Returns the side that a deployment changes: the one that visitors are not on. A first release goes home. */
export function changedSide(mode: Mode, { ledger }: Pick<MovingWorld, 'ledger'>): DetourSide {
  const side = servingSide(ledger)
  return modes[mode].rolls !== 'release' || ledger.serving === null ? side : otherSide(side)
}

/**
 * Returns the recipe as one side has it: its services are the instances of that side, and those of the blue-green are the
 * instances of the other.
 */
export function recipeOn(recipe: Recipe, moving: MoveOver | null, side: DetourSide): Recipe {
  if (moving === null || side === 'home') return recipe
  const there = (service: DeclaredService): DeclaredService =>
    moving.services.find(({ name }) => !isOnEngine(service) && name === service.name) ?? service
  const detour: MoveOver = { ...moving, services: onFleets(recipe.services) }
  return { ...recipe, services: recipe.services.map(there), steps: { ...recipe.steps, detour } }
}

/** Returns the world of a deployment, whose services are those of the side that it changes. */
export const onChangedSide = <W extends MovingWorld>(world: W, mode: Mode): W => ({
  ...world,
  recipe: recipeOn(world.recipe, moveOverIn(world), changedSide(mode, world)),
})
