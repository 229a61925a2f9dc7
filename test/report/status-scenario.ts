import { standing } from '../../src/domain/journal/standing.ts'
import { emptyLedger, type Ledger } from '../../src/domain/ledger/ledger.ts'
import type { Failure } from '../../src/domain/question/decision.ts'
import { questionOf } from '../../src/domain/question/open-question.ts'
import type { InstanceJudged, ServiceJudged } from '../../src/domain/rolling/drift.ts'
import type { EnvironmentSeen } from '../../src/domain/rolling/environment-seen.ts'
import { formAt } from '../../src/report/form/form.ts'
import type { View } from '../../src/report/outcome/view.ts'
import type { DriftView } from '../../src/report/status/drift-view.ts'
import type { StatusView } from '../../src/report/status/view.ts'
import { failure, older, planOf, play, servingOlder } from './scenario.ts'

/** Environments in every state that one look can find. */

export const now = '2026-11-21T12:00:00.000Z'
const run = (id: number) => `https://github.com/acme/shop/actions/runs/${id}`

export const instance = (
  name: string,
  version: string,
  change: Partial<InstanceJudged> = {},
): InstanceJudged => ({
  name,
  version: { kind: 'found', value: version, why: null },
  healthy: { kind: 'found', value: true, why: null },
  inTraffic: { kind: 'found', value: true, why: null },
  deviations: [],
  ...change,
})

export const down = (name: string): InstanceJudged =>
  instance(name, '', {
    version: { kind: 'unanswered', why: 'no answer (connection refused)' },
    healthy: { kind: 'found', value: false, why: 'no answer (connection refused)' },
    inTraffic: { kind: 'found', value: false, why: null },
    deviations: ['unhealthy', 'out-of-traffic'],
  })

const on = (version: string, ...names: string[]) => names.map((name) => instance(name, version))

export const services = (
  web: readonly InstanceJudged[] = on(older.tag, 'web-1', 'web-2', 'web-3'),
): ServiceJudged[] => [
  { name: 'web', instances: web, unasked: null },
  { name: 'worker', instances: on(older.tag, 'worker-1', 'worker-2'), unasked: null },
]

export const environment = (
  name: string,
  ledger: Ledger,
  change: Partial<EnvironmentSeen> & { live?: boolean } = {},
): EnvironmentSeen => {
  const { live = null, ...rest } = change
  const { deployment } = ledger
  const doer = { run: { id: 99, attempt: 1, url: run(99) }, by: ['dora'] }
  const held = deployment !== null && deployment.holder !== null && live !== false
  const pause = deployment === null ? null : standing(deployment.plan, deployment.journal).pause
  const question =
    deployment === null || (held && pause === null)
      ? null
      : questionOf(deployment, { at: now, kind: 'resumed', ...doer })
  return {
    name,
    class: 'production',
    url: `https://${name}.example.com`,
    app: 'shop',
    memory: { kind: 'read', ledger, live, question },
    instances: { kind: 'seen', services: services() },
    records: { behind: [], unknown: [] },
    signals: { kind: 'quiet' },
    ...rest,
  }
}

/** An environment as a played deployment left it. */
const ledgerAfter = ({ ledger }: View): Ledger => ledger

const selfTest: Failure = failure('self-test-failed', 'The self test of web-3 failed: it answered 500.', [
  'database: no such column orders.note',
])
const locked = failure('command-failed', 'migrate exited with 1.', ['ERROR: lock timeout'])

export const served = ledgerAfter(play(planOf()))
export const waiting = ledgerAfter(play(planOf(), { failures: { 'web-3': [selfTest] } }))
export const interrupted = ledgerAfter(play(planOf(), { cancelledIn: 'migrate' }))
export const suspended = ledgerAfter(
  play(planOf(), { failures: { migrate: [locked] }, answers: [{ decision: 'abandon' }] }),
)
export const atTheGate = ledgerAfter(play(planOf(), { atTheGate: true }))

const held = (ledger: Ledger): Ledger => ({
  ...ledger,
  deployment: ledger.deployment && { ...ledger.deployment, holder: { id: 71, attempt: 1, url: run(71) } },
})

export const view = (...environments: readonly EnvironmentSeen[]): StatusView => ({
  environments,
  run: run(99),
  now,
  form: formAt({ serverUrl: 'https://github.com', repository: 'acme/shop' }, 'whole'),
})

/** A status with one environment of each kind. */
export const everything = (): StatusView =>
  view(
    environment('production', served, {
      instances: { kind: 'seen', services: services(on('v1.3.0', 'web-1', 'web-2', 'web-3')).map(brought) },
    }),
    environment('eu', waiting, {
      instances: {
        kind: 'seen',
        services: services([
          ...on('v1.3.0', 'web-1', 'web-2'),
          instance('web-3', 'v1.3.0', {
            healthy: { kind: 'found', value: false, why: 'answered 503' },
            inTraffic: { kind: 'found', value: false, why: null },
            deviations: ['unhealthy', 'out-of-traffic'],
          }),
        ]),
      },
    }),
    environment('us', servingOlder, {
      instances: {
        kind: 'seen',
        services: services([
          instance('web-1', 'v1.1.0', { deviations: ['other-release'] }),
          down('web-2'),
          instance('web-3', older.tag),
        ]),
      },
    }),
    environment('asia', held(interrupted), { live: false }),
    environment('africa', suspended, {
      instances: {
        kind: 'unknown',
        failure: failure('config-missing', 'There is no .github/rollgate.yml on v1.2.0.'),
      },
    }),
    environment('oceania', servingOlder, {
      instances: {
        kind: 'seen',
        services: [{ name: 'web', instances: [], unasked: 'its hosts are not known' }],
      },
    }),
    environment('arctic', emptyLedger('shop', 'arctic'), {
      class: 'staging',
      url: null,
      instances: { kind: 'unasked', why: 'nothing serves' },
    }),
    environment('antarctic', servingOlder, {
      memory: {
        kind: 'unknown',
        failure: failure(
          'ledger-newer',
          'The ledger of antarctic has schema 3, and this Rollgate knows schema 2.',
        ),
      },
      instances: { kind: 'unasked', why: 'what serves is not known' },
    }),
  )

const brought = (service: ServiceJudged): ServiceJudged => ({
  ...service,
  instances: service.instances.map((seen) => ({
    ...seen,
    version: { kind: 'found', value: 'v1.3.0', why: null },
  })),
})

/** Two of three instances drifted from the older release. */
export const comparison = (change: Partial<DriftView> = {}): DriftView => ({
  app: 'shop',
  environment: { name: 'production', class: 'production', url: null },
  ledger: servingOlder,
  services: services([
    instance('web-1', 'v1.1.0', { deviations: ['other-release'] }),
    down('web-2'),
    instance('web-3', older.tag),
  ]),
  drift: { kind: 'found', desired: null },
  records: { behind: [], unknown: [] },
  form: null,
  run: run(99),
  now,
  ...change,
})
