import type { Signal } from '../signal/signal.ts'
import type { Decision, Failure } from './decision.ts'
import {
  type Capacity,
  capacityOf,
  expiryOf,
  failureOf,
  type Gate,
  gateOf,
  instancesOf,
  type Pause,
} from './pause.ts'

/**
 * A pause as ledgers hold it since 0.1.0: one record for every kind. It is still written so, because a run of 0.1.0
 * that finds the ledger must be able to read the question.
 */
export interface WrittenPause {
  readonly id: string
  readonly gate: Gate
  readonly step: string
  readonly instances: readonly string[]
  readonly failure: Failure | null
  readonly options: readonly Decision[]
  readonly withheld: Pause['withheld']
  readonly capacity: Capacity | null
  /** The first ledgers have none. */
  readonly expires?: ReturnType<typeof expiryOf>
  /** Only the question of a halt has them. */
  readonly signals?: readonly Signal[]
  /** Only an inspection has them. */
  readonly links?: readonly string[]
  readonly since?: string
  /** True for the inspection of the older release. */
  readonly back?: true
  readonly accepts?: Pause['accepts']
}

export const writtenPause = (pause: Pause): WrittenPause => ({
  id: pause.id,
  gate: gateOf(pause),
  step: pause.step,
  instances: instancesOf(pause),
  failure: failureOf(pause),
  options: pause.options,
  withheld: pause.withheld,
  capacity: capacityOf(pause),
  expires: expiryOf(pause),
  ...('signals' in pause ? { signals: pause.signals } : {}),
  ...('links' in pause ? { links: pause.links, since: pause.since } : {}),
  ...(pause.kind === 'revert-inspection' ? { back: true } : {}),
  ...(pause.accepts === undefined ? {} : { accepts: pause.accepts }),
})

/** Reads a pause from the ledger of any version. */
export function pauseFrom(written: WrittenPause): Pause {
  const { id, step, options, withheld, gate, instances, failure } = written
  const capacity = written.capacity ?? unknownCapacity
  const answerable = {
    ...{ id, step, options, withheld },
    ...(written.accepts === undefined ? {} : { accepts: written.accepts }),
  }
  if (gate === 'bake' && failure === null) {
    const until = written.expires?.at ?? ''
    // Only a test bed has others, whose capacity counts.
    return written.capacity === null
      ? { ...answerable, kind: 'bake', until }
      : { ...answerable, kind: 'wait', until, capacity }
  }
  const question = { ...answerable, expires: expiryIn(written) }
  if (gate === 'inspect') {
    const { links = [], since = '' } = written
    return written.back === true
      ? { ...question, kind: 'revert-inspection', links, since }
      : { ...question, kind: 'inspection', failure, links, since }
  }
  if (gate === 'approve' || failure === null) return { ...question, kind: 'approval' }
  if (written.signals !== undefined)
    return { ...question, kind: 'halt', failure, signals: written.signals, capacity: written.capacity }
  if (gate === 'bake') return { ...question, kind: 'verdict', failure, capacity }
  if (instances.length > 0) return { ...question, kind: 'failed-instances', failure, instances, capacity }
  return written.capacity === null
    ? { ...question, kind: 'failed-step', failure }
    : { ...question, kind: 'no-capacity', failure, capacity: written.capacity }
}

const unknownCapacity: Capacity = { available: 0, total: 0, floor: 0 }

function expiryIn({ expires = null }: WrittenPause) {
  const decision = expires?.decision ?? null
  return expires === null || decision === null ? null : { at: expires.at, decision }
}
