import type { EngineSeen, Images, Replicas } from '../../domain/engine/engine-seen.ts'
import type { Standing } from '../../domain/journal/standing.ts'
import { handOverSteps } from '../../domain/step/steps-in.ts'
import type { View } from './view.ts'

/** A service on an engine, as the last look of the deployment found it. */
export interface EngineLookResult {
  readonly service: string
  /** The images that this deployment handed over last, by container; null before it has. */
  readonly handed: Images | null
  /** The images that the engine is to run. */
  readonly running: Images
  readonly rollout: string
  readonly phase: EngineSeen['phase']
  readonly replicas: Replicas
  readonly 'changed-by': string | null
}

/** Returns the services on engines for the output `result`; no key without one. */
export function enginesIn(
  { plan }: Pick<View, 'plan'>,
  now: Standing,
): { readonly engines?: readonly EngineLookResult[] } {
  const engines = handOverSteps(plan.steps).flatMap(({ id, service }): EngineLookResult[] => {
    const { seen = null, handed = null } = now.engines.get(id) ?? {}
    if (seen === null) return []
    const { wanted, rollout, phase, replicas, changedBy } = seen
    const by = changedBy.kind === 'found' ? changedBy.value : null
    const common = { service: service.name, handed: handed?.images ?? null, running: wanted }
    return [{ ...common, rollout, phase, replicas, 'changed-by': by }]
  })
  return engines.length === 0 ? {} : { engines }
}
