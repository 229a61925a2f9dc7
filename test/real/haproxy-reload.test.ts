import { describe, expect, onTestFinished, test } from 'vitest'
import { createClock } from '../../src/adapters/clock.ts'
import { createHaproxyTraffic } from '../../src/adapters/haproxy.ts'
import { listener } from '../contracts/shell.contract.ts'
import { missingParts, programPath } from './bed/parts.ts'
import { type ServedOptions, startServed } from './bed/served.ts'

describe.skipIf(missingParts('haproxy', 'cc', 'flock') !== null)('a real haproxy', () => {
  const web1 = { name: 'web-1', env: {} }
  const { signal } = listener()

  async function serving(options: Partial<ServedOptions>) {
    const bed = await startServed({ hosts: 2, release: 'v1.0.0', ...options })
    onTestFinished(() => bed.close())
    const traffic = createHaproxyTraffic(
      {
        kind: 'haproxy',
        sockets: [bed.balancer.sockets.admin],
        backend: 'web',
        server: '$ROLLGATE_INSTANCE',
        drainTimeout: 5000,
        upTimeout: 5000,
      },
      createClock(),
    )
    return { bed, traffic }
  }

  test('with servers checked by a program is seen to have one up again F29', async () => {
    const { traffic, bed } = await serving({ externalCheck: programPath('true') ?? '/bin/true' })
    expect(await traffic.leave(web1, {}, listener())).toBeNull()
    expect(await traffic.enter(web1, {}, listener())).toBeNull()
    expect(await bed.balancer.lastCheck('web-1')).toBe('PROCOK')
  })

  test('that is reloaded lets a server in again that was taken out, which is then seen, and put right by leaving F04', async () => {
    const { traffic, bed } = await serving({})
    expect(await traffic.leave(web1, {}, listener())).toBeNull()
    await bed.balancer.reload()
    expect(await bed.balancer.up()).toEqual(['web-1', 'web-2'])
    expect(await traffic.serves(web1, {}, signal)).toMatchObject({ kind: 'found', value: true })
    expect(await traffic.leave(web1, {}, listener())).toBeNull()
    expect(await bed.balancer.up()).toEqual(['web-2'])
  })

  test('that keeps its state as the docs say does not, when it is reloaded F04', async () => {
    const { traffic, bed } = await serving({ keepsState: true })
    expect(await traffic.leave(web1, {}, listener())).toBeNull()
    await bed.balancer.reload()
    expect(await bed.balancer.up()).toEqual(['web-2'])
    expect(await traffic.serves(web1, {}, signal)).toMatchObject({ kind: 'found', value: false })
    expect(await traffic.enter(web1, {}, listener())).toBeNull()
    expect(await bed.balancer.up()).toEqual(['web-1', 'web-2'])
  })
})
