import type { CommandFleet } from '../../domain/config/command-fleet.ts'
import type {
  DatabaseRecipe,
  DoorRecipe,
  HaproxyDoor,
  HostOf,
  StepAside,
} from '../../domain/config/detour-recipe.ts'
import type { DetourControl, DetourDatabase, DetourDoor, Ports, Shell } from '../../pipeline/ports.ts'
import { createCommandDatabase } from './command/database.ts'
import { createCommandDoor } from './command/door.ts'
import type { MapHost } from './haproxy/map-files.ts'
import { createHaproxyDoor } from './haproxy-door.ts'
import { createMarks } from './marker.ts'
import { createPostgresDetour } from './postgres.ts'
import { createSqliteDatabase } from './sqlite/database.ts'

/** The means of every control. */
interface DetourMeans extends Pick<Ports, 'clock' | 'shell' | 'fleet'> {
  /** The variables of this run, secrets among them: addresses of databases are there. */
  readonly env: NodeJS.ProcessEnv
}

/** Returns the controls of detours and doors by their recipes: the same one for the same recipe, as long as the run lasts. */
export function createDetours(means: DetourMeans): Pick<Ports, 'detour' | 'door'> {
  const controls = new Map<string, DetourControl>()
  return {
    detour(recipe, fleets) {
      const key = JSON.stringify([recipe.database, recipe.door, recipe.mode, recipe.revertBy])
      const control = controls.get(key) ?? controlOf(recipe, fleets, means)
      controls.set(key, control)
      return control
    },
    door: (recipe, fleets) => doorOf(recipe, fleets, means),
  }
}

const controlOf = (
  recipe: StepAside,
  fleets: readonly CommandFleet[],
  means: DetourMeans,
): DetourControl => ({
  database: databaseOf(recipe.database, recipe, fleets, means),
  door: doorOf(recipe.door, fleets, means),
})

function databaseOf(
  recipe: DatabaseRecipe,
  shape: StepAside,
  fleets: readonly CommandFleet[],
  means: DetourMeans,
): DetourDatabase {
  switch (recipe.kind) {
    case 'postgres':
      return createPostgresDetour(recipe, shape, {
        ...means,
        programs: programsOn(recipe.on, fleets, means),
      })
    case 'sqlite':
      return createSqliteDatabase(recipe)
    case 'command':
      return createCommandDatabase(recipe, means)
  }
}

function doorOf(recipe: DoorRecipe, fleets: readonly CommandFleet[], means: DetourMeans): DetourDoor {
  switch (recipe.kind) {
    case 'haproxy':
      return createHaproxyDoor(recipe, { ...means, hosts: hostsOf(recipe.on, fleets, means) })
    case 'command': {
      const marks = recipe.marker === null ? null : createMarks(recipe.marker)
      return createCommandDoor(recipe, { ...means, marker: marks === null ? null : marks.read })
    }
  }
}

/** Returns the hosts of a map's files: the runner alone where none is named. */
const hostsOf = (
  on: HaproxyDoor['on'],
  fleets: readonly CommandFleet[],
  means: DetourMeans,
): readonly MapHost[] =>
  on.length === 0
    ? [{ name: '', programs: means.shell }]
    : on.map((one) => ({ name: `${one.service}/${one.instance}`, programs: programsOn(one, fleets, means) }))

/** Returns the programs of the runner, or of the host of an instance. */
function programsOn(
  on: HostOf | null,
  fleets: readonly CommandFleet[],
  { shell, fleet }: DetourMeans,
): Shell {
  if (on === null) return shell
  // A service has a fleet on each side, and the instance is in one of them.
  for (const { service, fleet: recipe } of fleets) {
    const instance = recipe.instances.find(({ name }) => service === on.service && name === on.instance)
    if (instance !== undefined)
      return { run: (command, variables, watch) => fleet(recipe).run(instance, command, variables, watch) }
  }
  return nowhere(`${on.service}/${on.instance}`)
}

const nowhere = (place: string): Shell => ({
  run: async () => ({ kind: 'not-found', name: place, tail: [] }),
})
