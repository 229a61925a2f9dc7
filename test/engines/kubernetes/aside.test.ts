import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../../../src/sandbox/fleet/eventually.ts'
import { killedAtEach, selfKilling } from '../../real/bed/killing.ts'
import { expectOutcome, isHandedOver, saidBy } from '../engine-shop.ts'
import type { Answer } from '../load.ts'
import { missingForEngines, triesAll } from '../needs.ts'
import { type Cluster, startCluster } from './bed/cluster.ts'
import { kubernetesNeeds } from './bed/needs.ts'
import { openShopAside, type ShopAside } from './bed/shop-of-sides.ts'

describe.skipIf(missingForEngines(...kubernetesNeeds) !== null)('stepping aside on Kubernetes', () => {
  let cluster: Cluster
  beforeAll(async () => {
    cluster = await startCluster()
  })
  afterAll(() => cluster?.close())

  /** A shop that serves v1 at home, by a deployment of Rollgate. */
  async function serving(): Promise<ShopAside> {
    const shop = await openShopAside(cluster)
    await shop.releaseAside('v1', 'v1')
    expectOutcome(await shop.deploy('v1'), 'succeeded')
    expect([await shop.chosen(), await shop.versions()]).toEqual(['blue', ['v1', 'v1', 'v1']])
    return shop
  }

  const failed = (answers: readonly Answer[]) => answers.filter((one) => one.failed !== '')
  const versionsIn = (answers: readonly Answer[]) => [...new Set(answers.map(({ version }) => version))]
  const sizes = (shop: ShopAside) =>
    shop.kubectl(
      'get',
      'deployments',
      '-o',
      'jsonpath={range .items[*]}{.metadata.name}={.spec.replicas} {end}',
    )
  const variable = (shop: ShopAside, deployment: string) =>
    shop.kubectl(
      ...['get', 'deployment', deployment, '-o'],
      'jsonpath={.spec.template.spec.containers[0].env[?(@.name=="DATABASE")].value}',
    )

  test('visitors are on the older release until a person has looked at the newer one, and none of them fails SD-09 SD-10 SD-19', async () => {
    const shop = await serving()
    await shop.releaseAside('v2', 'v2')
    const probing = await shop.probe()
    const job = await shop.deploy('v2')
    expectOutcome(job, 'waiting')
    expect(saidBy(job)).toMatch(/selector side=green, resource-version \d+ → \d+, endpoints 3/)
    expect([await shop.chosen(), (await shop.versions()).toSorted()]).toEqual([
      'green',
      ['v1', 'v1', 'v1', 'v2', 'v2', 'v2'],
    ])
    expect([await variable(shop, 'web-green'), await variable(shop, 'web')]).toEqual(['copy', ''])
    expect(shop.columns()).toContain('v2')
    const away = await probing.stop()
    expect([failed(away), versionsIn(away)]).toEqual([[], ['v1']])

    const returning = await shop.probe()
    expectOutcome(await shop.decide(job, 'complete'), 'succeeded')
    const back = await returning.stop()
    expect([failed(back), versionsIn(back)]).toEqual([[], ['v1', 'v2']])
    expect([await shop.chosen(), await shop.versions(), await sizes(shop)]).toEqual([
      'blue',
      ['v2', 'v2', 'v2'],
      'web=3 web-green=0 ',
    ])
    const { detour = null, deployment, serving: served } = shop.project.ledger() ?? {}
    expect([detour, deployment, served?.release.tag]).toEqual([null, null, 'v2'])
    console.log(`${away.length + back.length} requests, 0 failed.`)
  })

  test('going back in code brings the older release home, and a later detour uses the same stand-in SD-30', async () => {
    const shop = await serving()
    await shop.releaseAside('v2', 'v2')
    const probing = await shop.probe()
    const job = await shop.deploy('v2')
    expectOutcome(job, 'waiting')
    // An autoscaler has given visitors more replicas meanwhile.
    await shop.kubectl('scale', 'deployment/web-green', '--replicas=4')
    await shop.kubectl('rollout', 'status', 'deployment/web-green')
    expectOutcome(await shop.decide(job, 'revert-code'), 'rolled-back')
    const answers = await probing.stop()
    expect([failed(answers), versionsIn(answers)]).toEqual([[], ['v1']])
    expect([await shop.chosen(), await shop.versions(), await sizes(shop)]).toEqual([
      'blue',
      ['v1', 'v1', 'v1', 'v1'],
      'web=4 web-green=0 ',
    ])
    expect(shop.columns()).toContain('v2')

    // The stand-in has the shape that home has by now.
    await shop.kubectl('set', 'env', 'deployment/web', 'NEWER=yes')
    await shop.kubectl('rollout', 'status', 'deployment/web')
    await shop.releaseAside('v3', 'v3')
    expectOutcome(await shop.deploy('v3'), 'waiting')
    expect(
      await shop.kubectl(
        'get',
        'deployment',
        'web-green',
        '-o',
        'jsonpath={.spec.template.spec.containers[0].env[*].name}',
      ),
    ).toMatch(/NEWER/)
    console.log(`${answers.length} requests, 0 failed.`)
  })

  test('a run that is killed while home rolls is resumed: nothing is handed over twice, and no visitor notices SD-09', async () => {
    const shop = await serving()
    await shop.releaseAside('v2', 'v2')
    const probing = await shop.probe()
    const killed = await shop.start('v2')
    await eventually('home is handed over', () => isHandedOver(shop))
    killed.child.kill('SIGKILL')
    await shop.ended(killed)
    const resumed = await shop.deploy('v2')
    expectOutcome(resumed, 'waiting')
    expectOutcome(await shop.decide(resumed, 'complete'), 'succeeded')
    const answers = await probing.stop()
    expect([failed(answers), versionsIn(answers)]).toEqual([[], ['v1', 'v2']])
    expect(await sizes(shop)).toBe('web=3 web-green=0 ')
    const sets = await shop.kubectl('get', 'replicasets', '-l', 'side=blue', '-o', 'name')
    // One of before the first deployment, and one a release.
    expect(sets.match(/^replicaset/gm)).toHaveLength(3)
    console.log(`${answers.length} requests, 0 failed.`)
  })

  test.skipIf(!triesAll('a detour that is killed at every event'))(
    'a run that is killed at every event is resumed to the inspection, and no request fails SD-09 GH-10',
    async () => {
      const shop = await serving()
      await shop.releaseAside('v2', 'v2')
      const { env, moments } = selfKilling()
      const probing = await shop.probe()
      await killedAtEach(shop.project, { ...shop.env, ...env })
      const answers = await probing.stop()
      expect(moments().length).toBeGreaterThan(10)
      expect([failed(answers), versionsIn(answers), await shop.chosen()]).toEqual([[], ['v1'], 'green'])
      console.log(`Killed at ${moments().length} events; ${answers.length} requests, 0 failed.`)
    },
  )
})
