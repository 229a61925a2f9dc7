import type { Command } from './command.ts'
import { type DeclaredService, onEngines, onFleets } from './declared-service.ts'
import type { EngineService } from './engine-recipe.ts'
import type { Fleet } from './fleet.ts'
import type { Chosen, OnEngine, OnInstances } from './place.ts'

/** The fleet of a service on which commands of steps run. Its own commands are not in it. */
export interface CommandFleet {
  readonly service: string
  readonly fleet: Fleet
}

/** The instances on which a command runs; null for a command of the runner. */
export const instancesOf = ({ on }: Command): OnInstances | null => (on?.kind === 'instances' ? on : null)

/** The engine on which a command runs as a job; null for any other command. */
export const jobOf = ({ on }: Command): OnEngine | null => (on?.kind === 'engine' ? on : null)

/** Returns the services on whose engines these commands run as jobs, in the order of the services. */
export function enginesFor(
  commands: readonly Command[],
  services: readonly DeclaredService[],
): EngineService[] {
  const wanted = new Set(commands.map((command) => jobOf(command)?.service))
  return onEngines(services).filter(({ name }) => wanted.has(name))
}

/** Returns the fleets of the named services, in the order of the services. */
export const fleetsOn = (names: readonly string[], services: readonly DeclaredService[]): CommandFleet[] =>
  onFleets(services)
    .filter(({ name }) => names.includes(name))
    .map(({ name, fleet }) => withoutOwn({ service: name, fleet }))

/** Returns a fleet without its own commands. */
export const withoutOwn = ({ service, fleet }: CommandFleet): CommandFleet => ({
  service,
  fleet: { ...fleet, stop: null, install: null, start: null },
})

/** Returns the names of the instances that a choice means; those that the fleet lacks are named as `missing`. */
export function chosenIn({ instances }: Fleet, chosen: Chosen): { names: string[]; missing: string[] } {
  const all = instances.map(({ name }) => name)
  switch (chosen.kind) {
    case 'one':
      return { names: all.slice(0, 1), missing: [] }
    case 'all':
      return { names: all, missing: [] }
    case 'named':
      return {
        names: all.filter((name) => chosen.names.includes(name)),
        missing: chosen.names.filter((name) => !all.includes(name)),
      }
  }
}
