import { type DeclaredService, isOnEngine } from '../config/declared-service.ts'
import { labelOf, type MoveOver } from '../config/detour-recipe.ts'
import { madeLike } from '../config/engine-recipe.ts'
import type { Recipe } from '../config/recipe.ts'
import { modes } from '../plan/modes.ts'
import type { Mode } from '../plan/undertaking.ts'
import type { World } from '../plan/wish.ts'
import { type BySide, type DetourSide, otherSide } from './side.ts'

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

/**
 * True for a deployment that brings its release to the side that visitors are not on. One that finds it serving, like a
 * redeployment or a restart, changes the instances that they are on.
 */
export const bringsOver = (mode: Mode): boolean =>
  modes[mode].rolls === 'release' && !modes[mode].findsServing

/** Returns the side that a deployment changes. A first release goes home. */
export function changedSide(mode: Mode, { ledger }: Pick<MovingWorld, 'ledger'>): DetourSide {
  const side = servingSide(ledger)
  return bringsOver(mode) && ledger.serving !== null ? otherSide(side) : side
}

/**
 * Returns the recipe as one side has it: its services are those of that side, and those of the blue-green are the services
 * of the other.
 */
export function recipeOn(recipe: Recipe, moving: MoveOver | null, side: DetourSide): Recipe {
  if (moving === null) return recipe
  const pairs = recipe.services.map((here): BySide<DeclaredService> => {
    const there = moving.services.find(({ name }) => name === here.name) ?? here
    return { home: here, 'stand-in': there }
  })
  const services = pairs.map((pair) => serviceOn(pair, moving, side))
  if (side === 'home') return { ...recipe, services }
  const detour: MoveOver = { ...moving, services: pairs.map(({ home }) => home) }
  return { ...recipe, services, steps: { ...recipe.steps, detour } }
}

/** The engine of a side knows the workload of the other one, and the label by which the door tells the two. */
function serviceOn(pair: BySide<DeclaredService>, { door }: MoveOver, side: DetourSide): DeclaredService {
  const [service, other] = [pair[side], pair[otherSide(side)]]
  const mark = labelOf(door, side)
  if (mark === null || !isOnEngine(service) || !isOnEngine(other)) return service
  return { ...service, engine: madeLike(service.engine, other.engine, mark) }
}

/** Returns the world of a deployment, whose services are those of the side that it changes. */
export const onChangedSide = <W extends MovingWorld>(world: W, mode: Mode): W => ({
  ...world,
  recipe: recipeOn(world.recipe, moveOverIn(world), changedSide(mode, world)),
})
