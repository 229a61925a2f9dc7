import type { EnvironmentClass } from '../../domain/config/policy.ts'
import type { ReleaseId } from '../../domain/release/release.ts'
import type { DriftView } from './drift-view.ts'
import { engineResults, instanceResults } from './output.ts'
import type { EngineResult, InstanceResult } from './result.ts'

/** The `result` output of `reconcile`, described in docs/status.md. A change of its shape gets another `schema`. */
export interface DriftResult {
  readonly schema: 1
  readonly command: 'reconcile'
  readonly outcome: 'looked'
  readonly at: string
  readonly app: string
  readonly environment: {
    readonly name: string
    readonly class: EnvironmentClass
    readonly url: string | null
  }
  readonly drift: boolean
  /** The reason why nothing was judged; otherwise null. */
  readonly unjudged: 'nothing-serves' | 'deployment-under-way' | null
  readonly serving: ReleaseId | null
  /** The desired release of the ledger, if it is not the serving one. */
  readonly desired: ReleaseId | null
  readonly instances: readonly InstanceResult[]
  /** The services on engines. */
  readonly engines: readonly EngineResult[]
  /** The reasons why instances of some services were not asked. */
  readonly unasked: readonly string[]
  readonly run: string
}

/** Returns the result of a comparison, for the steps and workflows after it. */
export function driftResult({ app, environment, ledger, services, drift, run, now }: DriftView): DriftResult {
  const { serving } = ledger
  return {
    schema: 1,
    command: 'reconcile',
    outcome: 'looked',
    at: now,
    app,
    environment,
    drift: drift.kind === 'found',
    unjudged: drift.kind === 'unjudged' ? drift.because : null,
    serving: serving === null ? null : { tag: serving.release.tag, sha: serving.release.sha },
    desired: drift.kind === 'found' ? drift.desired : null,
    instances: services.flatMap(instanceResults),
    engines: services.flatMap(engineResults),
    unasked: services.flatMap(({ name, unasked }) => (unasked === null ? [] : [`${name}: ${unasked}`])),
    run,
  }
}
