import { describe, expect, test } from 'vitest'
import { onFleets } from '../../src/domain/config/declared-service.ts'
import type { ApprovalRule } from '../../src/domain/config/policy.ts'
import { parseDuration, showDuration } from '../../src/inputs/config/duration.ts'
import { readPolicy, readRecipe } from '../../src/inputs/config/read.ts'
import { everything, findingsOf, problemOf, readBoth, source } from './config.fixture.ts'

const plain = { shell: 'bash', env: {}, workingDirectory: '.', timeout: 600_000 }

describe('a config that uses every key', () => {
  const { policy, recipe } = readBoth(everything)

  test('is read as a policy', () => {
    expect(policy).toEqual({
      app: 'shop',
      maintenanceAllow: ['203.0.113.7', '2001:db8::/32'],
      name: 'production',
      class: 'production',
      url: 'https://shop.example.com',
      logs: 'https://logs.example.com/shop?env=production',
      approval: {
        kind: 'named',
        from: ['alice', 'org/releasers'],
        notSelf: true,
        atLeast: 2,
        expires: 86_400_000,
      },
      rollbackNotSelf: true,
      rollbackAtLeast: 2,
      unanswered: { after: 14_400_000, decision: 'roll-back' },
      freezes: [
        {
          name: 'year-end',
          times: {
            kind: 'once',
            timezone: 'Europe/Berlin',
            from: '2026-12-18T00:00',
            to: '2027-01-04T00:00',
          },
          allow: ['rollback'],
        },
        {
          name: 'weekend',
          times: {
            kind: 'weekly',
            timezone: 'Europe/Berlin',
            days: ['fri'],
            from: '16:00',
            to: '08:00',
            nights: 3,
          },
          allow: ['rollback', 'redeploy'],
        },
      ],
      windows: [
        {
          name: 'support-hours',
          times: {
            kind: 'weekly',
            timezone: 'America/New_York',
            days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sun'],
            from: '22:00',
            to: '06:00',
            nights: 1,
          },
        },
      ],
      freezeOverride: ['alice', 'org/releasers'],
      verifiedIn: 'staging',
      verifiedFor: 86_400_000,
      stagings: ['staging'],
      rehearsedIn: 'staging',
      issues: { on: ['failed', 'waiting'], labels: ['incident', 'shop is down'], assignees: ['alice'] },
      notify: [
        {
          on: ['waiting', 'failed'],
          by: {
            kind: 'run',
            command: {
              ...{ run: 'bin/chat', shell: 'sh', env: { ROOM: 'ops' } },
              ...{ workingDirectory: 'ops', timeout: 10_000 },
            },
          },
        },
        {
          on: ['succeeded'],
          by: {
            kind: 'http',
            url: 'https://events.example.com/$APP',
            secret: { header: 'Authorization', variable: 'EVENTS_TOKEN' },
            timeout: 30_000,
          },
        },
      ],
      allowDestructive: ['reset', 'task/sync-data'],
    })
  })

  test('is read as steps', () => {
    expect(recipe.baseVersion).toBe('2026.1')
    expect(recipe.schema).toBe('db/schema-version')
    expect(recipe.steps).toEqual({
      build: { command: { ...plain, run: 'make image' }, unless: { ...plain, run: 'make image-exists' } },
      configureBroker: { ...plain, run: 'bin/broker' },
      preDeploy: {
        run: 'bin/hook',
        shell: 'sh',
        env: { LEVEL: '3' },
        workingDirectory: 'hooks',
        timeout: 300_000,
      },
      scheduler: {
        suspend: { ...plain, run: 'bin/scheduler suspend' },
        running: { ...plain, run: 'bin/scheduler running' },
        resume: { ...plain, run: 'bin/scheduler resume' },
        kill: { ...plain, run: 'bin/scheduler kill' },
        deploy: { ...plain, run: 'bin/scheduler deploy' },
        drainTimeout: 5_400_000,
        interval: 500,
        zeroReadings: 5,
        onTimeout: 'kill',
        resumeAfter: 'services',
        lease: 86_400_000,
      },
      preConfigure: { ...plain, run: 'bin/before' },
      maintenance: {
        open: { ...plain, run: 'bin/page on' },
        close: { ...plain, run: 'bin/page off' },
        shown: { kind: 'http', url: 'http://127.0.0.1:8099/shown', timeout: 2_000 },
        timeout: 20_000,
        pages: ['pages/$ROLLGATE_ENVIRONMENT.html', 'pages/all.html'],
        when: 'contract',
        closeAfter: 'migrate',
        lease: 1_800_000,
      },
      migrate: {
        command: { ...plain, run: 'bin/migrate', timeout: 1_800_000 },
        phase: 'contract',
        repeatable: true,
      },
      postConfigure: { ...plain, run: 'bin/after' },
      postDeploy: { ...plain, run: 'bin/announce' },
      checkCompatibility: { ...plain, run: 'bin/check-older', timeout: 900_000 },
      reset: { ...plain, run: 'bin/reset', timeout: 7_200_000 },
      verify: {
        http: { kind: 'http', url: '$ROLLGATE_URL/health', timeout: 30_000 },
        command: { ...plain, run: 'bin/smoke', timeout: 30_000 },
        attempts: 2,
        interval: 1_000,
        onFailure: 'roll-back',
      },
      bake: {
        lasts: 600_000,
        on: 'run',
        interval: 20_000,
        figures: { kind: 'run', command: { ...plain, run: 'bin/figures', timeout: 5_000 } },
        atMost: { errors: 5, p95: 250.5 },
        onFailure: 'roll-back',
      },
    })
  })

  test('is read as a service, with what the environment lays over it', () => {
    expect(recipe.services.map(({ name }) => name)).toEqual(['web', 'api', 'jobs'])
    expect(recipe.services[0]).toEqual({
      name: 'web',
      fleet: {
        kind: 'local',
        instances: [
          { name: 'web-1', env: { PORT: '4001' } },
          { name: 'web-2', env: { PORT: '4002' } },
        ],
        prepare: {
          command: { ...plain, run: 'bin/unpack', timeout: 240_000 },
          unless: { ...plain, run: 'bin/unpacked' },
          keep: 3,
          clear: { ...plain, run: 'bin/clear' },
        },
        stop: { ...plain, run: 'bin/stop' },
        install: { ...plain, run: 'bin/install', timeout: 180_000 },
        start: { ...plain, run: 'bin/start', timeout: 20_000, env: { LEVEL: '1' } },
      },
      traffic: {
        kind: 'command',
        leave: { ...plain, run: 'bin/leave' },
        enter: { ...plain, run: 'bin/enter' },
        serving: { kind: 'http', url: 'http://127.0.0.1/serving/$ROLLGATE_INSTANCE', timeout: 2_000 },
        timeout: 45_000,
      },
      version: {
        kind: 'run',
        command: {
          run: 'bin/version',
          shell: 'python3 {0}',
          env: {},
          workingDirectory: '.',
          timeout: 5_000,
        },
      },
      healthCheck: {
        probe: { kind: 'http', url: 'http://127.0.0.1:$PORT/is-alive', timeout: 4_000 },
        interval: 2_000,
        minHealthyTime: 0,
        healthyDeadline: 180_000,
      },
      selfTest: {
        probe: { kind: 'http', url: 'http://127.0.0.1:$PORT/self-test', timeout: 30_000 },
        timeout: 30_000,
        retries: 2,
      },
      testBed: null,
      rollout: {
        maxParallel: { kind: 'percent', value: 25 },
        batches: [],
        minAvailable: { kind: 'number', value: 1 },
        rollback: {
          maxParallel: { kind: 'percent', value: 50 },
          minAvailable: { kind: 'number', value: 1 },
        },
        maxFailures: 1,
        order: { kind: 'stop-first' },
        progressDeadline: 600_000,
        onFailure: 'roll-back',
        acceptDowntime: true,
      },
    })
  })

  test('is read with batches of their own sizes', () => {
    expect(onFleets(recipe.services)[1]?.rollout).toMatchObject({
      maxParallel: { kind: 'number', value: 1 },
      batches: [
        { kind: 'number', value: 1 },
        { kind: 'percent', value: 50 },
        { kind: 'percent', value: 100 },
      ],
      rollback: null,
    })
  })

  test('is read as a fleet of hosts, in their order', () => {
    expect(onFleets(recipe.services)[1]?.fleet).toEqual({
      kind: 'ssh',
      instances: [
        {
          name: 'api-2',
          host: 'fd00::2',
          user: 'root',
          port: 22,
          jump: 'gate',
          zone: 'eu-2',
          env: { ZONE: '2' },
        },
        { name: '1', host: '1', user: null, port: null, jump: null, env: {} },
      ],
      inventory: null,
      user: 'deploy',
      port: 2222,
      jump: 'gate@bastion.example.com:22,[fd00::1]:2200',
      settings: '.github/ssh/config',
      hostKeys: 'accept-new',
      connectTimeout: 4_000,
      sendEnv: ['REGISTRY_TOKEN', 'LANG'],
      upload: 'build/api.tar.gz',
      prepare: null,
      stop: null,
      install: { ...plain, run: 'bin/install' },
      start: null,
    })
  })

  test('is read as a balancer', () => {
    expect(onFleets(recipe.services)[1]?.traffic).toEqual({
      kind: 'haproxy',
      sockets: ['/run/haproxy.sock', '10.0.0.5:9999'],
      backend: 'api',
      server: '$ROLLGATE_INSTANCE-$ZONE',
      drainTimeout: 60_000,
      upTimeout: 20_000,
    })
  })

  test('is read as a test bed', () => {
    expect(onFleets(recipe.services)[1]?.testBed).toEqual({
      instances: { kind: 'named', names: ['api-2'] },
      bakeTime: 0,
      warmUp: 30_000,
      on: 'run',
      onSuccess: 'ask',
      compare: {
        figures: { kind: 'http', url: 'http://$ROLLGATE_HOST:8080/figures', timeout: 3_000 },
        tolerance: 0.125,
        readings: 8,
        watchedOnly: ['p99'],
        command: {
          run: 'bin/compare',
          shell: 'sh',
          env: { LEVEL: '1' },
          workingDirectory: 'tools',
          timeout: 20_000,
        },
      },
    })
  })
})

test('a missing key has its default', () => {
  const { policy, recipe } = readBoth(`version: 1
environments: { production: { class: production } }
steps:
  build: make
  scheduler: { suspend: a, resume: b }
  migrate: { run: m, phase: expand }
services:
  web:
    fleet: { local: { instances: [web-1] } }
    health-check: { http: http://x }
    self-test: { run: x }
  api:
    fleet: { ssh: { inventory: bin/hosts } }
    traffic: { haproxy: { socket: /run/haproxy.sock, backend: api } }
    test-bed: { compare: { run: bin/compare } }
`)
  expect(policy).toMatchObject({
    app: null,
    url: null,
    unanswered: null,
    freezes: [],
    windows: [],
    freezeOverride: [],
    approval: { kind: 'reviewers', allowBypass: false },
  })
  expect(recipe).toMatchObject({
    baseVersion: null,
    schema: null,
    steps: {
      build: { command: { ...plain, run: 'make' }, unless: null },
      preDeploy: null,
      scheduler: {
        running: null,
        kill: null,
        deploy: null,
        drainTimeout: 900_000,
        interval: 1_000,
        zeroReadings: 3,
        onTimeout: 'fail',
        resumeAfter: 'migrate',
        lease: 7_200_000,
      },
      migrate: { command: { timeout: 1_200_000 }, repeatable: false },
    },
    services: [
      {
        fleet: { stop: null, install: null, start: null },
        traffic: { kind: 'is-alive' },
        version: null,
        testBed: null,
        healthCheck: {
          probe: { timeout: 5_000 },
          interval: 1_000,
          minHealthyTime: 5_000,
          healthyDeadline: 120_000,
        },
        selfTest: { probe: { kind: 'run', command: { timeout: 60_000 } }, timeout: 60_000, retries: 0 },
        rollout: {
          maxParallel: { kind: 'number', value: 1 },
          minAvailable: null,
          maxFailures: 0,
          progressDeadline: 1_200_000,
          onFailure: 'ask',
          acceptDowntime: false,
        },
      },
      {
        fleet: {
          kind: 'ssh',
          instances: [],
          inventory: { ...plain, run: 'bin/hosts' },
          user: null,
          port: null,
          jump: null,
          settings: null,
          hostKeys: 'known',
          connectTimeout: 10_000,
          sendEnv: [],
          upload: null,
        },
        traffic: {
          kind: 'haproxy',
          sockets: ['/run/haproxy.sock'],
          server: '$ROLLGATE_INSTANCE',
          drainTimeout: 30_000,
          upTimeout: 30_000,
        },
        testBed: {
          instances: { kind: 'first', count: { kind: 'number', value: 1 } },
          bakeTime: 600_000,
          compare: {
            figures: null,
            tolerance: 0.1,
            command: { ...plain, run: 'bin/compare', timeout: 60_000 },
          },
        },
      },
    ],
  })
})

describe('the approval', () => {
  test.each<[string, string, ApprovalRule]>([
    ['a sandbox nobody', '{ class: sandbox }', { kind: 'none' }],
    ['a staging nobody', '{ class: staging }', { kind: 'none' }],
    ['a production its reviewers', '{ class: production }', { kind: 'reviewers', allowBypass: false }],
    [
      'a production with an empty `requires`',
      '{ class: production, requires: {} }',
      { kind: 'reviewers', allowBypass: false },
    ],
    [
      'a production that says nobody',
      '{ class: production, requires: { approval: false } }',
      { kind: 'none' },
    ],
    [
      'a staging that says so',
      '{ class: staging, requires: { approval: true } }',
      { kind: 'reviewers', allowBypass: false },
    ],
    [
      'reviewers that may be bypassed',
      '{ class: production, requires: { approval: { allow-bypass: true } } }',
      { kind: 'reviewers', allowBypass: true },
    ],
    [
      'a named one',
      '{ class: production, requires: { approval: { from: [alice] } } }',
      { kind: 'named', from: ['alice'], notSelf: false },
    ],
    [
      'a named one, for some time',
      '{ class: staging, requires: { approval: { from: [alice], expires: 24h } } }',
      { kind: 'named', from: ['alice'], notSelf: false, expires: 86_400_000 },
    ],
    [
      'two named ones',
      '{ class: staging, requires: { approval: { from: [alice, bob], at-least: 2 } } }',
      { kind: 'named', from: ['alice', 'bob'], notSelf: false, atLeast: 2 },
    ],
    [
      'two reviewers, of whom GitHub asks one',
      '{ class: staging, requires: { approval: { at-least: 2 } } }',
      { kind: 'reviewers', allowBypass: false, atLeast: 2 },
    ],
  ])('%s', (_who, environment, approval) => {
    expect(readPolicy(source(`version: 1\nenvironments: { it: ${environment} }`), 'it').approval).toEqual(
      approval,
    )
  })

  test('the people who answer failures, and the reach of not-self, are keys of their own F44 F37', () => {
    const read = (environment: string) =>
      readPolicy(source(`version: 1\nenvironments: { it: ${environment} }`), 'it')
    const plain = read('{ class: production }')
    expect([plain.answers, plain.rollbackNotSelf]).toEqual([undefined, undefined])
    expect(
      read(
        '{ class: production, requires: { answers: { from: [dora, org/on-call] } }, rollback: { not-self: true } }',
      ),
    ).toMatchObject({ answers: ['dora', 'org/on-call'], rollbackNotSelf: true })
    expect(() => read('{ class: production, requires: { answers: { from: [] } } }')).toThrow(
      /names no person/,
    )
    expect(() => read('{ class: production, requires: { answers: [dora] } }')).toThrow(/answers/)
  })
})

describe('an environment laid over a recipe', () => {
  const sandbox = onFleets(readBoth(everything, 'sandbox').recipe.services)[0]

  test('replaces the instances, and keeps their order even when the names are numbers', () => {
    expect(sandbox?.fleet.instances).toEqual([
      { name: '2', env: { PORT: '1' } },
      { name: '1', env: {} },
    ])
  })

  test('merges a command with what the recipe says of it', () => {
    expect(sandbox?.fleet.start).toEqual({
      ...plain,
      run: 'bin/dev',
      timeout: 20_000,
      env: { LEVEL: '1', DEBUG: '1' },
    })
  })

  test('replaces what is no mapping', () => {
    expect(sandbox?.traffic).toEqual({ kind: 'is-alive' })
  })

  test('asks one way when it asks another way than the recipe', () => {
    expect(sandbox?.healthCheck?.probe).toMatchObject({
      kind: 'run',
      command: { run: 'bin/up', timeout: 4_000 },
    })
  })

  test('leaves the recipe of another environment alone', () => {
    expect(onFleets(readBoth(everything, 'staging').recipe.services)[0]?.fleet.instances).toEqual([
      { name: 'stage-1', env: {} },
    ])
  })

  test('keeps services in the order of the recipe', () => {
    const text = `version: 1
environments:
  production: { class: sandbox, services: { a: { fleet: { local: { instances: [a] } } }, "7": { fleet: { local: { instances: [b] } } } } }
services: { b: { fleet: { local: { instances: [b] } } }, "7": {}, a: {} }
`
    expect(readBoth(text).recipe.services.map(({ name }) => name)).toEqual(['b', '7', 'a'])
  })

  test('takes services by any name for services', () => {
    const names = ['http', 'run', 'env', 'instances']
    const local = names.map((name) => `${name}: { fleet: { local: { instances: [a] } } }`)
    const probes = names.map((name) => `${name}: { version: { run: x } }`)
    const text = `version: 1
environments: { production: { class: sandbox, services: { ${local.join(', ')} } } }
services: { ${probes.join(', ')} }
`
    const { services } = readBoth(text).recipe
    expect(services.map(({ name }) => name)).toEqual(names)
    expect(
      onFleets(services).every(({ version, fleet }) => version !== null && fleet.instances.length === 1),
    ).toBe(true)
  })

  const recipe = source(
    'version: 1\nservices:\n  web: { fleet: { local: { instances: [web-1] } }, health-check: { http: http://x } }\n',
    'v1.2.0',
  )
  const laid = (services: string) => ({
    source: source(`version: 1\nenvironments:\n  production:\n    services: ${services}\n`),
    environment: 'production',
  })

  test.each([
    ['wbe', '`wbe`; did you mean `web`? Otherwise add `services.wbe`'],
    ['worker', '`worker`, only `web`: add `services.worker`'],
  ])('says what to do with %s, which the recipe does not have', (name, words) => {
    expect(findingsOf(() => readRecipe(recipe, laid(`{ ${name}: {} }`)))).toEqual([
      `4:17  environments.production.services.${name}: the recipe of v1.2.0 has no service ${words} to .github/rollgate.yml and release that, or remove it here`,
    ])
  })

  test('is pointed at where the mistake is its own, and the recipe where it is not', () => {
    const problem = problemOf(() =>
      readRecipe(
        source(recipe.text.replace('http://x', 'x'), 'v1.2.0'),
        laid('{ web: { health-check: { min-healthy-time: 3m } } }'),
      ),
    )
    expect(problem.what).toBe(
      [
        '.github/rollgate.yml at v1.2.0 has one mistake:',
        '.github/rollgate.yml:3:74  services.web.health-check.http: expected an address that begins with http:// or https://, with a number or a variable as its port, without spaces, found the text `x`',
        '.github/rollgate.yml at main has one mistake:',
        '.github/rollgate.yml:4:58  environments.production.services.web.health-check.min-healthy-time: `health-check.min-healthy-time` (3m) must be shorter than `health-check.healthy-deadline` (2m)',
      ].join('\n'),
    )
    expect(problem.next).toBe(
      'Correct .github/rollgate.yml on main and run again; a mistake of v1.2.0 itself is frozen with it, and needs a new release.',
    )
  })

  test('is no list', () => {
    expect(findingsOf(() => readRecipe(recipe, laid('[web]')))).toEqual([
      '4:15  environments.production.services: expected a mapping of services by name, found the list `["web"]`',
    ])
  })
})

describe('an environment that the policy does not have', () => {
  const named = source(
    'version: 1\nenvironments: { staging: { class: staging }, production: { class: production } }',
  )

  test('is answered with the nearest and with all of them', () => {
    const problem = problemOf(() => readPolicy(named, 'prodction'))
    expect(problem.words).toEqual({
      code: 'environment-unknown',
      what: '.github/rollgate.yml at main has no environment `prodction`.',
      why: 'It names `staging`, `production`.',
      next: 'Did you mean `production`? Otherwise add environments.prodction with its class.',
    })
  })

  test('is answered with all of them when none is near', () => {
    const problem = problemOf(() => readRecipe(named, { source: named, environment: 'qa' }))
    expect(problem.next).toBe('Deploy to `staging` or `production`, or add environments.qa with its class.')
  })

  test('is answered when there are none at all', () => {
    const problem = problemOf(() => readPolicy(source('version: 1'), 'production'))
    expect(problem.code).toBe('environment-unknown')
    expect(problem.why).toBe('It names no environments at all.')
  })

  test.each(['constructor', '__proto__', 'toString'])('is not found in every object: %s', (environment) => {
    expect(problemOf(() => readPolicy(named, environment)).code).toBe('environment-unknown')
  })
})

describe('a duration', () => {
  test.each([
    ['90ms', 90],
    ['1m30s', 90_000],
    ['10m', 600_000],
    ['1h30m', 5_400_000],
    ['1d2h3m4s5ms', 93_784_005],
    ['0s', 0],
  ])('%s', (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds)
    expect(showDuration(milliseconds)).toBe(text)
  })

  test.each(['', '90', 's', '1.5h', '-1s', '1s1s', '30m1h', ' 1s', '1S', '1 s', '1e3s'])('not %j', (text) => {
    expect(parseDuration(text)).toBeNull()
  })
})

test.each(['EU/production', 'pre production', 'Übung', '日本'])(
  'the environment %s, which GitHub allows, is allowed F26',
  (name) => {
    const text = `version: 1\nenvironments:\n  ${JSON.stringify(name)}: { class: staging, requires: { approval: false } }`
    expect(readPolicy(source(text), name).name).toBe(name)
  },
)
