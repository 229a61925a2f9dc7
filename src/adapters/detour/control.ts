import { type CommandFleet, withoutOwn } from '../../domain/config/command-fleet.ts'
import { programHostsOf } from '../../domain/config/detour-commands.ts'
import type {
  DatabaseRecipe,
  DetourParts,
  DoorRecipe,
  HaproxyDoor,
  HostOf,
} from '../../domain/config/detour-recipe.ts'
import type { DetourControl, DetourDatabase, DetourDoor, Ports, Shell } from '../../pipeline/ports.ts'
import { createCommandDatabase } from './command/database.ts'
import { createCommandDoor } from './command/door.ts'
import type { MapHost } from './haproxy/map-files.ts'
import { createHaproxyDoor } from './haproxy-door.ts'
import { createKubernetesDoor } from './kubernetes/door.ts'
import { createMarks } from './marker.ts'
import { createPostgresDetour } from './postgres.ts'
import { createSqliteDatabase } from './sqlite/database.ts'

/** The means of every control. */
interface DetourMeans extends Pick<Ports, 'clock' | 'shell' | 'fleet'> {
  /** The variables of this run, secrets among them: addresses of databases are there. */
  readonly env: NodeJS.ProcessEnv
}

/**
 * Returns the controls of detours and doors by their recipes: the same one for the same recipe on the same hosts, as long as
 * the run lasts. It may hold a fence from one step to another.
 */
export function createDetours(means: DetourMeans): Pick<Ports, 'detour' | 'door'> {
  const controls = new Map<string, DetourControl>()
  return {
    detour(recipe, fleets) {
      const { database, door, mode, revertBy, copied } = recipe
      const hosts = programHostsOf(recipe).map((on) => hostOf(on, fleets))
      const key = JSON.stringify([database, door, mode, revertBy, copied, hosts])
      const control = controls.get(key) ?? controlOf(recipe, fleets, means)
      controls.set(key, control)
      return control
    },
    door: (recipe, fleets) => doorOf(recipe, fleets, means),
  }
}

const controlOf = (
  recipe: DetourParts,
  fleets: readonly CommandFleet[],
  means: DetourMeans,
): DetourControl => ({
  database: databaseOf(recipe.database, recipe, fleets, means),
  door: doorOf(recipe.door, fleets, means),
})

function databaseOf(
  recipe: DatabaseRecipe,
  shape: DetourParts,
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
      return createSqliteDatabase(recipe, shape)
    case 'command':
      return createCommandDatabase(recipe, means, shape)
  }
}

function doorOf(recipe: DoorRecipe, fleets: readonly CommandFleet[], means: DetourMeans): DetourDoor {
  switch (recipe.kind) {
    case 'haproxy':
      return createHaproxyDoor(recipe, { ...means, hosts: hostsOf(recipe.on, fleets, means) })
    case 'kubernetes':
      return createKubernetesDoor(recipe, means)
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
  const host = hostOf(on, fleets)
  if (host === null) return nowhere(`${on.service}/${on.instance}`)
  const { recipe, instance } = host
  return { run: (command, variables, watch) => fleet(recipe).run(instance, command, variables, watch) }
}

/** Returns the host of an instance; null for one that no fleet has. A service has a fleet on each side. */
function hostOf({ service, instance: name }: HostOf, fleets: readonly CommandFleet[]) {
  for (const one of fleets) {
    const instance = one.fleet.instances.find((its) => one.service === service && its.name === name)
    if (instance !== undefined) return { recipe: withoutOwn(one).fleet, instance }
  }
  return null
}

const nowhere = (place: string): Shell => ({
  run: async () => ({ kind: 'not-found', name: place, tail: [] }),
})
