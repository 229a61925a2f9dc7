import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, statSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createClock } from '../../src/adapters/clock.ts'
import { createLocalFleet } from '../../src/adapters/local-fleet.ts'
import { createProber } from '../../src/adapters/prober.ts'
import { createTraffic } from '../../src/adapters/traffic.ts'
import type { Instance } from '../../src/domain/config/fleet.ts'
import type { TrafficControl } from '../../src/pipeline/ports.ts'
import { eventually } from '../../src/sandbox/fleet/eventually.ts'
import { startLoad } from '../../src/sandbox/fleet/load.ts'
import { freePorts } from '../../src/sandbox/fleet/ports.ts'
import { realShell, scratch } from '../adapters/real-shell.ts'
import { command, listener } from '../contracts/shell.contract.ts'
import { type App, compileApp, installApp } from './bed/app.ts'
import { missingParts } from './bed/parts.ts'
import { type PoolKind, type PoolServer, startPool } from './bed/pools.ts'

/**
 * A reload of Caddy 2.6 opens a listener beside the old one, and connections that wait at the old one are reset when it
 * closes. Each instance needs two reloads.
 */
const losses = {
  nginx: { words: 'no request', most: () => 0 },
  caddy: { words: 'at most a connection that a reload resets', most: (instances: number) => 2 * instances },
} as const

/** The scripts of `examples/nginx` and `examples/caddy`, on the real servers. */
describe.each(['nginx', 'caddy'] as const)('the pool of %s', (kind) => {
  describe.skipIf(missingParts(kind, 'cc', 'flock', 'jq') !== null)('on a real server', () => {
    test(`a roll under load loses ${losses[kind].words}`, async () => {
      const { apps, server, traffic } = await aPool(kind)
      const load = startLoad({ url: server.door, perSecond: 100, keepAlive: false, longest: 60_000 })
      for (const app of apps) {
        expect(await traffic.leave(instanceOf(app, server), {}, listener())).toBeNull()
        await app.operate('stop', 'v1.0.0')
        await app.operate('install', 'v1.1.0')
        await app.operate('start', 'v1.1.0')
        expect(await traffic.enter(instanceOf(app, server), {}, listener())).toBeNull()
      }
      const report = await load.stop()
      expect(report.failures, report.reasons.join('\n')).toBeLessThanOrEqual(losses[kind].most(apps.length))
      for (const reason of report.reasons) expect(reason).toContain('ECONNRESET')
      expect(report.releases).toMatchObject({ 'v1.0.0': expect.any(Number), 'v1.1.0': expect.any(Number) })
    })

    test('leaving returns after the requests that were under way', async () => {
      const { apps, server, traffic } = await aPool(kind, 1)
      const [app] = apps as [App]
      app.trouble('slow-ms', '1500')
      const answered = status(server.door)
      await eventually('a request is under way', () => hasConnection(app))
      expect(await traffic.leave(instanceOf(app, server), {}, listener())).toBeNull()
      // An application that is stopped answers what it has: only a crash shows that nothing was left.
      await app.crash()
      expect(await answered).toBe(200)
    })

    test('an instance serves if the running server has loaded it', async () => {
      const { apps, server, traffic } = await aPool(kind)
      const [first, second] = apps.map((app) => instanceOf(app, server)) as [Instance, Instance]
      const serves = (instance: Instance) => traffic.serves(instance, {}, new AbortController().signal)
      await traffic.leave(first, {}, listener())
      expect(await serves(first)).toEqual({ kind: 'found', value: false })
      expect(await serves(second)).toEqual({ kind: 'found', value: true })
      await server.close()
      expect(await serves(second)).toMatchObject({ kind: 'unknown' })
    })

    test('a pool that the server refuses is put back', async () => {
      const { apps, server, traffic } = await aPool(kind)
      const [first, second] = apps.map((app) => instanceOf(app, server)) as [Instance, Instance]
      const bad = { ...first, env: { ...first.env, [server.addressIn]: 'no address {' } }
      expect(await traffic.leave(first, {}, listener())).toBeNull()
      expect(await traffic.enter(bad, {}, listener())).toContain('it is as it was')
      expect(await traffic.leave(second, {}, listener())).toBeNull()
      expect(await traffic.enter(first, {}, listener())).toBeNull()
      expect(await status(server.door)).toBe(200)
    })

    test('instances that leave together leave one after another', async () => {
      const { apps, server, traffic } = await aPool(kind, 4)
      const held = await holdLock(join(server.pool, '.lock'))
      const gone = apps.slice(0, 3).map((app) => instanceOf(app, server))
      const leaving = Promise.all(gone.map((instance) => traffic.leave(instance, {}, listener())))
      const first = await Promise.race([leaving, eventually('three wait', () => held.waiting() === 3)])
      expect(first).toBeUndefined()
      await held.letGo()
      expect(await leaving).toEqual([null, null, null])
      expect(await status(server.door)).toBe(200)
    })
  })
})

interface Pooled {
  readonly apps: readonly App[]
  readonly server: PoolServer
  readonly traffic: TrafficControl
}

/** A server whose pool has applications of v1.0.0, let in by the script. */
async function aPool(kind: PoolKind, count = 3): Promise<Pooled> {
  const folder = scratch()
  const [port = 0] = await freePorts(1)
  const program = compileApp(folder)
  const apps = Array.from({ length: count }, (_, at) => {
    const home = join(folder, `web-${at + 1}`)
    mkdirSync(home)
    const app = installApp({ name: `web-${at + 1}`, address: `127.0.1.${at + 1}`, home }, port, program)
    onTestFinished(() => app.close())
    return app
  })
  const server = await startPool(kind, folder)
  onTestFinished(() => server.close())
  const { shell } = realShell()
  const clock = createClock()
  const pool = (verb: string) => command(`"$SCRIPT" ${verb}`, { timeout: 30_000 })
  const serving = { kind: 'run', command: pool('serving'), timeout: 10_000 } as const
  const recipe = {
    kind: 'command',
    leave: pool('leave'),
    enter: pool('enter'),
    serving,
    timeout: 10_000,
  } as const
  const traffic = createTraffic(recipe, {
    fleet: createLocalFleet({ prepare: null }, { shell, prober: createProber(shell), home: '/' }),
    clock,
  })
  for (const app of apps) {
    await app.operate('install', 'v1.0.0')
    await app.operate('start', 'v1.0.0')
    expect(await traffic.enter(instanceOf(app, server), {}, listener())).toBeNull()
  }
  return { apps, server, traffic }
}

/** An instance as the config would name it, with the variables that the script takes. */
const instanceOf = ({ name, address, port }: App, { script, env, addressIn }: PoolServer): Instance => ({
  name,
  env: { ...env, SCRIPT: script, ROLLGATE_INSTANCE: name, [addressIn]: `${address}:${port}` },
})

/** Returns the status of one request, over a connection of its own. */
function status(url: string): Promise<number | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>()
  const asked = request(url, { agent: false }, (response) => {
    response.resume()
    response.on('end', () => resolve(response.statusCode))
  })
  asked.on('error', reject)
  asked.end()
  return promise
}

/** Holds a lock as another run of the script would. */
async function holdLock(path: string): Promise<{ waiting(): number; letGo(): Promise<void> }> {
  const holder = spawn('flock', [path, 'sh', '-c', 'echo held; cat'], { stdio: ['pipe', 'pipe', 'ignore'] })
  onTestFinished(() => void holder.kill('SIGKILL'))
  const ended = once(holder, 'exit')
  await once(holder.stdout, 'data')
  const { ino } = statSync(path)
  const waits = new RegExp(`^\\d+:\\s+-> FLOCK .*:${ino} `, 'gm')
  return {
    waiting: () => readFileSync('/proc/locks', 'utf8').match(waits)?.length ?? 0,
    async letGo() {
      holder.stdin.end()
      await ended
    },
  }
}

/** True if a connection to the application is open, by the table of the kernel. */
function hasConnection({ address, port }: App): boolean {
  const numbers = address.split('.').toReversed().map(Number)
  const hex = (value: number, width: number) => value.toString(16).toUpperCase().padStart(width, '0')
  const here = `${numbers.map((number) => hex(number, 2)).join('')}:${hex(port, 4)}`
  const [, ...rows] = readFileSync('/proc/net/tcp', 'utf8').trim().split('\n')
  return rows.some((row) => {
    const [, local, , state] = row.trim().split(/\s+/)
    return local === here && state === '01'
  })
}
