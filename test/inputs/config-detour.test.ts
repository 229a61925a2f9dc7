import { describe, expect, test } from 'vitest'
import { findingsOf, readBoth } from './config.fixture.ts'

const config = (clone: string, environment = '') => `version: 1
app: shop
environments:
  production: { class: production${environment} }
services:
  web: { fleet: { local: { instances: { web-1: {} } }, install: bin/install }, rollout: { accept-downtime: true } }
steps:
  detour:
    clone:
      database: { sqlite: { home: /srv/shop.db, stand-in: /srv/aside.db } }
      door: { command: { observe: bin/door, point: bin/point } }
      services:
        web: { fleet: { local: { instances: { aside-1: { PORT: "4001" } } }, install: bin/install } }
${clone}`

describe('blue-green with a database for each side', () => {
  const moving = (database: string) =>
    config('')
      .replace('clone:', 'blue-green:')
      .replace(/database: .*/, `database: ${database}`)
  const databasesOf = (written: string) => {
    const { detour = null } = readBoth(moving(written)).recipe.steps
    return detour?.kind === 'over' ? detour.database : null
  }

  test('has its kind, and accepts no loss unless it says so', () => {
    const files = 'sqlite: { home: /srv/shop.db, stand-in: /srv/green.db }'
    const of = { kind: 'sqlite', home: '/srv/shop.db', standIn: '/srv/green.db' }
    expect(databasesOf(`{ own: { ${files} } }`)).toEqual({ of, acceptDataLoss: false })
    expect(databasesOf(`{ own: { accept-data-loss: true, ${files} } }`)).toEqual({ of, acceptDataLoss: true })
  })

  test('has the server of each side in PostgreSQL, and one variable for both', () => {
    const server = (port: number) => `{ data: /srv/${port}, host: 127.0.0.1, port: ${port} }`
    const written = `postgres: { address: DATABASE_ADMIN, home: ${server(5432)}, stand-in: ${server(5433)} }`
    const place = (port: number) => ({ data: `/srv/${port}`, host: '127.0.0.1', port, sockets: null })
    expect(databasesOf(`{ own: { ${written} } }`)).toMatchObject({
      of: {
        kind: 'postgres',
        address: 'DATABASE_ADMIN',
        places: { home: place(5432), 'stand-in': place(5433) },
      },
    })
  })

  test('may be by commands, which clear a place, begin to count and leave a side', () => {
    const verbs = 'observe: bin/look, clear: bin/clear, mark: bin/mark, leave: bin/leave'
    const databases = databasesOf(`{ own: { command: { ${verbs} } } }`)
    expect(databases).toMatchObject({ of: { kind: 'command', verbs: { mark: { run: 'bin/mark' } } } })
  })

  test.each([
    ['own', /database: expected `none`, `shared` or a mapping with `own`, found/],
    ['{ own: {} }', /is of no kind, or of several: keep one of/],
    ['{ own: { sqlite: { home: a }, command: { observe: b } } }', /stand-in/],
  ])('is refused where it says %s', (written, words) => {
    expect(findingsOf(() => readBoth(moving(written)))).toEqual([expect.stringMatching(words)])
  })
})

describe('blue-green on an engine in a config', () => {
  const at = (deployment: string) =>
    `{ engine: { kubernetes: { deployment: ${deployment}, namespace: shop, image: "web@$DIGEST" } } }`
  const onKubernetes = (door: string, there = at('web-green')) => `version: 1
app: shop
environments:
  production: { class: production }
services:
  web: ${at('web')}
steps:
  detour:
    blue-green:
      database: none
      door: { kubernetes: { service: web, namespace: shop${door} } }
      services: { web: ${there} }
`

  test('has a Service as its door, which tells the sides by a label of its own', () => {
    const { recipe } = readBoth(onKubernetes(', values: { home: blue, stand-in: green }'))
    expect(recipe.steps.detour).toMatchObject({
      door: {
        ...{
          kind: 'kubernetes',
          service: 'web',
          namespace: 'shop',
          context: null,
          label: 'side',
          marker: null,
        },
        values: { home: 'blue', 'stand-in': 'green' },
      },
      services: [{ name: 'web', engine: { workload: { name: 'web-green' } } }],
    })
  })

  test.each([
    [', values: { home: blue, stand-in: blue }', /is the same on both sides/],
    [', values: { home: "not a value!" }', /the value of a label/],
    [', label: "a b"', /the key of a label/],
  ])('is refused: %s', (door, words) => {
    expect(findingsOf(() => readBoth(onKubernetes(door)))).toEqual([expect.stringMatching(words)])
  })

  test('is refused where a service there has settings of a fleet beside its engine', () => {
    const there = at('web-green').replace(/ }$/, ', version: { run: bin/version } }')
    expect(findingsOf(() => readBoth(onKubernetes('', there)))).toEqual([
      expect.stringMatching(/is of a fleet, and this service has an `engine`/),
    ])
  })
})

describe('stepping aside on an engine in a config', () => {
  const at = (deployment: string) =>
    `{ engine: { kubernetes: { deployment: ${deployment}, namespace: shop, image: "web@$DIGEST" } } }`
  const onKubernetes = (more = '', there = at('web-aside')) =>
    config(more)
      .replace(/web: \{ fleet: \{ local: \{ instances: \{ web-1.*/, `web: ${at('web')}`)
      .replace(/web: \{ fleet: \{ local: \{ instances: \{ aside-1.*/, `web: ${there}`)
      .replace(
        'command: { observe: bin/door, point: bin/point }',
        'kubernetes: { service: web, namespace: shop }',
      )

  test('has a workload of its own, variables in place of those of home, and a Service as its door', () => {
    const { recipe } = readBoth(
      onKubernetes(`      env: { DATABASE_PORT: 5433 }
      smoke-test: { run: bin/look, on: { engine: web }, links: false }`),
    )
    expect(recipe.steps.detour).toMatchObject({
      ...{ kind: 'aside', env: { DATABASE_PORT: '5433' } },
      door: { kind: 'kubernetes', values: { home: 'home', 'stand-in': 'stand-in' } },
      services: [{ name: 'web', engine: { workload: { name: 'web-aside' } } }],
      smokeTest: { command: { on: { kind: 'engine', service: 'web' } } },
    })
  })

  test('is refused where a service of the stand-in has settings of a fleet beside its engine', () => {
    const there = at('web-aside').replace(/ }$/, ', version: { run: bin/version } }')
    expect(findingsOf(() => readBoth(onKubernetes('', there)))).toEqual([
      expect.stringMatching(/is of a fleet, and this service has an `engine`/),
    ])
  })
})

describe('a detour in a config', () => {
  test('is read-only, asked for, and lasts a day unless it says otherwise SD-03', () => {
    const { recipe } = readBoth(config(''))
    expect(recipe.steps.detour).toMatchObject({
      ...{ kind: 'aside', mode: 'read-only', when: 'asked', acceptDataLoss: false, lasts: 86_400_000 },
      database: { kind: 'sqlite', home: '/srv/shop.db', standIn: '/srv/aside.db' },
      door: { kind: 'command', writes: null, marker: null },
      services: [{ name: 'web', fleet: { instances: [{ name: 'aside-1' }] } }],
      smokeTest: null,
    })
  })

  test('in another mode is refused with the modes there are SD-04', () => {
    expect(findingsOf(() => readBoth(config('      mode: read-mostly')))).toEqual([
      expect.stringMatching(/mode.*read-only.*read-write/),
    ])
  })

  test('asks its links as a smoke test after 20 s, five times, 30 s apart SD-21', () => {
    const written = '      links: ["https://home.example"]\n      smoke-test: {}'
    expect(readBoth(config(written)).recipe.steps.detour).toMatchObject({
      smokeTest: {
        http: [{ kind: 'http', url: 'https://home.example' }],
        ...{ command: null, delay: 20_000, attempts: 5, interval: 30_000, onFailure: 'ask' },
      },
    })
  })

  test('has a door whose map lies on the runner, on one host, or on several', () => {
    const onHosts = (on: string) =>
      readBoth(config('').replace(/door: .*/, `door: { haproxy: { ${haproxy}${on} } }`)).recipe.steps.detour
    const haproxy =
      'socket: [10.0.0.5:9999, 10.0.0.6:9999], map: /etc/haproxy/sides.map, backends: {}, marker: { addresses: ["http://10.0.0.5"], header: x-side }'
    const [one, other] = [1, 2].map((at) => ({ service: 'web', instance: `web-${at}` }))
    expect(onHosts('')).toMatchObject({ door: { on: [] } })
    expect(onHosts(', on: { service: web, instance: web-1 }')).toMatchObject({ door: { on: [one] } })
    const both = ', on: [{ service: web, instance: web-1 }, { service: web, instance: web-2 }]'
    expect(onHosts(both)).toMatchObject({ door: { on: [one, other] } })
    expect(findingsOf(() => onHosts(', on: []'))).toEqual([expect.stringContaining('or a list of them')])
  })

  test('has changes of its environment laid over it, each with its own place in the file', () => {
    const there = (mode: string) =>
      config('', `, detour: { clone: { mode: ${mode}, accept-data-loss: true, ${changes} } }`)
    const changes = [
      'database: { postgres: { home: DATABASE, stand-in: { data: /srv/aside, host: db, port: 5433 } } }',
      'services: { web: { fleet: { local: { instances: { aside-2: {} } } } } }',
    ].join(', ')
    expect(readBoth(there('read-write')).recipe.steps.detour).toMatchObject({
      mode: 'read-write',
      database: { kind: 'postgres', home: 'DATABASE' },
      door: { kind: 'command' },
      services: [{ name: 'web', fleet: { instances: [{ name: 'aside-2' }] } }],
    })
    expect(findingsOf(() => readBoth(there('read-mostly')))).toEqual([
      expect.stringMatching(/^4:\d+ +environments\.production\.detour\.clone\.mode: expected/),
    ])
  })

  test('that only an environment has is a finding: there is nothing to lay its changes over', () => {
    const [before = ''] = config('', ', detour: { clone: { mode: read-write } }').split('steps:')
    expect(findingsOf(() => readBoth(before))).toEqual([
      expect.stringContaining('the recipe has no `steps.detour` that could be changed here'),
    ])
  })

  test('may be absent in an environment', () => {
    expect(readBoth(config('', ', detour: absent')).policy.detourAbsent).toBe(true)
  })

  test('is what an environment may want of deployments', () => {
    const wanting = (word: string) => config('', `, requires: { detour: ${word} }`)
    expect(readBoth(config('')).policy.requiresDetour).toBeUndefined()
    expect(readBoth(wanting('contract')).policy.requiresDetour).toBe('contract')
    expect(findingsOf(() => readBoth(wanting('asked')))[0]).toMatch(/requires\.detour.*`migrate`/)
  })
})
