import { describe, expect, test, vi } from 'vitest'
import type { Probe } from '../../src/domain/config/command.ts'
import type { SshFleet } from '../../src/domain/config/fleet.ts'
import type { Service } from '../../src/domain/config/service.ts'
import type { Serving } from '../../src/domain/ledger/ledger.ts'
import { unknown } from '../../src/domain/reading.ts'
import type { ServiceSeen } from '../../src/domain/rolling/sight.ts'
import { lookAtInstances } from '../../src/pipeline/look/looking.ts'
import { aCommand, aLedgerServing, aRecipe, aService, newer, older } from '../domain/a-plan.ts'
import { type InMemory, inMemory } from './in-memory.ts'

const http = (url: string, timeout = 1_000): Probe => ({ kind: 'http', url, timeout })
const run = (text: string): Probe => ({ kind: 'run', command: aCommand(text) })

/** Asked over HTTP for everything, at addresses with the instance's name. */
const overHttp: Partial<Service> = {
  version: http('http://$ROLLGATE_INSTANCE/version'),
  healthCheck: {
    probe: http('http://$ROLLGATE_INSTANCE/is-alive'),
    interval: 1_000,
    minHealthyTime: 5_000,
    healthyDeadline: 60_000,
  },
  traffic: {
    kind: 'command',
    leave: null,
    enter: null,
    serving: http('http://door/$ROLLGATE_INSTANCE'),
    timeout: 1_000,
  },
}

const serving: Serving = aLedgerServing(older).serving ?? expect.fail()
const place = { app: 'shop', environment: 'production' }

const look = (
  { ports }: Pick<InMemory, 'ports'>,
  services: readonly Service[],
  stop = new AbortController(),
  hosts: Pick<Serving, 'hosts'> = { hosts: null },
) => lookAtInstances(ports, place, { ...serving, ...hosts }, aRecipe({ services }), stop.signal)

const only = async (seen: Promise<readonly ServiceSeen[]>) => (await seen)[0]?.instances[0]

const answers = ({ prober }: InMemory, name: string, version: string) => {
  prober.reply(`http://${name}/version`, { kind: 'yes', text: version })
  prober.reply(`http://${name}/is-alive`, { kind: 'yes', text: '' })
  prober.reply(`http://door/${name}`, { kind: 'yes', text: '' })
}

test('every instance is asked once for its release, its health and its traffic, and nothing is run', async () => {
  const memory = inMemory()
  answers(memory, 'web-1', older.tag)
  answers(memory, 'web-2', '{"version":"v9"}')
  const [web] = await look(memory, [aService('web', 2, {}, overHttp)])
  const found = <T>(value: T) => ({ kind: 'found', value, why: null })
  expect(web).toEqual({
    name: 'web',
    unasked: null,
    instances: [
      { name: 'web-1', version: found(older.tag), healthy: found(true), inTraffic: found(true) },
      { name: 'web-2', version: found('v9'), healthy: found(true), inTraffic: found(true) },
    ],
  })
  expect(memory.prober.asked).toHaveLength(6)
  expect(memory.shell.calls).toEqual([])
})

describe('an instance of two slots', () => {
  const at = (path: string) => http(`http://$ROLLGATE_INSTANCE-$ROLLGATE_SLOT/${path}`)
  const slots = { a: { PORT: '4001' }, b: { PORT: '5001' } }
  const web = aService(
    'web',
    1,
    { order: { kind: 'start-first', slots } },
    {
      ...overHttp,
      version: at('version'),
      healthCheck: { probe: at('is-alive'), interval: 1_000, minHealthyTime: 5_000, healthyDeadline: 60_000 },
      traffic: {
        kind: 'command',
        leave: null,
        enter: null,
        serving: http('http://door/$ROLLGATE_INSTANCE-$ROLLGATE_SLOT'),
        timeout: 1_000,
      },
    },
  )
  const found = <T>(value: T) => ({ kind: 'found', value, why: null })

  test('is what its slot in traffic says', async () => {
    const memory = inMemory()
    answers(memory, 'web-1-b', newer.tag)
    memory.prober.reply('http://door/web-1-a', { kind: 'no', why: 'out', text: '' })
    expect(await only(look(memory, [web]))).toMatchObject({
      name: 'web-1',
      version: found(newer.tag),
      healthy: found(true),
      inTraffic: found(true),
      slots: { a: { version: { kind: 'unanswered' } }, b: { version: found(newer.tag) } },
    })
  })

  test('with both in traffic names both releases', async () => {
    const memory = inMemory()
    answers(memory, 'web-1-a', older.tag)
    answers(memory, 'web-1-b', newer.tag)
    expect(await only(look(memory, [web]))).toMatchObject({
      version: found(`${older.tag} and ${newer.tag}`),
      inTraffic: found(true),
    })
  })
})

test('one that is down is found so, with the reason, and holds up no other', async () => {
  const memory = inMemory()
  answers(memory, 'web-2', older.tag)
  memory.prober.reply('http://door/web-1', { kind: 'no', why: 'answered 404', text: '' })
  const [web] = await look(memory, [aService('web', 2, {}, overHttp)])
  expect(web?.instances).toMatchObject([
    {
      version: { kind: 'unanswered', why: 'no answer (connection refused)' },
      healthy: { kind: 'found', value: false, why: 'no answer (connection refused)' },
      inTraffic: { kind: 'found', value: false },
    },
    { version: { value: older.tag }, healthy: { value: true }, inTraffic: { value: true } },
  ])
})

test('all are asked at once, each question for as long as its own timeout', async () => {
  const memory = inMemory()
  for (let at = 1; at <= 50; at += 1)
    for (const path of ['version', 'is-alive'])
      memory.prober.reply(`http://web-${at}/${path}`, { kind: 'silent' })
  const slow = { ...overHttp, version: http('http://$ROLLGATE_INSTANCE/version', 3_000) }
  const [web] = await look(memory, [aService('web', 50, {}, slow)])
  expect(memory.seconds()).toBe(3)
  expect(web?.instances[49]).toMatchObject({
    version: { kind: 'unanswered', why: 'no answer within 3 s' },
    healthy: { kind: 'found', value: false, why: 'no answer within 1 s' },
  })
})

describe('probes that are commands', () => {
  const byCommand = aService(
    'web',
    1,
    {},
    {
      traffic: { kind: 'command', leave: null, enter: null, serving: run('in-traffic'), timeout: 1_000 },
    },
  )

  test.each([
    ['nothing is checked out', null],
    ['another release is', newer.sha],
  ])('are not run where %s', async (_, head) => {
    const memory = inMemory()
    memory.workspace.head = head
    const unasked = { kind: 'unasked', why: `needs a checkout of ${older.tag}` }
    expect(await only(look(memory, [byCommand]))).toMatchObject({
      version: unasked,
      healthy: unasked,
      inTraffic: unasked,
    })
    expect(memory.prober.asked).toEqual([])
  })

  test('run in the checkout of the release, and see it and the instance', async () => {
    const memory = inMemory()
    memory.workspace.head = older.sha
    const seen: unknown[] = []
    memory.prober.replyBy('is-alive', (variables) => {
      seen.push(variables)
      return { kind: 'yes', text: '' }
    })
    const service = {
      ...byCommand,
      fleet: { ...byCommand.fleet, instances: [{ name: 'web-1', env: { PORT: '1' } }] },
    }
    expect(await only(look(memory, [service as Service]))).toMatchObject({ healthy: { value: true } })
    expect(seen).toEqual([
      {
        ROLLGATE_APP: 'shop',
        ROLLGATE_ENVIRONMENT: 'production',
        ROLLGATE_DEPLOYMENT: '6',
        ROLLGATE_RELEASE: older.tag,
        ROLLGATE_SHA: older.sha,
        ROLLGATE_CHECKOUT: `files of ${older.sha}`,
        ROLLGATE_SERVICE: 'web',
        ROLLGATE_INSTANCE: 'web-1',
        PORT: '1',
      },
    ])
  })
})

test('a question that the config does not have is not called silence', async () => {
  const memory = inMemory()
  const mute = aService('web', 1, {}, { version: null, healthCheck: null })
  expect(await only(look(memory, [mute]))).toMatchObject({
    version: { kind: 'none', why: 'no probe' },
    healthy: { kind: 'none', why: 'no health check' },
    inTraffic: { kind: 'none', why: 'cannot be seen' },
  })
})

test('a front door that does not tell, and a question that goes wrong, are said in their place', async () => {
  const memory = inMemory()
  answers(memory, 'web-2', older.tag)
  const { ports } = memory
  const haproxy = {
    kind: 'haproxy',
    sockets: ['/run/haproxy.sock'],
    backend: 'web',
    server: '$ROLLGATE_INSTANCE',
    drainTimeout: 1,
    upTimeout: 1,
  } as const
  const mute = { code: 'traffic-unknown', what: 'The front door does not tell.', why: '', next: '' } as const
  const traffic: typeof ports.traffic = (...of) => ({
    ...ports.traffic(...of),
    serves: async () => unknown(mute),
  })
  const fleet: typeof ports.fleet = (recipe) => ({
    ...ports.fleet(recipe),
    ask: (instance, ...asked) =>
      instance.name === 'web-1'
        ? Promise.reject(new Error('out of sockets'))
        : ports.fleet(recipe).ask(instance, ...asked),
  })
  const [web] = await look({ ports: { ...ports, fleet, traffic } }, [
    aService('web', 2, {}, { ...overHttp, traffic: haproxy }),
  ])
  const wrong = { kind: 'unanswered', why: 'could not be asked: out of sockets' }
  const untold = { kind: 'unanswered', why: 'The front door does not tell.' }
  expect(web?.instances).toMatchObject([
    { version: wrong, healthy: wrong, inTraffic: untold },
    { version: { value: older.tag }, inTraffic: untold },
  ])
})

describe('hosts over ssh', () => {
  const hosts: SshFleet = {
    kind: 'ssh',
    instances: [{ name: 'web-1', host: '10.0.0.1', env: {}, user: null, port: null, jump: null }],
    inventory: null,
    user: null,
    port: null,
    jump: null,
    settings: null,
    hostKeys: 'known',
    connectTimeout: 1_000,
    sendEnv: [],
    upload: null,
    prepare: null,
    stop: null,
    install: null,
    start: null,
  }

  test('are asked at the address of the host', async () => {
    const memory = inMemory()
    const service = aService(
      'web',
      1,
      {},
      { fleet: hosts, version: http('http://$ROLLGATE_HOST/version'), healthCheck: null },
    )
    memory.prober.reply('http://10.0.0.1/version', { kind: 'yes', text: older.tag })
    expect(await only(look(memory, [service]))).toMatchObject({ version: { value: older.tag } })
  })

  const inventory = { fleet: { ...hosts, instances: [], inventory: aCommand('hosts') }, healthCheck: null }

  test('that an inventory printed are asked as they were then, and it is not', async () => {
    const memory = inMemory()
    memory.prober.reply('http://10.0.0.1/version', { kind: 'yes', text: older.tag })
    const version = http('http://$ROLLGATE_HOST/version')
    const services = [aService('web', 1, {}, { ...inventory, version })]
    const seen = look(memory, services, undefined, { hosts: { web: hosts.instances } })
    expect(await only(seen)).toMatchObject({ name: 'web-1', version: { value: older.tag } })
    expect(memory.effects()).not.toContain('hosts')
  })

  test('that an inventory prints are not known where none has been kept', async () => {
    const memory = inMemory()
    const ask = vi.spyOn(memory.ports, 'fleet')
    expect(await look(memory, [aService('web', 1, {}, inventory)])).toEqual([
      {
        name: 'web',
        instances: [],
        unasked: 'its inventory prints hosts: they are known from the next deployment on',
      },
    ])
    expect(ask).not.toHaveBeenCalled()
  })
})
