import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { type Checkout, checkOut, isInPool, runScript, selfTest } from '../../src/sandbox/fleet/by-hand.ts'
import { eventually } from '../../src/sandbox/fleet/eventually.ts'
import { startLoad } from '../../src/sandbox/fleet/load.ts'
import { shopRelease } from '../../src/sandbox/fleet/releases.ts'
import type { Shop, ShopInstance } from '../../src/sandbox/fleet/shop.ts'
import { openStage } from '../../src/sandbox/stage.ts'
import * as workflow from '../../src/sandbox/workflow.ts'

export interface RollOfTen {
  readonly requests: number
  readonly planRequests: number
  readonly requestsWhileRolling: number
  /** Milliseconds for the ten instances, one by one. */
  readonly rolled: number
  readonly byHand: number
  readonly visitors: { readonly count: number; readonly failures: number }
}

/** Ten instances one by one: by Rollgate, and by hand with the same scripts and the same questions. */
export async function rollOfTen(folder: string): Promise<RollOfTen> {
  await using stage = await openStage({ folder, instances: 10, jobs: { every: 600_000, last: 100 } })
  await stage.release('v1.0.0')
  await workflow.deploy(stage, 'v1.0.0')
  const sha = await stage.release('v1.1.0', { migrations: 2, greeting: 'Hello again' })
  const load = startLoad({ url: stage.shop.frontDoor.url, perSecond: 20 })

  const before = stage.github.requests.length
  let rolling = false
  let requestsWhileRolling = 0
  const hear = (line: string): void => {
    if (line.startsWith('changing ')) rolling = true
    if (line.startsWith('roll-services')) rolling = false
    if (rolling && line.startsWith('::debug::')) requestsWhileRolling += 1
  }
  const { plan, work } = await workflow.deploy(stage, 'v1.1.0', { options: { hear } })
  const requests = stage.github.requests.length - before
  const result: { steps: { id: string; seconds: number }[] } = JSON.parse(work?.main.outputs.result ?? '{}')
  const rolled = (result.steps.find(({ id }) => id === 'roll-services/web')?.seconds ?? 0) * 1000

  const checkout = checkOut(shopRelease({ migrations: 2, greeting: 'By hand' }), {
    folder: mkdtempSync(join(folder, 'by-hand-')),
    tag: 'v1.2.0',
    sha,
  })
  const byHand = await rollByHand(stage.shop, checkout)
  const visitors = await load.stop()
  return {
    requests,
    planRequests: plan.main.log.filter((line) => line.startsWith('::debug::')).length,
    requestsWhileRolling,
    rolled,
    byHand,
    visitors,
  }
}

/** As a workflow's own step runs a line, and Rollgate too. */
const bash = ['bash', '--noprofile', '--norc', '-eo', 'pipefail', '-c'] as const

async function rollByHand(shop: Shop, checkout: Checkout): Promise<number> {
  const started = performance.now()
  for (const instance of shop.instances) {
    for (const script of ['leave', 'stop', 'install', 'start'] as const)
      await runScript(shop, checkout, [script], instance, bash)
    await eventually(`${instance.name} passes its self test`, async () => (await selfTest(instance)) === 200)
    await staysAlive(instance, 50)
    await eventually(`${instance.name} is in the pool`, () => isInPool(shop, instance))
  }
  return performance.now() - started
}

/** The same `min-healthy-time` that the config asks for. */
async function staysAlive({ url }: ShopInstance, time: number): Promise<void> {
  const since = performance.now()
  await eventually('it stays alive', async () => {
    const { ok } = await fetch(`${url}/is-alive`)
    return ok && performance.now() - since >= time
  })
}
