import type { EngineService } from './engine-recipe.ts'
import type { Service } from './service.ts'

/** A service as a recipe declares it: rolled over a fleet, or handed over to an engine. */
export type DeclaredService = Service | EngineService

/** True if an engine rolls the service. */
export const isOnEngine = (service: DeclaredService): service is EngineService => 'engine' in service

/** Returns the services that are rolled over fleets, in their declared order. */
export const onFleets = (services: readonly DeclaredService[]): Service[] =>
  services.filter((service): service is Service => !isOnEngine(service))

/** Returns the services that engines roll, in their declared order. */
export const onEngines = (services: readonly DeclaredService[]): EngineService[] =>
  services.filter(isOnEngine)
