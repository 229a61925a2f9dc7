import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { type Checkout, checkOut, isInPool, runScript, selfTest } from '../../src/sandbox/fleet/by-hand.ts'
import { eventually } from '../../src/sandbox/fleet/eventually.ts'
import { startLoad } from '../../src/sandbox/fleet/load.ts'
import { shopRelease } from '../../src/sandbox/fleet/releases.ts'
import type { Shop, ShopInstance } from '../../src/sandbox/fleet/shop.ts'
import { openStage, type Stage } from '../../src/sandbox/stage.ts'
import * as workflow from '../../src/sandbox/workflow.ts'

export interface RollOfTen {
  readonly requests: number
  readonly planRequests: number
  /** The most requests that a deployment may make: 30, 5 a saved state, 2 a batch. */
  readonly bound: number
  readonly requestsWhileRolling: number
  /** Milliseconds for the ten instances, one by one, from the first change to the last: the best of the rounds. */
  readonly rolled: number
  readonly byHand: number
  /** Milliseconds from the start of the step to the first change: the look at every instance, and the saves. */
  readonly beforehand: number
  readonly visitors: { readonly count: number; readonly failures: number }
}

const rounds = 3

/** Ten instances one by one: by Rollgate, and by hand with the same scripts and the same questions, by turns. */
export async function rollOfTen(folder: string): Promise<RollOfTen> {
  await using stage = await openStage({ folder, instances: 10, jobs: { every: 600_000, last: 100 } })
  await stage.release('v1.0.0')
  await workflow.deploy(stage, 'v1.0.0')
  const load = startLoad({ url: stage.shop.frontDoor.url, perSecond: 20 })
  const rolls: Roll[] = []
  const byHand: number[] = []
  for (let round = 1; round <= rounds; round += 1) {
    const greeting = `Hello for the ${round}. time`
    const sha = await stage.release(`v1.${round}.0`, { migrations: 2, greeting })
    rolls.push(await rollByRollgate(stage, `v1.${round}.0`))
    const checkout = checkOut(shopRelease({ migrations: 2, greeting }), {
      folder: mkdtempSync(join(folder, 'by-hand-')),
      tag: `v1.${round}.1`,
      sha,
    })
    byHand.push(await rollByHand(stage.shop, checkout))
  }
  const [first] = rolls
  if (first === undefined) throw new Error('nothing was rolled')
  return {
    requests: Math.max(...rolls.map(({ requests }) => requests)),
    planRequests: first.planRequests,
    bound: Math.min(...rolls.map(({ saves }) => 30 + 5 * saves + 2 * 10)),
    requestsWhileRolling: Math.max(...rolls.map(({ requestsWhileRolling }) => requestsWhileRolling)),
    rolled: Math.min(...rolls.map(({ took }) => took)),
    byHand: Math.min(...byHand),
    beforehand: Math.min(...rolls.map(({ beforehand }) => beforehand)),
    visitors: await load.stop(),
  }
}

interface Roll {
  readonly took: number
  readonly beforehand: number
  readonly requests: number
  readonly planRequests: number
  readonly saves: number
  readonly requestsWhileRolling: number
}

/** Timed by the log: from the first change of an instance until the last one serves. */
async function rollByRollgate(stage: Stage, release: string): Promise<Roll> {
  const before = stage.github.requests.length
  const at = { step: 0, first: 0, last: 0 }
  let requestsWhileRolling = 0
  let rolled = false
  const hear = (line: string): void => {
    if (line.includes(' roll-services/')) at.step = performance.now()
    if (line.startsWith('changing ') && at.first === 0) at.first = performance.now()
    if (/^\(\d+ of 10\)/.test(line)) at.last = performance.now()
    if (line.startsWith('::debug::') && at.first > 0 && !rolled) requestsWhileRolling += 1
    if (line.startsWith('roll-services/')) rolled = true
  }
  const { plan } = await workflow.deploy(stage, release, { options: { hear } })
  return {
    took: at.last - at.first,
    beforehand: at.first - at.step,
    requests: stage.github.requests.length - before,
    planRequests: plan.main.log.filter((line) => line.startsWith('::debug::')).length,
    saves: stage.github.requests.slice(before).filter(isSave).length,
    requestsWhileRolling,
  }
}

/** True for the request that moves the ref of a ledger. */
const isSave = ({ method, path }: { readonly method: string; readonly path: string }): boolean =>
  method === 'PATCH' && path.includes('/git/refs/rollgate/')

/** The shell of a workflow's own step, and of Rollgate's commands. */
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
