import { describe, expect, test } from 'vitest'
import { onFleets } from '../../src/domain/config/declared-service.ts'
import { readBoth } from './config.fixture.ts'

/** The service `web` as the recipe writes it, with what production lays over it. */
function laid(recipe: string, over: string) {
  const { services } = readBoth(`version: 1
environments: { production: { class: sandbox, services: { web: ${over} } } }
services: { web: ${recipe} }
`).recipe
  return onFleets(services)[0] ?? expect.fail('there is a service')
}

describe('an environment laid over a fleet', () => {
  const local = '{ fleet: { local: { instances: [web-1] }, stop: bin/stop, install: bin/install } }'
  const ssh = '{ fleet: { ssh: { user: deploy, hosts: [web-1, web-2] }, start: bin/start } }'

  test('puts ssh in the place of local, and leaves the commands as they are', () => {
    const { fleet } = laid(local, '{ fleet: { ssh: { hosts: [host-1] } } }')
    expect(fleet).toMatchObject({
      kind: 'ssh',
      instances: [{ name: 'host-1' }],
      stop: { run: 'bin/stop' },
      install: { run: 'bin/install' },
    })
  })

  test('puts local in the place of ssh', () => {
    const { fleet } = laid(ssh, '{ fleet: { local: { instances: { try-1: { PORT: 4001 } } } } }')
    expect(fleet).toEqual(
      expect.objectContaining({ kind: 'local', instances: [{ name: 'try-1', env: { PORT: '4001' } }] }),
    )
    expect(fleet.start?.run).toBe('bin/start')
  })

  test('replaces the hosts, and merges what is said of all of them', () => {
    const { fleet } = laid(ssh, '{ fleet: { ssh: { port: 2222, hosts: { host-1: { user: root } } } } }')
    expect(fleet).toMatchObject({ kind: 'ssh', user: 'deploy', port: 2222 })
    expect(fleet.instances).toEqual([
      { name: 'host-1', host: 'host-1', user: 'root', port: null, jump: null, env: {} },
    ])
  })

  test('puts an inventory in the place of hosts', () => {
    const { fleet } = laid(ssh, '{ fleet: { ssh: { inventory: bin/hosts } } }')
    expect(fleet).toMatchObject({ instances: [], inventory: { run: 'bin/hosts' } })
  })

  test('puts hosts in the place of an inventory', () => {
    const printed = '{ fleet: { ssh: { inventory: bin/hosts } } }'
    const { fleet } = laid(printed, '{ fleet: { ssh: { hosts: [a] } } }')
    expect(fleet).toMatchObject({ instances: [{ name: 'a' }], inventory: null })
  })
})

describe('an environment laid over traffic and a test bed', () => {
  const fleet = 'fleet: { local: { instances: [web-1, web-2] } }'

  test('completes what the recipe says of HAProxy', () => {
    const { traffic } = laid(
      `{ ${fleet}, traffic: { haproxy: { backend: web, drain-timeout: 5s } } }`,
      '{ traffic: { haproxy: { socket: "10.0.0.5:9999" } } }',
    )
    expect(traffic).toMatchObject({ sockets: ['10.0.0.5:9999'], backend: 'web', drainTimeout: 5_000 })
  })

  test('puts HAProxy in the place of commands, and commands in the place of HAProxy', () => {
    const haproxy = '{ traffic: { haproxy: { socket: /run/s, backend: web } } }'
    const command = '{ traffic: { command: { leave: bin/leave } } }'
    expect(laid(command.replace('{', `{ ${fleet},`), haproxy).traffic.kind).toBe('haproxy')
    expect(laid(haproxy.replace('{', `{ ${fleet},`), command).traffic.kind).toBe('command')
  })

  test('names the test bed among its own instances', () => {
    const { testBed } = laid(
      `{ ${fleet}, test-bed: { instances: 1, bake-time: 5m } }`,
      '{ fleet: { ssh: { hosts: [canary, host-1] } }, test-bed: { instances: [canary] } }',
    )
    expect(testBed).toEqual({
      instances: { kind: 'named', names: ['canary'] },
      bakeTime: 300_000,
      warmUp: 0,
      on: 'clock',
      onSuccess: 'go-on',
      compare: null,
    })
  })

  test('names a test bed that only an inventory can know', () => {
    const { testBed } = laid('{ fleet: { ssh: { inventory: x } } }', '{ test-bed: { instances: [canary] } }')
    expect(testBed?.instances).toEqual({ kind: 'named', names: ['canary'] })
  })
})
