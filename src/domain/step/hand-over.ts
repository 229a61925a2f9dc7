import type { EngineService } from '../config/engine-recipe.ts'
import type { Serving } from '../ledger/ledger.ts'
import { modes } from '../plan/modes.ts'
import type { Mode } from '../plan/undertaking.ts'
import { type HandOverStep, handOverId } from './step.ts'

/** Returns the step that hands a service over, with the images of the serving release as the ledger has them. */
export const handOverOf = (service: EngineService, mode: Mode, serving: Serving | null): HandOverStep => ({
  kind: 'hand-over',
  id: handOverId(service.name),
  service,
  before: serving?.images[service.name] ?? null,
  testBed: serving !== null && modes[mode].testBed ? service.testBed : null,
  restart: modes[mode].rolls === 'restart',
  unvisited: false,
})
