import { request } from 'node:http'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createClock } from '../../src/adapters/clock.ts'
import { createHaproxyTraffic } from '../../src/adapters/haproxy.ts'
import type { HaproxyTraffic } from '../../src/domain/config/service.ts'
import { found } from '../../src/domain/reading.ts'
import type { TrafficControl } from '../../src/pipeline/ports.ts'
import { eventually } from '../../src/sandbox/fleet/eventually.ts'
import { startLoad } from '../../src/sandbox/fleet/load.ts'
import { listener } from '../contracts/shell.contract.ts'
import type { App } from './bed/app.ts'
import { missingParts } from './bed/parts.ts'
import { type Served, startServed } from './bed/served.ts'

describe.skipIf(missingParts('haproxy', 'cc', 'flock') !== null)('traffic at a real haproxy', () => {
  let bed: Served
  let traffic: TrafficControl

  beforeAll(async () => {
    bed = await startServed({ hosts: 4, release: 'v1.0.0' })
  })
  afterAll(() => bed.close())

  beforeEach(async () => {
    traffic = trafficOf()
    await eventually('all are up', async () => (await bed.balancer.up()).length === bed.apps.length)
  })

  function trafficOf(recipe: Partial<HaproxyTraffic> = {}): TrafficControl {
    return createHaproxyTraffic(
      {
        kind: 'haproxy',
        sockets: [bed.balancer.sockets.admin],
        backend: 'web',
        server: '$ROLLGATE_INSTANCE',
        drainTimeout: 10_000,
        upTimeout: 10_000,
        ...recipe,
      },
      createClock(),
    )
  }

  const instanceOf = ({ name }: App) => ({ name, env: {} })
  const web1 = { name: 'web-1', env: {} }
  const { signal } = listener()

  test('a server is out of traffic when it has left, and in when it has entered', async () => {
    expect(await traffic.serves(web1, {}, signal)).toEqual(found(true))
    expect(await traffic.leave(web1, {}, listener())).toBeNull()
    expect(await traffic.serves(web1, {}, signal)).toEqual(found(false))
    expect(await bed.balancer.up()).toEqual(['web-2', 'web-3', 'web-4'])
    expect(await traffic.enter(web1, {}, listener())).toBeNull()
    expect(await traffic.serves(web1, {}, signal)).toEqual(found(true))
  })

  test('the same can be said over TCP', async () => {
    const overTcp = trafficOf({ sockets: [bed.balancer.sockets.tcp] })
    expect(await overTcp.leave(web1, {}, listener())).toBeNull()
    expect(await traffic.serves(web1, {}, signal)).toEqual(found(false))
    expect(await overTcp.enter(web1, {}, listener())).toBeNull()
    expect(await traffic.serves(web1, {}, signal)).toEqual(found(true))
  })

  test('a request under way is answered before the server has left', async () => {
    const { leaving, answer, watch } = await leaveDuring(1000, trafficOf())
    expect(await answer).toBe(200)
    expect(await leaving).toBeNull()
    expect(watch.lines).toEqual([])
  })

  test('a request that outlasts the drain is cut off, and that is said', async () => {
    const { leaving, answer, watch } = await leaveDuring(30_000, trafficOf({ drainTimeout: 200 }))
    expect(await leaving).toBeNull()
    expect(watch.lines).toEqual([`1 session is under way at ${bed.balancer.sockets.admin} after 0.2 s: cut`])
    expect(await answer).not.toBe(200)
    // Without an answer to that request the instance would not end.
    await bed.app('web-1').crash()
    await bed.app('web-1').operate('start', 'v1.0.0')
  })

  /** Has web-1 leave while it alone works on a request, for so many milliseconds. */
  async function leaveDuring(ms: number, traffic: TrafficControl) {
    const others = bed.apps.slice(1).map(instanceOf)
    await Promise.all(others.map((other) => traffic.leave(other, {}, listener())))
    bed.app('web-1').trouble('slow-ms', String(ms))
    const answer = statusOf(bed.balancer.door)
    await eventually('the request has come', async () => (await bed.balancer.sessions('web-1')) === 1)
    bed.app('web-1').calm('slow-ms')
    const watch = listener()
    const leaving = traffic.leave(web1, {}, watch).finally(async () => {
      await Promise.all([web1, ...others].map((one) => traffic.enter(one, {}, listener())))
    })
    return { leaving, answer, watch }
  }

  test('a server that does not run is not seen up, with haproxy’s own words', async () => {
    const app = bed.app('web-2')
    expect(await traffic.leave(instanceOf(app), {}, listener())).toBeNull()
    await app.operate('stop', 'v1.0.0')
    const why = await trafficOf({ upTimeout: 500 }).enter(instanceOf(app), {}, listener())
    expect(why).toMatch(/ has not seen web\/web-2 up within 0.5 s: DOWN \(L4CON.*\)$/)
    await app.operate('start', 'v1.0.0')
    expect(await traffic.enter(instanceOf(app), {}, listener())).toBeNull()
  })

  test('one that was down when it left is not believed to be up until a check says so', async () => {
    const app = bed.app('web-3')
    await app.operate('stop', 'v1.0.0')
    await eventually('it is down', async () => !(await bed.balancer.up()).includes('web-3'))
    expect(await traffic.leave(instanceOf(app), {}, listener())).toBeNull()
    const entering = traffic.enter(instanceOf(app), {}, listener())
    await app.operate('start', 'v1.0.0')
    expect(await entering).toBeNull()
    expect(await bed.balancer.lastCheck('web-3')).toBe('L7OK')
  })

  test('an impossible move is a clear sentence', async () => {
    const { admin, reading } = bed.balancer.sockets
    const whyOf = (recipe: Partial<HaproxyTraffic>) => trafficOf(recipe).leave(web1, {}, listener())
    expect(await whyOf({ sockets: [reading] })).toBe(
      `the socket ${reading} lets nothing be changed: it needs \`level admin\``,
    )
    expect(await whyOf({ backend: 'shop' })).toBe(`the balancer at ${admin} has no backend shop`)
    expect(await whyOf({ server: 'web-9' })).toBe(
      `the balancer at ${admin} has no server web-9 in its backend web`,
    )
    expect(await traffic.serves({ name: 'web-9', env: {} }, {}, signal)).toMatchObject({ kind: 'unknown' })
    expect(await traffic.serves(web1, {}, signal)).toEqual(found(true))
  })

  test('a roll under load loses no request, and what is up never falls below the floor', async () => {
    await bed.balancer.watchFromHere()
    const before = await bed.balancer.failures()
    const load = startLoad({ url: bed.balancer.door, perSecond: 150, keepAlive: false })
    for (const app of bed.apps) {
      expect(await traffic.leave(instanceOf(app), {}, listener())).toBeNull()
      for (const task of ['stop', 'install', 'start'] as const) await app.operate(task, 'v2.0.0')
      await eventually('it serves', async () => (await statusOf(`${urlOf(app)}is-alive`)) === 200)
      expect(await traffic.enter(instanceOf(app), {}, listener())).toBeNull()
    }
    await eventually('the new release answers', () => (load.report().releases['v2.0.0'] ?? 0) > 50)
    const report = await load.stop()
    expect(report).toMatchObject({ failures: 0, reasons: [] })
    expect(await bed.balancer.failures()).toEqual(before)
    expect(bed.balancer.fewestUp()).toBe(3)
    expect(bed.apps.map((app) => app.release())).toEqual(Array(4).fill('v2.0.0'))
  })

  test('the load does notice when a server just dies', async () => {
    await bed.balancer.watchFromHere()
    const load = startLoad({ url: bed.balancer.door, perSecond: 150, keepAlive: false })
    await eventually('it is under load', () => load.report().count > 20)
    await bed.app('web-4').crash()
    await eventually('haproxy has found it down', () => bed.balancer.fewestUp() === 3)
    expect((await load.stop()).failures).toBeGreaterThan(0)
    await bed.app('web-4').operate('start', 'v2.0.0')
  })
})

const urlOf = ({ address, port }: App): string => `http://${address}:${port}/`

/** 0 when there was no answer. */
function statusOf(url: string): Promise<number> {
  return new Promise((resolve) => {
    request(url, { agent: false }, (response) => {
      response.resume().on('close', () => resolve(response.complete ? (response.statusCode ?? 0) : 0))
    })
      .on('error', () => resolve(0))
      .end()
  })
}
