import { endsByTime } from '../../domain/question/pause.ts'
import { wantedInstead } from '../../domain/rolling/drift.ts'
import type { EnvironmentSeen, EnvironmentSighting } from '../../domain/rolling/environment-seen.ts'
import type { Memory } from '../../domain/rolling/sight.ts'
import { activityOf } from '../../domain/shown/activity.ts'
import { enginesIn, isEngineRight, isEngineWrong } from './engines.ts'
import { isRight, isWrong } from './view.ts'

/** Returns one sign for an environment: the state that needs a person most comes first. */
export function markOf({ memory, instances }: EnvironmentSeen): string {
  if (memory.kind === 'unknown') return '❌'
  switch (activityOf(memory)) {
    case 'waiting':
      return memory.question !== null && endsByTime(memory.question) ? '⏳' : '⏸️'
    case 'interrupted':
      return '⏸️'
    case 'running':
      return '⏳'
    case 'unknown':
      return '❓'
    case 'idle':
      if (memory.ledger.serving === null) return differs(memory) ? '⚠️' : '➖'
      return differs(memory) ? '⚠️' : markOfInstances(instances)
  }
}

function markOfInstances(sighting: EnvironmentSighting): string {
  switch (sighting.kind) {
    case 'unknown':
      return '⚠️'
    case 'unasked':
      return '✅'
    case 'seen': {
      const instances = sighting.services.flatMap((service) => service.instances)
      const engines = enginesIn(sighting.services).map(({ engine }) => engine)
      if (instances.some(isWrong) || engines.some(isEngineWrong)) return '⚠️'
      const unasked = sighting.services.some((service) => service.unasked !== null)
      return unasked || !instances.every(isRight) || !engines.every(isEngineRight) ? '❓' : '✅'
    }
  }
}

/** Without a deployment under way, no scheduler should be suspended and the desired release should serve. */
const differs = ({ ledger }: Memory): boolean => ledger.leases.length > 0 || wantedInstead(ledger) !== null
