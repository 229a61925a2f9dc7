import { describe, expect, test } from 'vitest'
import { readRecipe } from '../../src/inputs/config/read.ts'
import { findingsOf, readBoth, source } from './config.fixture.ts'

const version = 'version: { http: "http://$ROLLGATE_HOST:8080/version" }'

function findingsIn(service: string): string[] {
  const policy = source('version: 1\nenvironments: { production: { class: production } }')
  const recipe = source(`version: 1\nservices:\n  web: { ${service} }\n`)
  return findingsOf(() => readRecipe(recipe, { source: policy, environment: 'production' })).map((line) =>
    line.replace(/^.*?services\.web[.:] ?/, ''),
  )
}

describe('a fleet whose hosts pull', () => {
  const notRun = 'is not run where hosts pull, which run the commands of their own settings: remove it'
  const rows: readonly (readonly [rule: string, written: string, ...findings: string[]])[] = [
    [
      'has instances',
      `fleet: { pull: {} }, ${version}`,
      'has no instances in production: add environments.production.services.web.fleet.pull.instances',
    ],
    [
      'says when an instance runs its release',
      'fleet: { pull: { instances: [a] } }',
      'fleet.pull: `version` is missing: where hosts pull it tells when an instance runs its desired release',
    ],
    ...['prepare', 'stop', 'install', 'start'].map(
      (key) =>
        [
          `has no ${key}`,
          `fleet: { pull: { instances: [a] }, ${key}: bin/x }, ${version}`,
          `fleet.${key}: ${notRun}`,
        ] as const,
    ),
    [
      'stops an instance first',
      `fleet: { pull: { instances: [a] } }, ${version}, rollout: { order: in-place }`,
      'rollout.order: is `stop-first` where hosts pull: their agents stop an instance before they install',
    ],
    [
      'gives up before the whole roll does',
      `fleet: { pull: { instances: [a], interval: 10m } }, ${version}`,
      'fleet.pull: `rollout.progress-deadline` must be longer than `fleet.pull.interval` times `fleet.pull.intervals`',
    ],
  ]
  test.each(rows)('%s', (_rule, written, ...findings) => {
    expect(findingsIn(written).toSorted()).toEqual(findings.toSorted())
  })

  test('is read with the address of each host, and waits three minutes by default', () => {
    const { services } = readBoth(`version: 1
environments: { production: { class: sandbox } }
services: { web: { fleet: { pull: { instances: { a: { host: 10.0.0.1, zone: east }, b: {} } } }, ${version} } }
`).recipe
    expect(services[0]).toMatchObject({
      fleet: {
        ...{ kind: 'pull', interval: 60_000, intervals: 3, status: null, stop: null, install: null },
        instances: [
          { name: 'a', host: '10.0.0.1', zone: 'east' },
          { name: 'b', host: 'b' },
        ],
      },
    })
  })

  test('laid over another fleet → the commands on its instances are gone', () => {
    const { services } = readBoth(`version: 1
environments: { production: { class: sandbox, services: { web: { fleet: { pull: { instances: [a] } } } } } }
services: { web: { fleet: { ssh: { hosts: [x] }, stop: bin/stop, install: bin/install, start: bin/start }, ${version} } }
`).recipe
    expect(services[0]).toMatchObject({ fleet: { kind: 'pull', stop: null, install: null, start: null } })
  })
})
