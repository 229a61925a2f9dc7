import type { SightFinding } from '../rolling/sight-finding.ts'
import type { EngineSeen, Images } from './engine-seen.ts'
import { wants } from './images.ts'

/** A service on an engine, as one look found it. */
export interface EngineSight {
  /** The images that the engine was last seen to run for the serving release; null where the ledger has none. */
  readonly desired: Images | null
  /** `none`: the engine has no such service. */
  readonly seen: SightFinding<EngineSeen>
}

/** A difference of a service on an engine from the ledger. */
export type EngineDeviation =
  | 'absent'
  | 'unanswered'
  | 'other-images'
  | 'rolling'
  | 'paused'
  | 'failed'
  | 'scaled-to-zero'
  | 'not-ready'

export interface EngineJudged extends EngineSight {
  readonly deviations: readonly EngineDeviation[]
}

/** Holds a service on an engine against the ledger. `busy`: a deployment is under way, which may change it by right. */
export function judgeEngine(sight: EngineSight, busy: boolean): EngineJudged {
  return { ...sight, deviations: deviationsFrom(sight, busy) }
}

function deviationsFrom({ desired, seen }: EngineSight, busy: boolean): EngineDeviation[] {
  switch (seen.kind) {
    case 'none':
      return ['absent']
    case 'unanswered':
      return ['unanswered']
    case 'unasked':
      return []
    case 'found':
      return busy ? [] : differences(seen.value, desired)
  }
}

/** The phases that differ from a service at rest, by the deviation that they are. */
const unrest: { readonly [Phase in EngineSeen['phase']]: EngineDeviation | null } = {
  settled: null,
  rolling: 'rolling',
  paused: 'paused',
  held: 'paused',
  failed: 'failed',
  'rolled-back': null,
}

function differences({ wanted, phase, replicas }: EngineSeen, desired: Images | null): EngineDeviation[] {
  const found: (EngineDeviation | null)[] = [
    desired !== null && !wants(wanted, desired) ? 'other-images' : null,
    unrest[phase],
    replicas.wanted === 0 ? 'scaled-to-zero' : null,
    phase === 'settled' && replicas.ready < replicas.wanted ? 'not-ready' : null,
  ]
  return found.filter((one) => one !== null)
}
