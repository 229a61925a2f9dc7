import { isSettled, type Recipe } from '../config/recipe.ts'
import type { Migration } from './manifest.ts'

/** Returns a recipe with the phase that the manifest keeps, where its config has a command for it. */
export function withPhase(recipe: Recipe, [kept]: readonly Migration[]): Recipe {
  const { migrate } = recipe.steps
  if (migrate === null || isSettled(migrate) || kept === undefined) return recipe
  return { ...recipe, steps: { ...recipe.steps, migrate: { ...migrate, phase: kept.phase } } }
}
