import type { EnvironmentPolicy } from '../../domain/config/policy.ts'
import type { Ledger } from '../../domain/ledger/ledger.ts'
import type { ServiceJudged } from '../../domain/rolling/drift.ts'
import type { EnvironmentSeen, EnvironmentSighting, Unread } from '../../domain/rolling/environment-seen.ts'
import type { Memory } from '../../domain/rolling/sight.ts'
import type { Doer } from '../lock/doer.ts'
import type { Request } from '../plan/request.ts'
import { type ConfigReader, type ConfigSource, policyText } from '../plan/survey.ts'
import type { Ports } from '../ports.ts'
import { recordsSeen } from '../run/correct-records.ts'
import { failureFrom } from '../run/failure.ts'
import { signalsNow } from '../signal/signals-now.ts'
import { instancesOf, recollect } from './environment.ts'

/** Reads the policies of all environments as well. */
export interface StatusReader extends ConfigReader {
  readPolicies(source: ConfigSource): readonly EnvironmentPolicy[]
}

export interface StatusRequest extends Pick<Request, 'app' | 'configPath'> {
  /** Null for all that the config has. */
  readonly environment: string | null
  /** True if instances are asked. */
  readonly observe: boolean
}

type StatusPorts = Pick<
  Ports,
  | 'repository'
  | 'ledgers'
  | 'fleet'
  | 'traffic'
  | 'engine'
  | 'workspace'
  | 'clock'
  | 'record'
  | 'given'
  | 'asks'
  | 'issues'
>

/** Looks at one environment or at all, at once. An unreadable one is shown in its place. Changes nothing. */
export async function lookAround(
  ports: StatusPorts,
  config: StatusReader,
  asked: StatusRequest,
  doer: Doer,
  signal: AbortSignal,
): Promise<readonly EnvironmentSeen[]> {
  const { environment, configPath } = asked
  const policy = await policyText(ports.repository, configPath)
  const policies =
    environment === null ? config.readPolicies(policy) : [config.readPolicy(policy, environment)]
  const lookAt = async ({
    name,
    class: stake,
    url,
    app: own,
    halt,
  }: EnvironmentPolicy): Promise<EnvironmentSeen> => {
    const app = own ?? asked.app
    const place = { app, environment: name }
    const memory = await recollect(ports, place, doer).then(remembered, unknown)
    const instances = await sighting(memory, asked, (ledger) =>
      instancesOf(ports, config, place, ledger, { configPath, policy, signal }),
    )
    const records =
      memory.kind === 'read' ? await recordsSeen(ports, memory.ledger, doer) : { behind: [], unknown: [] }
    const signals = await signalsNow(ports, {
      ...place,
      labels: halt?.labels ?? [],
      deployment: memory.kind === 'read' ? (memory.ledger.deployment?.number ?? null) : null,
      standing: true,
    })
    return { name, class: stake, url, app, memory, instances, records, signals }
  }
  return Promise.all(policies.map(lookAt))
}

const remembered = (memory: Memory) => ({ kind: 'read', ...memory }) as const
const unknown = (thrown: unknown): Unread => ({ kind: 'unknown', failure: failureFrom(thrown) })

async function sighting(
  memory: EnvironmentSeen['memory'],
  { observe }: StatusRequest,
  ask: (ledger: Ledger) => Promise<readonly ServiceJudged[]>,
): Promise<EnvironmentSighting> {
  if (memory.kind === 'unknown') return { kind: 'unasked', why: 'what serves is not known' }
  const { ledger } = memory
  if (ledger.serving === null) return { kind: 'unasked', why: 'nothing serves' }
  if (!observe) return { kind: 'unasked', why: 'observe is false' }
  return ask(ledger).then((services) => ({ kind: 'seen', services }), unknown)
}
