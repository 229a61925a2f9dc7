import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Checkout, ScriptResult } from '../../src/sandbox/fleet/by-hand.ts'
import {
  bringUp,
  checkOut,
  isInPool,
  runScript,
  selfTest,
  serveByHand,
} from '../../src/sandbox/fleet/by-hand.ts'
import { isRunning } from '../../src/sandbox/fleet/ending.ts'
import { eventually } from '../../src/sandbox/fleet/eventually.ts'
import { startFrontDoor } from '../../src/sandbox/fleet/front-door.ts'
import { startLoad } from '../../src/sandbox/fleet/load.ts'
import type { Quirk, ReleaseVariation } from '../../src/sandbox/fleet/releases.ts'
import { shopRelease } from '../../src/sandbox/fleet/releases.ts'
import type { Shop, ShopInstance, ShopOptions } from '../../src/sandbox/fleet/shop.ts'
import { openShop } from '../../src/sandbox/fleet/shop.ts'

let folder: string
let shop: Shop

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shop-'))
})

afterEach(async () => {
  await shop.close()
  rmSync(folder, { recursive: true })
})

async function open(options: Omit<ShopOptions, 'folder'> = {}): Promise<Shop> {
  shop = await openShop({ folder: join(folder, 'home'), ...options })
  return shop
}

function release(tag: string, variation: ReleaseVariation = {}): Checkout {
  const place = { folder: join(folder, tag), tag, sha: tag.replace(/\D/g, '').padEnd(40, '0') }
  return checkOut(shopRelease(variation), place)
}

function run(
  checkout: Checkout,
  script: [string, ...string[]],
  instance?: ShopInstance,
): Promise<ScriptResult> {
  return runScript(shop, checkout, script, instance)
}

function instance(index: number): ShopInstance {
  const found = shop.instances[index]
  if (found === undefined) throw new Error(`no instance ${index}`)
  return found
}

async function status(url: string): Promise<number | undefined> {
  const response = await fetch(url).catch(() => undefined)
  await response?.arrayBuffer()
  return response?.status
}

/** Replaces the release on a running instance, and starts it; nothing asks for its self test yet. */
async function replace(checkout: Checkout, on: ShopInstance): Promise<ScriptResult[]> {
  const results: ScriptResult[] = []
  for (const script of ['leave', 'stop', 'install', 'start']) results.push(await run(checkout, [script], on))
  return results
}

describe('the instances', () => {
  test('roll one after another under load without a single failed request WX-13', async () => {
    await open()
    await serveByHand(shop, release('v1.0.0'))
    expect(shop.frontDoor.poolSize()).toBe(3)

    const next = release('v1.1.0')
    const load = startLoad({ url: shop.frontDoor.url, perSecond: 150 })
    for (const each of shop.instances) {
      const codes = (await replace(next, each)).map((result) => result.code)
      expect(codes).toEqual([0, 0, 0, 0])
      await eventually(`${each.name} passes`, async () => (await selfTest(each)) === 200)
      await eventually(`${each.name} is back`, () => isInPool(shop, each))
    }
    await eventually('the new release answers', () => (load.report().releases['v1.1.0'] ?? 0) > 50)
    const report = await load.stop()

    expect(report).toMatchObject({ failures: 0, reasons: [] })
    expect(Object.keys(report.releases).sort()).toEqual(['v1.0.0', 'v1.1.0'])
    expect(shop.frontDoor.lowestPool()).toBe(2)
    expect(shop.frontDoor.members.map((member) => member.failures)).toEqual([0, 0, 0])
    expect(await Promise.all(shop.instances.map(({ name }) => shop.instanceVersion(name)))).toEqual([
      'v1.1.0',
      'v1.1.0',
      'v1.1.0',
    ])
    expect(shop.journal().slice(-4)).toEqual([
      'leave v1.1.0 web-3',
      'stop v1.1.0 web-3',
      'install v1.1.0 web-3',
      'start v1.1.0 web-3',
    ])
  })

  test('the front door hides no failure: a request that meets a dead instance is not tried elsewhere', async () => {
    await open({ instances: 2 })
    const checkout = release('v1.0.0')
    await serveByHand(shop, checkout)
    const blind = await startFrontDoor({ instances: shop.instances, interval: 60_000 })
    await eventually('both are in', () => blind.poolSize() === 2)
    await run(checkout, ['stop'], instance(0))
    const answers = [await status(blind.url), await status(blind.url)]
    await blind.close()

    expect(answers.sort()).toEqual([200, 502])
    expect(blind.members.map((member) => member.failures)).toEqual([1, 0])
  })

  test('say they are not alive, and get no traffic, until their self test passed WX-15', async () => {
    await open({ instances: 1 })
    const checkout = release('v1.0.0')
    const web = instance(0)
    await run(checkout, ['migrate'])
    await run(checkout, ['install'], web)
    await run(checkout, ['start'], web)
    await eventually('web-1 answers', async () => (await status(`${web.url}/version`)) === 200)

    expect(await status(`${web.url}/is-alive`)).toBe(503)
    expect(await status(shop.frontDoor.url)).toBe(503)
    expect(await selfTest(web)).toBe(200)
    expect(await status(`${web.url}/is-alive`)).toBe(200)
    await eventually('traffic', async () => (await status(shop.frontDoor.url)) === 200)
    expect(await status(`${shop.frontDoor.url}/_pool/web-1`)).toBe(200)
  })

  test('the self test compares the schema with the one the release was written for WX-17', async () => {
    await open({ instances: 1 })
    const [plain, expanded, contracted] = [1, 2, 3].map((migrations) =>
      release(`v1.${migrations}.0`, { migrations: migrations as 1 | 2 | 3 }),
    ) as [Checkout, Checkout, Checkout]
    const web = instance(0)
    await serveByHand(shop, plain)

    await replace(expanded, web)
    await eventually('it needs a migration', async () => (await selfTest(web)) === 500)
    await run(expanded, ['migrate'])
    expect(await selfTest(web)).toBe(200)

    await replace(plain, web)
    await eventually('an expanded schema serves the older release', async () => (await selfTest(web)) === 200)
    await run(contracted, ['migrate'])
    expect(await selfTest(web)).toBe(500)
  })

  test('are left and stopped without complaint when they do not run', async () => {
    await open({ instances: 1 })
    const checkout = release('v1.0.0')
    expect(await run(checkout, ['leave'], instance(0))).toMatchObject({ code: 0 })
    expect(await run(checkout, ['stop'], instance(0))).toMatchObject({
      code: 0,
      stdout: 'web-1 was not running\n',
    })
  })
})

describe('a bad release', () => {
  async function serve(quirk: Quirk): Promise<ShopInstance> {
    await open({ instances: 1 })
    const web = instance(0)
    await serveByHand(shop, release('v1.0.0'))
    await replace(release('v1.1.0', { quirk }), web)
    return web
  }

  test('self-test-fails: answers 500, and stays out of traffic', async () => {
    const web = await serve('self-test-fails')
    await eventually('the self test fails', async () => (await selfTest(web)) === 500)
    expect(await status(`${web.url}/is-alive`)).toBe(503)
    expect(await shop.instanceVersion('web-1')).toBe('v1.1.0')
  })

  test('self-test-lies: passes, and serves the release before', async () => {
    const web = await serve('self-test-lies')
    await eventually('the self test passes', async () => (await selfTest(web)) === 200)
    expect(await shop.instanceVersion('web-1')).toBe('v1.0.0')
  })

  test('self-test-hangs: never answers, and can still be stopped', async () => {
    const web = await serve('self-test-hangs')
    await eventually('web-1 answers', async () => (await status(`${web.url}/version`)) === 200)
    const asking = fetch(`${web.url}/self-test`, { signal: AbortSignal.timeout(200) })
    await expect(asking).rejects.toThrow('timeout')
    expect(await run(release('v1.1.0'), ['stop'], web)).toMatchObject({ code: 0, stdout: 'web-1 stopped\n' })
  })

  test('never-alive: passes its self test, and says it is not alive', async () => {
    const web = await serve('never-alive')
    await eventually('the self test passes', async () => (await selfTest(web)) === 200)
    expect(await status(`${web.url}/is-alive`)).toBe(503)
  })

  test('exits: leaves no process and no open port', async () => {
    await serve('exits')
    await eventually(
      'it is gone',
      async () => (await run(release('v1.0.0'), ['stop'], instance(0))).stdout === 'web-1 was not running\n',
    )
    expect(await shop.instanceVersion('web-1')).toBeUndefined()
  })

  test('slow-boot: opens its port late, and is right then', async () => {
    const began = Date.now()
    const web = await serve('slow-boot')
    await eventually('the self test passes', async () => (await selfTest(web)) === 200)
    expect(Date.now() - began).toBeGreaterThan(1500)
  })
})

describe('the database', () => {
  test('is migrated once, however often the script runs', async () => {
    await open({ instances: 1 })
    const checkout = release('v1.2.0', { migrations: 2 })
    expect((await run(checkout, ['migrate'])).stdout).toBe(
      'applied 001-products.sql, 002-product-price.sql\n',
    )
    expect((await run(checkout, ['migrate'])).stdout).toBe('nothing to migrate\n')
    expect(shop.migrationRuns()).toMatchObject([
      { release: 'v1.2.0', outcome: 'succeeded', applied: 2 },
      { release: 'v1.2.0', outcome: 'succeeded', applied: 0 },
    ])
  })

  test('keeps nothing of a migration that failed', async () => {
    await open({ instances: 1 })
    const failed = await run(release('v1.1.0', { quirk: 'migration-fails' }), ['migrate'])
    expect(failed).toMatchObject({ code: 1, stderr: '002-broken.sql: no such table: orders\n' })
    expect((await run(release('v1.2.0', { migrations: 2 }), ['migrate'])).code).toBe(0)
    expect(shop.migrationRuns().map((each) => each.outcome)).toEqual(['failed', 'succeeded'])
  })
})

describe('the scheduler', () => {
  const jobsOf = (kind: string) => shop.schedulerState().history.filter((event) => event.what === kind).length

  test('suspended, it starts no job, lets the running ones end, and goes on when it is resumed', async () => {
    await open({ instances: 1, jobs: { every: 40, last: 200 } })
    const checkout = release('v1.0.0')
    await eventually('two jobs run', () => shop.schedulerState().running.length === 2)

    expect((await run(checkout, ['scheduler', 'suspend'])).code).toBe(0)
    expect((await run(checkout, ['scheduler', 'suspend'])).code).toBe(0)
    const started = jobsOf('started')
    await eventually('no job runs', async () => (await run(checkout, ['scheduler', 'running'])).stdout === '')
    expect(jobsOf('started')).toBe(started)
    expect(jobsOf('ended')).toBe(started)

    expect((await run(checkout, ['scheduler', 'resume'])).code).toBe(0)
    expect((await run(checkout, ['scheduler', 'resume'])).code).toBe(0)
    await eventually('a job runs', () => jobsOf('started') > started)
    expect(shop.journal()).toEqual([
      'scheduler-suspend v1.0.0 -',
      'scheduler-suspend v1.0.0 -',
      'scheduler-resume v1.0.0 -',
      'scheduler-resume v1.0.0 -',
    ])
  })

  test('a new job set is refused while jobs run, and those are named SP-20', async () => {
    await open({ instances: 1, jobs: { every: 20, last: 60_000 } })
    const checkout = release('v1.1.0', { files: { 'scheduler/jobs': 'send-letters\n' } })
    await eventually('two jobs run', () => shop.schedulerState().running.length === 2)
    expect((await run(checkout, ['scheduler', 'running'])).stdout).toBe('export-orders-1\nrefresh-search-2\n')

    const refused = await run(checkout, ['scheduler', 'deploy'])
    expect(refused).toMatchObject({
      code: 1,
      stderr: 'jobs are still running: export-orders-1 refresh-search-2\n',
    })
    expect((await run(checkout, ['scheduler', 'kill'])).code).toBe(0)
    expect(shop.schedulerState()).toMatchObject({ suspended: true, running: [], release: undefined })

    expect((await run(checkout, ['scheduler', 'deploy'])).code).toBe(0)
    expect(shop.schedulerState()).toMatchObject({ suspended: true, running: [], release: 'v1.1.0' })
    expect((await run(checkout, ['scheduler', 'setup'])).code).toBe(0)
    await eventually('the new job runs', () => shop.schedulerState().running[0] === 'send-letters-3')
  })
})

describe('the shop', () => {
  test('lets a script fail or wait when it is told to', async () => {
    await open({ instances: 2 })
    const checkout = release('v1.0.0')
    shop.trouble.fail('install', 'no space left on device', 'web-2')
    expect(await run(checkout, ['install'], instance(0))).toMatchObject({ code: 0 })
    expect(await run(checkout, ['install'], instance(1))).toMatchObject({
      code: 1,
      stderr: 'no space left on device\n',
    })

    shop.trouble.hold('pre-deploy')
    const waiting = run(checkout, ['pre-deploy'])
    await eventually('pre-deploy waits', () => shop.trouble.held()[0]?.script === 'pre-deploy')
    shop.trouble.clear('pre-deploy')
    expect(await waiting).toMatchObject({ code: 0, stdout: 'pre-deploy of v1.0.0 in sandbox\n' })
  })

  test('leaves no process behind, not even a script that waits', async () => {
    await open({ jobs: { every: 20, last: 60_000 } })
    const checkout = release('v1.0.0')
    await serveByHand(shop, checkout)
    shop.trouble.hold('build')
    const waiting = run(checkout, ['build']).catch((error: Error) => error)
    await eventually('build waits', () => shop.trouble.held().length === 1)
    await eventually('jobs run', () => shop.processes().length === 7)
    const pids = shop.processes()

    await shop.close()
    expect(pids.filter(isRunning)).toEqual([])
    expect(await waiting).toBeInstanceOf(Error)
  })

  test('bringing a release up twice is refused, for two processes cannot share a port', async () => {
    await open({ instances: 1 })
    const checkout = release('v1.0.0')
    await run(checkout, ['migrate'])
    await bringUp(shop, checkout, instance(0))
    expect((await run(checkout, ['start'], instance(0))).stderr).toContain('web-1 runs already')
  })
})
