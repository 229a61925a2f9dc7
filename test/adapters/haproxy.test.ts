import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { createClock } from '../../src/adapters/clock.ts'
import { createHaproxyTraffic } from '../../src/adapters/haproxy.ts'
import type { HaproxyTraffic } from '../../src/domain/config/service.ts'
import { found } from '../../src/domain/reading.ts'
import { listener } from '../contracts/shell.contract.ts'
import { listenAsHaproxy, type RuntimeSocket } from './runtime-socket.ts'

const sockets: RuntimeSocket[] = []
afterEach(async () => {
  await Promise.all(sockets.splice(0).map((socket) => socket.close()))
})

const instance = (name: string, env = {}) => ({ name, env })
const web1 = instance('web-1')

async function listen(...names: string[]): Promise<RuntimeSocket> {
  const socket = await listenAsHaproxy(...names)
  sockets.push(socket)
  return socket
}

function trafficAt(paths: readonly string[], recipe: Partial<HaproxyTraffic> = {}) {
  return createHaproxyTraffic(
    {
      kind: 'haproxy',
      sockets: paths,
      backend: 'web',
      server: '$ROLLGATE_INSTANCE',
      drainTimeout: 5000,
      upTimeout: 5000,
      ...recipe,
    },
    createClock(),
  )
}

describe('leaving traffic at haproxy', () => {
  test('drains, and ends in maintenance when the last session has ended', async () => {
    const haproxy = await listen('web-1', 'web-2')
    haproxy.servers['web-1'] = { status: 'UP', check: 'L7OK', sessions: 2 }
    let readings = 0
    haproxy.answerBy((command) => {
      const server = haproxy.servers['web-1']
      if (command.startsWith('show') && server !== undefined && ++readings === 3) server.sessions = 0
      return null
    })
    const watch = listener()
    expect(await trafficAt([haproxy.path]).leave(web1, {}, watch)).toBeNull()
    expect(haproxy.commands).toEqual([
      'set server web/web-1 state drain',
      'show stat web 4 -1',
      'show stat web 4 -1',
      'show stat web 4 -1',
      'set server web/web-1 state maint',
      'show stat web 4 1',
    ])
    expect(watch.lines).toEqual([])
  })

  test('cuts what has not ended in time, and says so', async () => {
    const haproxy = await listen('web-1')
    haproxy.servers['web-1'] = { status: 'UP', check: 'L7OK', sessions: 2 }
    const watch = listener()
    expect(await trafficAt([haproxy.path], { drainTimeout: 50 }).leave(web1, {}, watch)).toBeNull()
    expect(haproxy.commands.filter((command) => !command.startsWith('show'))).toEqual([
      'set server web/web-1 state drain',
      'set server web/web-1 state maint',
      'shutdown sessions server web/web-1',
    ])
    expect(watch.lines).toEqual([`2 sessions are under way at ${haproxy.path} after 0.05 s: cut`])
  })

  test('that is stopped cuts nobody off', async () => {
    const haproxy = await listen('web-1')
    haproxy.servers['web-1'] = { status: 'UP', check: 'L7OK', sessions: 1 }
    const abort = new AbortController()
    haproxy.answerBy((command) => {
      if (command.startsWith('show')) abort.abort()
      return null
    })
    const why = await trafficAt([haproxy.path]).leave(web1, {}, listener(abort.signal))
    expect(why).toBe('was stopped before its sessions had ended')
    expect(haproxy.servers['web-1'].status).toBe('DRAIN')
  })

  test('happens at every balancer, and says which one would not', async () => {
    const [first, second] = [await listen('web-1'), await listen()]
    const why = await trafficAt([first.path, second.path]).leave(web1, {}, listener())
    expect(why).toBe(`the balancer at ${second.path} has no server web-1 in its backend web`)
    expect(first.servers['web-1']?.status).toBe('MAINT')
  })
})

describe('entering traffic at haproxy', () => {
  test('ends when the balancer sees the server up', async () => {
    const haproxy = await listen('web-1')
    haproxy.servers['web-1'] = { status: 'MAINT', check: 'L4CON', sessions: 0 }
    let readings = 0
    haproxy.answerBy((command) => {
      const server = haproxy.servers['web-1']
      if (command.startsWith('show') && server !== undefined && ++readings === 3) server.check = 'L7OK'
      return null
    })
    expect(await trafficAt([haproxy.path]).enter(web1, {}, listener())).toBeNull()
    expect(readings).toBe(3)
  })

  test('that takes too long is a text with the balancer’s own words', async () => {
    const haproxy = await listen('web-1')
    haproxy.answerBy((command) => {
      haproxy.servers['web-1'] = { status: 'DOWN', check: 'L4CON', sessions: 0 }
      return command.startsWith('set') ? '' : null
    })
    const why = await trafficAt([haproxy.path], { upTimeout: 50 }).enter(web1, {}, listener())
    expect(why).toBe(`the balancer at ${haproxy.path} has not seen web/web-1 up within 0.05 s: DOWN (L4CON)`)
  })
})

describe('traffic of an instance behind haproxy', () => {
  test('is yes only where every balancer has it up', async () => {
    const [first, second] = [await listen('web-1'), await listen('web-1')]
    const traffic = trafficAt([first.path, second.path])
    const { signal } = listener()
    expect(await traffic.serves(web1, {}, signal)).toEqual(found(true))
    second.servers['web-1'] = { status: 'MAINT', check: '', sessions: 0 }
    expect(await traffic.serves(web1, {}, signal)).toEqual(found(false))
  })

  test('cannot be told where a balancer cannot be asked, unless another says no', async () => {
    const haproxy = await listen('web-1')
    const traffic = trafficAt([haproxy.path, '/nowhere/admin.sock'])
    const { signal } = listener()
    expect(await traffic.serves(web1, {}, signal)).toEqual({
      kind: 'unknown',
      why: expect.objectContaining({
        code: 'traffic-unknown',
        what: expect.stringContaining('/nowhere/admin.sock'),
      }),
    })
    haproxy.servers['web-1'] = { status: 'DRAIN', check: 'L7OK', sessions: 0 }
    expect(await traffic.serves(web1, {}, signal)).toEqual(found(false))
  })
})

describe('haproxy’s runtime socket', () => {
  const names = Array.from({ length: 40 }, (_, index) => `web-${index + 1}`)

  test('is asked over few connections at once', async () => {
    const haproxy = await listen(...names)
    const traffic = trafficAt([haproxy.path])
    const left = await Promise.all(names.map((name) => traffic.leave(instance(name), {}, listener())))
    expect(left).toEqual(names.map(() => null))
    expect(Object.values(haproxy.servers).every(({ status }) => status === 'MAINT')).toBe(true)
    expect(haproxy.mostAtOnce()).toBeLessThan(10)
  })

  test('is asked once for all who ask the same, and later for one server by its number', async () => {
    const haproxy = await listen(...names)
    const traffic = trafficAt([haproxy.path])
    const { signal } = listener()
    const serving = await Promise.all(names.map((name) => traffic.serves(instance(name), {}, signal)))
    expect(serving).toEqual(names.map(() => found(true)))
    expect(haproxy.commands).toEqual(['show stat web 4 -1'])
    expect(await traffic.leave(instance('web-7'), {}, listener())).toBeNull()
    expect(haproxy.commands.slice(1)).toEqual([
      'set server web/web-7 state drain',
      'show stat web 4 7',
      'set server web/web-7 state maint',
      'show stat web 4 7',
    ])
  })

  test('is asked for all servers after a reload that gave them other numbers', async () => {
    const haproxy = await listen('web-1', 'web-2')
    const traffic = trafficAt([haproxy.path])
    await traffic.serves(web1, {}, listener().signal)
    haproxy.answerBy((command) =>
      command === 'show stat web 4 1' ? '# svname,sid,scur,qcur,status,\nweb-2,1,9,0,UP,\n' : null,
    )
    expect(await traffic.leave(web1, {}, listener())).toBeNull()
    expect(haproxy.servers['web-1']?.status).toBe('MAINT')
    expect(haproxy.commands.slice(-3)).toEqual([
      'set server web/web-1 state maint',
      'show stat web 4 1',
      'show stat web 4 -1',
    ])
  })

  test('is read by one at a time: who asks meanwhile shares what is read next', async () => {
    const haproxy = await listen(...names)
    const held: (() => void)[] = []
    haproxy.answerBy(async () => {
      if (held.length === 0) await new Promise<void>((resolve) => held.push(resolve))
      return null
    })
    const traffic = trafficAt([haproxy.path])
    const serves = (name: string) => traffic.serves(instance(name), {}, listener().signal)
    const asked = [serves('web-1')]
    while (held.length === 0) await turn()
    for (const name of ['web-2', 'web-3']) {
      asked.push(serves(name))
      await turn()
    }
    held[0]?.()
    expect(await Promise.all(asked)).toEqual([found(true), found(true), found(true)])
    expect(haproxy.commands).toEqual(['show stat web 4 -1', 'show stat web 4 -1'])
  })

  test('does not answer with what it read before the question', async () => {
    const haproxy = await listen('web-1', 'web-2')
    haproxy.servers['web-1'] = { status: 'UP', check: 'L7OK', sessions: 0 }
    const held: (() => void)[] = []
    haproxy.answerBy(async (command) => {
      if (!command.startsWith('show') || held.length > 0) return null
      const before = '# svname,scur,qcur,status,check_status,\nweb-1,0,0,DOWN,L4CON,\nweb-2,0,0,DOWN,L4CON,\n'
      await new Promise<void>((resolve) => held.push(resolve))
      return before
    })
    const traffic = trafficAt([haproxy.path])
    const { signal } = listener()
    const first = traffic.serves(web1, {}, signal)
    while (held.length === 0) await turn()
    const second = traffic.serves(instance('web-2'), {}, signal)
    held[0]?.()
    expect([await first, await second]).toEqual([found(false), found(true)])
  })

  test('that breaks a connection off is asked again', async () => {
    const haproxy = await listen('web-1')
    let broken = 0
    haproxy.answerBy(() => (++broken <= 2 ? 'break' : null))
    expect(await trafficAt([haproxy.path]).enter(web1, {}, listener())).toBeNull()
    expect(haproxy.commands.filter((command) => command.startsWith('set'))).toHaveLength(3)
  })

  test.each([
    [
      'Permission denied\n',
      (at: string) => `the socket ${at} lets nothing be changed: it needs \`level admin\``,
    ],
    ['No such backend.\n', (at: string) => `the balancer at ${at} has no backend web`],
    ['Surprise.\nMore.\n', (at: string) => `the balancer at ${at} said: Surprise.`],
  ])('that answers %j is a clear sentence', async (answer, sentence) => {
    const haproxy = await listen('web-1')
    haproxy.answerBy(() => answer)
    const why = await trafficAt([haproxy.path]).leave(web1, {}, listener())
    expect(why).toBe(sentence(haproxy.path))
  })

  test('that is not there is a clear sentence', async () => {
    const why = await trafficAt(['/nowhere/admin.sock']).leave(web1, {}, listener())
    expect(why).toBe('there is no socket /nowhere/admin.sock')
  })
})

describe('the name of a server', () => {
  test('is made from what an instance carries', async () => {
    const haproxy = await listen('shop_7')
    const traffic = trafficAt([haproxy.path], { server: `shop_$\{NUMBER}` })
    expect(await traffic.leave(instance('web-1', { NUMBER: '7' }), {}, listener())).toBeNull()
    expect(haproxy.servers.shop_7?.status).toBe('MAINT')
  })

  test.each(['web-1; disable frontend door', 'web-1\ndisable frontend door', 'web-1 state ready', ''])(
    'that would be more than a name is never sent: %j',
    async (name) => {
      const haproxy = await listen('web-1')
      const why = await trafficAt([haproxy.path], { server: '$NAME' }).leave(
        instance('web-1', { NAME: name }),
        {},
        listener(),
      )
      expect(why).toBe(`${JSON.stringify(name)} is no name in haproxy`)
      expect(haproxy.commands).toEqual([])
    },
  )

  test('that needs what an instance does not have is said', async () => {
    const why = await trafficAt(['/nowhere'], { server: '$PORT' }).leave(web1, {}, listener())
    expect(why).toBe("the server's name $PORT needs PORT")
  })
})
