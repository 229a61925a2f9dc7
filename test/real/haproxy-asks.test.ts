import { describe, expect, onTestFinished, test } from 'vitest'
import { createClock } from '../../src/adapters/clock.ts'
import { createTraffic } from '../../src/adapters/traffic.ts'
import type { FleetControl, TrafficControl } from '../../src/pipeline/ports.ts'
import { eventually } from '../../src/sandbox/fleet/eventually.ts'
import { type LoadReport, startLoad } from '../../src/sandbox/fleet/load.ts'
import { listener } from '../contracts/shell.contract.ts'
import { aCommand } from '../domain/a-plan.ts'
import { missingParts } from './bed/parts.ts'
import { type Served, startServed } from './bed/served.ts'

/** Milliseconds between two checks of an instance that is up; it is down after the second that fails. */
const interval = 200

describe.skipIf(missingParts('haproxy', 'cc', 'flock') !== null)('instances that a real haproxy asks', () => {
  test('say that they are not alive, wait, and stop: no visitor of a roll gets an error F31', async () => {
    const report = await rolled({ leave: aCommand('not-alive'), wait: 5 * interval })
    expect(report).toMatchObject({ failures: 0, reasons: [] })
    expect(report.releases).toMatchObject({ 'v1.0.0': expect.any(Number), 'v1.1.0': expect.any(Number) })
  })

  test('stop without a word: visitors get errors until the balancer has noticed F31', async () => {
    expect((await rolled({})).failures).toBeGreaterThan(0)
  })

  async function rolled(says: { leave?: ReturnType<typeof aCommand>; wait?: number }): Promise<LoadReport> {
    const bed = await startServed({ hosts: 3, release: 'v1.0.0', interval })
    onTestFinished(() => bed.close())
    const clock = createClock()
    const traffic = createTraffic({ kind: 'is-alive', ...says }, { fleet: fleetOf(bed), clock })
    await eventually('all are up', async () => (await bed.balancer.up()).length === 3)
    const load = startLoad({ url: bed.balancer.door, perSecond: 100, keepAlive: false, longest: 30_000 })
    for (const { name } of bed.apps) await change(bed, traffic, name)
    return load.stop()
  }

  async function change(bed: Served, traffic: TrafficControl, name: string): Promise<void> {
    const [app, instance] = [bed.app(name), { name, env: {} }]
    expect(await traffic.leave(instance, {}, listener())).toBeNull()
    await app.operate('stop', 'v1.0.0')
    await eventually(`${name} is seen to be down`, async () => (await bed.balancer.up()).length === 2)
    app.calm('never-alive')
    await app.operate('install', 'v1.1.0')
    await app.operate('start', 'v1.1.0')
    await eventually(`${name} is up`, async () => (await bed.balancer.lastCheck(name)) === 'L7OK')
    expect(await traffic.enter(instance, {}, listener())).toBeNull()
    await eventually('all are up', async () => (await bed.balancer.up()).length === 3)
  }

  /** Its only command has the instance answer that it is not alive, while it serves on. */
  const fleetOf = (bed: Served): Pick<FleetControl, 'run' | 'ask'> => ({
    run: async ({ name }) => {
      bed.app(name).trouble('never-alive')
      return { kind: 'exited', code: 0, tail: [], after: 0 }
    },
    ask: () => Promise.reject(new Error('nothing is asked')),
  })
})
