import type { EngineService } from '../../domain/config/engine-recipe.ts'
import type { EngineControl } from '../../pipeline/ports.ts'
import { createCommandEngine } from './command/engine.ts'
import { createEcs } from './ecs/control.ts'
import { createKubernetes, type KubernetesOptions } from './kubernetes/control.ts'
import { createSwarm } from './swarm/control.ts'

/** The means of every engine. */
export interface EngineOptions extends KubernetesOptions {}

/** Returns the control of the engine that a service lives on. */
export function createEngine({ name, engine }: EngineService, options: EngineOptions): EngineControl {
  switch (engine.kind) {
    case 'kubernetes':
      return createKubernetes(engine, options)
    case 'swarm':
      return createSwarm(engine, options)
    case 'ecs':
      return createEcs(engine, options)
    case 'command':
      return createCommandEngine(name, engine, options)
  }
}
