import { once } from 'node:events'
import { Agent, createServer, get } from 'node:http'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createClock } from '../../src/adapters/clock.ts'
import { createHaproxyDoor } from '../../src/adapters/detour/haproxy-door.ts'
import type { DetourSide } from '../../src/domain/detour/side.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { eventually } from '../../src/sandbox/fleet/eventually.ts'
import { freePorts } from '../../src/sandbox/fleet/ports.ts'
import { realShell, scratch } from '../adapters/real-shell.ts'
import { newer, older } from '../domain/a-plan.ts'
import { aDetourWorld } from '../pipeline/a-detour-world.ts'
import { movingOver } from '../pipeline/a-move.ts'
import { keptLedger, opened } from '../pipeline/in-memory.ts'
import { answered } from '../pipeline/later-run.ts'
import { missingParts } from './bed/parts.ts'
import { startSidedDoor } from './bed/sided-door.ts'

vi.setConfig({ testTimeout: 90_000 })

/** The most requests of one story, so that a story which hangs ends. */
const mostRequests = 20_000
const betweenRequests = 5

/** The application of a side: it says which side and which release answered. */
async function startApp(port: number, side: DetourSide, release: () => string | null): Promise<void> {
  const server = createServer((_, response) => {
    const tag = release()
    response.writeHead(tag === null ? 503 : 200, { 'x-side': side, 'x-release': tag ?? '' }).end(side)
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    server.close()
    server.closeAllConnections()
  })
}

interface Visit {
  readonly begun: number
  readonly status: number
  readonly release: string
}

/** Asks both doors in turn, each time a few milliseconds later, over fresh and over kept connections. */
function startProbe(doors: readonly string[]): { readonly visits: Visit[]; stop(): Promise<void> } {
  const visits: Visit[] = []
  const kept = new Agent({ keepAlive: true })
  const open = new Set<Promise<void>>()
  let asked = 0
  const timer = setInterval(() => {
    asked += 1
    if (asked > mostRequests) return
    const agent = asked % 2 === 0 ? kept : false
    const work = visit(doors[asked % doors.length] ?? '', agent).then((seen) => void visits.push(seen))
    open.add(work)
    void work.finally(() => open.delete(work))
  }, betweenRequests)
  return {
    visits,
    async stop() {
      clearInterval(timer)
      await Promise.all(open)
      kept.destroy()
    },
  }
}

const visit = (url: string, agent: Agent | false): Promise<Visit> =>
  new Promise((resolve) => {
    const begun = performance.now()
    const end = (status: number, release: string) => resolve({ begun, status, release })
    get(url, { agent }, (response) => {
      response.resume()
      response.on('end', () => end(response.statusCode ?? 0, String(response.headers['x-release'] ?? '')))
    }).on('error', () => end(0, ''))
  })

describe.skipIf(missingParts('haproxy') !== null)('blue-green behind two real haproxy', () => {
  test('no request fails or sees both releases, and going back takes a second at most MM-11 MM-19', async () => {
    const world = aDetourWorld()
    const [home = 0, standIn = 0] = await freePorts(2)
    await startApp(home, 'home', () => world.running.get('web-1') ?? null)
    await startApp(standIn, 'stand-in', () => world.running.get('aside-1') ?? null)
    const bed = await startSidedDoor({ folder: scratch(), ports: { home, 'stand-in': standIn } })
    onTestFinished(() => bed.close())
    const door = createHaproxyDoor(bed.recipe, {
      clock: createClock(),
      hosts: [{ name: '', programs: realShell().shell }],
    })
    Object.assign(world.memory.ports, { door: () => door })
    const probe = startProbe(bed.doors)
    onTestFinished(() => probe.stop())
    await eventually('visitors come', () => probe.visits.length > 100)

    world.memory.prober.reply('https://front.example/', { kind: 'no', why: 'answered 500', text: '' })
    const ending = await execute(await opened(world.memory, movingOver({}, { verify: failing })))
    expect(ending).toMatchObject({ pause: { kind: 'failed-step', step: 'verify' } })
    await eventually('visitors are over', () => probe.visits.at(-1)?.release === newer.tag)
    const from = performance.now()
    expect(await answered(world.memory, 'roll-back')).toMatchObject({ outcome: { kind: 'rolled-back' } })
    const took = performance.now() - from
    const more = probe.visits.length + 100
    await eventually('visitors are back', () => probe.visits.length > more)
    await probe.stop()

    console.log(`${probe.visits.length} requests, back in ${Math.round(took)} ms`)
    expect(probe.visits.filter(({ status }) => status !== 200)).toEqual([])
    expect(new Set(probe.visits.map(({ release }) => release))).toEqual(new Set([older.tag, newer.tag]))
    expect(strays(probe.visits)).toEqual([])
    expect(took).toBeLessThan(1_000)
    expect((await keptLedger(world.memory)).side).toBe('home')
  })
})

const failing = {
  http: { kind: 'http', url: 'https://front.example/', timeout: 1_000 },
  command: null,
  attempts: 1,
  interval: 0,
  onFailure: 'ask',
} as const

/** The longest time in which one balancer has moved and the other has not. */
const longestOverlap = 250

/** Returns the requests that met the older release long after the switch to the newer one, and long before the way back. */
function strays(visits: readonly Visit[]): Visit[] {
  const moved = visits.filter(({ release }) => release === newer.tag).map(({ begun }) => begun)
  const [from, until] = [Math.min(...moved) + longestOverlap, Math.max(...moved) - longestOverlap]
  return visits.filter(({ begun, release }) => release !== newer.tag && begun > from && begun < until)
}
