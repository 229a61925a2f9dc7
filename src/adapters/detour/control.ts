import type { DatabaseRecipe, StepAside } from '../../domain/config/detour-recipe.ts'
import type { DetourControl, DetourDatabase } from '../../pipeline/ports.ts'
import { createCommandDatabase } from './command/database.ts'
import { createCommandDoor } from './command/door.ts'
import type { VerbTools } from './command/verb.ts'
import { createSqliteDatabase } from './sqlite/database.ts'

/** Returns the controls of detours by their recipes: the same one for the same recipe, as long as the run lasts. */
export function createDetours(tools: VerbTools): (recipe: StepAside) => DetourControl {
  const controls = new Map<string, DetourControl>()
  return (recipe) => {
    const key = JSON.stringify([recipe.database, recipe.door])
    const control = controls.get(key) ?? controlOf(recipe, tools)
    controls.set(key, control)
    return control
  }
}

const controlOf = ({ database, door }: StepAside, tools: VerbTools): DetourControl => ({
  database: databaseOf(database, tools),
  door: createCommandDoor(door, { ...tools, marker: null }),
})

function databaseOf(recipe: DatabaseRecipe, tools: VerbTools): DetourDatabase {
  switch (recipe.kind) {
    case 'sqlite':
      return createSqliteDatabase(recipe)
    case 'command':
      return createCommandDatabase(recipe, tools)
  }
}
