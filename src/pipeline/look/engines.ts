import { type EngineService, isAskedByCommand } from '../../domain/config/engine-recipe.ts'
import type { EngineSeen, Images } from '../../domain/engine/engine-seen.ts'
import type { Reading } from '../../domain/reading.ts'
import type { ServiceSeen, SightFinding } from '../../domain/rolling/sight.ts'
import type { Ports, Variables } from '../ports.ts'
import { failureFrom } from '../run/failure.ts'

interface LookingAtEngines {
  readonly seen: Variables
  /** The reason why commands cannot ask; null if they can. */
  readonly missing: string | null
  readonly signal: AbortSignal
}

/** Reads a service on an engine once, beside the images that the ledger remembers. */
export async function lookAtEngine(
  ports: Pick<Ports, 'engine'>,
  service: EngineService,
  desired: Images | null,
  { seen, missing, signal }: LookingAtEngines,
): Promise<ServiceSeen> {
  const { name } = service
  const asked = async (): Promise<SightFinding<EngineSeen>> => {
    if (missing !== null && isAskedByCommand(service.engine)) return { kind: 'unasked', why: missing }
    try {
      const variables = { ...seen, ROLLGATE_SERVICE: name }
      return findingOf(await ports.engine(service).state(variables, signal))
    } catch (thrown) {
      return { kind: 'unanswered', why: `could not be asked: ${failureFrom(thrown).what}` }
    }
  }
  return { name, instances: [], unasked: null, engine: { desired, seen: await asked() } }
}

function findingOf(reading: Reading<EngineSeen>): SightFinding<EngineSeen> {
  switch (reading.kind) {
    case 'found':
      return { kind: 'found', value: reading.value, why: null }
    case 'absent':
      return { kind: 'none', why: 'the engine has no such service' }
    case 'unknown':
      return { kind: 'unanswered', why: reading.why.what }
  }
}
