import type { EngineService } from '../../domain/config/engine-recipe.ts'
import type { EngineControl, Shell } from '../../pipeline/ports.ts'
import { createCommandEngine } from './command/engine.ts'

/** The means of every engine. */
export interface EngineOptions {
  readonly shell: Shell
}

/** Returns the control of the engine that a service lives on. */
export function createEngine({ name, engine }: EngineService, options: EngineOptions): EngineControl {
  switch (engine.kind) {
    case 'command':
      return createCommandEngine(name, engine, options)
  }
}
