import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createClock } from '../../../src/adapters/clock.ts'
import { createKubernetesDoor } from '../../../src/adapters/detour/kubernetes/door.ts'
import type { StartedJob } from '../../../src/sandbox/stage.ts'
import { detourDoorContract } from '../../contracts/detour-door.contract.ts'
import { killedAtEach, selfKilling } from '../../real/bed/killing.ts'
import { expectOutcome, saidBy } from '../engine-shop.ts'
import type { Answer } from '../load.ts'
import { missingForEngines, triesAll } from '../needs.ts'
import { type Cluster, startCluster } from './bed/cluster.ts'
import { kubernetesNeeds } from './bed/needs.ts'
import { namespaceFor, shellFor, workloadOf } from './bed/shop.ts'
import { openShopOfSides, type ShopOfSides } from './bed/shop-of-sides.ts'
import { serviceOf } from './bed/shop-on-kubernetes.ts'

/** The time in which all visitors are back on the side that they left, once the first of them is. */
const BACK_MS = 1_000

describe.skipIf(missingForEngines(...kubernetesNeeds) !== null)(
  'blue-green on Kubernetes, in one switch',
  () => {
    let cluster: Cluster
    beforeAll(async () => {
      cluster = await startCluster()
    })
    afterAll(() => cluster?.close())

    /** A shop that serves v1 on blue, by a deployment of Rollgate. */
    async function serving(): Promise<ShopOfSides> {
      const shop = await openShopOfSides(cluster)
      await shop.releaseTo('blue', 'v1', 'v1')
      expectOutcome(await shop.deploy('v1'), 'succeeded')
      expect([await shop.chosen(), await shop.versions()]).toEqual(['blue', ['v1', 'v1', 'v1']])
      return shop
    }

    /** Waits for the end of a job, and returns the time at which a line of its log was said. */
    async function saidAt(started: StartedJob, words: RegExp): Promise<number> {
      let at = 0
      const looking = setInterval(() => {
        if (at === 0 && started.log.some((line) => words.test(line))) at = Date.now()
      }, 5)
      await started.ended.finally(() => clearInterval(looking))
      return at
    }

    const failed = (answers: readonly Answer[]) => answers.filter((one) => one.failed !== '')
    const versionsIn = (answers: readonly Answer[]) => [...new Set(answers.map(({ version }) => version))]

    /** The milliseconds in which visitors of both versions came: from the first new answer to the last old one. */
    function mixed(answers: readonly Answer[], from: string, to: string): number {
      const first = answers.find(({ version }) => version === to)?.sent ?? 0
      const last = answers.findLast(({ version }) => version === from)?.sent ?? 0
      return Math.max(0, Math.round(last - first))
    }

    test('visitors move in one switch, none fails or sees the older release after it, and back within a second MM-11 MM-19', async () => {
      const shop = await serving()
      const verify = { run: 'exit 3', attempts: 1 }
      await shop.releaseTo('green', 'v2', 'v2', { verify })
      const probing = await shop.probe()
      const started = await shop.start('v2')
      const moved = await saidAt(started, /visitors are on stand-in/)
      const job = await shop.ended(started)
      expectOutcome(job, 'waiting')
      expect(saidBy(job)).toMatch(/selector side=green, resource-version \d+ → \d+, endpoints 3/)
      expect(await shop.chosen()).toBe('green')
      expect((await shop.versions()).toSorted()).toEqual(['v1', 'v1', 'v1', 'v2', 'v2', 'v2'])

      const there = await probing.stop()
      expect([failed(there), versionsIn(there)]).toEqual([[], ['v1', 'v2']])
      expect(versionsIn(there.filter(({ sent }) => sent > moved))).toEqual(['v2'])

      const returning = await shop.probe()
      const back = await shop.decide(job, 'roll-back')
      expectOutcome(back, 'rolled-back')
      const took = Number(/selector side=blue.*took (\d+) ms/.exec(saidBy(back))?.[1])
      const here = await returning.stop()
      expect([failed(here), versionsIn(here)]).toEqual([[], ['v2', 'v1']])
      console.log(
        `${there.length + here.length} requests, 0 failed. Both releases answered for ${mixed(there, 'v1', 'v2')} ms there and ${mixed(here, 'v2', 'v1')} ms back; back took ${took} ms.`,
      )
      expect(mixed(here, 'v2', 'v1')).toBeLessThan(BACK_MS)
      expect(await shop.chosen()).toBe('blue')
      // Nothing of the side that visitors left was changed.
      expect((await shop.versions()).toSorted()).toEqual(['v1', 'v1', 'v1', 'v2', 'v2', 'v2'])
    })

    test('a release that does not pass on its own side leaves visitors where they are SP-31', async () => {
      const shop = await serving()
      await shop.releaseTo('green', 'v2', 'crash')
      const probing = await shop.probe()
      const job = await shop.deploy('v2')
      expectOutcome(job, 'waiting')
      expect(saidBy(job)).toMatch(/CrashLoopBackOff/)
      expectOutcome(await shop.decide(job, 'roll-back'), 'rolled-back')
      const answers = await probing.stop()
      expect([failed(answers), versionsIn(answers), await shop.chosen()]).toEqual([[], ['v1'], 'blue'])
    })

    test.skipIf(!triesAll('a side that was scaled down'))(
      'a side that was scaled down while nobody was there is as large as the other before visitors come back',
      async () => {
        const shop = await serving()
        await shop.releaseTo('green', 'v2', 'v2')
        expectOutcome(await shop.deploy('v2'), 'succeeded')
        await shop.kubectl('scale', 'deployment/web', '--replicas=0')
        const back = await shop.project.job('v1', { command: 'rollback', release: 'v1' }, shop.env)
        expectOutcome(back, 'succeeded')
        expect([await shop.chosen(), (await shop.versions()).toSorted()]).toEqual([
          'blue',
          ['v1', 'v1', 'v1', 'v2', 'v2', 'v2'],
        ])
      },
    )

    test('visitors who were moved by hand keep their side: nothing is changed under them', async () => {
      const shop = await serving()
      await shop.releaseTo('green', 'v2', 'v2')
      await shop.kubectl('patch', 'service', 'web', '-p', '{"spec":{"selector":{"side":"green"}}}')
      const job = await shop.deploy('v2')
      expect(saidBy(job)).toMatch(/detour-disagrees|detour-unseen/)
      expect(await shop.versions()).toEqual(['v1', 'v1', 'v1'])
    })

    test.skipIf(!triesAll('a switch that is killed at every event'))(
      'a run that is killed at every event is resumed to the same end, and no request fails GH-10',
      async () => {
        const shop = await serving()
        await shop.releaseTo('green', 'v2', 'v2')
        const { env, moments } = selfKilling()
        const probing = await shop.probe()
        const last = await killedAtEach(shop.project, { ...shop.env, ...env })
        const answers = await probing.stop()
        expect(moments().length).toBeGreaterThan(5)
        expect(last, last.log.join('\n')).toMatchObject({ code: 0 })
        expect([failed(answers), await shop.chosen()]).toEqual([[], 'green'])
        expect(mixed(answers, 'v1', 'v2')).toBeLessThan(BACK_MS)
        console.log(
          `Killed at ${moments().length} events; ${answers.length} requests, 0 failed, ${mixed(answers, 'v1', 'v2')} ms of both.`,
        )
        expect(shop.project.ledger()).toMatchObject({
          ...{ serving: { release: { tag: 'v2' } }, side: 'stand-in', deployment: null },
        })
      },
    )

    detourDoorContract('a Service of Kubernetes', async () => {
      const namespace = await namespaceFor(cluster)
      const sides = { home: 'blue', 'stand-in': 'green' } as const
      const labelsOf = (side: string) => ({ app: 'web', side })
      const of = (side: string, image: string) => {
        const { metadata, ...rest } = workloadOf({ namespace, image, replicas: 1, labels: labelsOf(side) })
        return { ...rest, metadata: { ...metadata, name: `web-${side}` } }
      }
      await cluster.apply(
        of('blue', cluster.image('v1')),
        of('green', cluster.image('v2')),
        serviceOf(namespace, 'web', labelsOf('blue')),
      )
      const wait = ['wait', '--for=condition=Available', 'deployment', '--all', '--timeout=60s']
      await cluster.kubectl('--namespace', namespace, ...wait)
      const address = ['get', 'service', 'web', '-o', 'jsonpath={.spec.clusterIP}']
      const url = `http://${await cluster.kubectl('--namespace', namespace, ...address)}/`
      const recipe = { service: 'web', namespace, context: 'bed', label: 'side', values: sides }
      const bySide = { v1: 'home', v2: 'stand-in' } as const
      const means = { shell: shellFor(cluster, 'admin'), clock: createClock() }
      return {
        door: createKubernetesDoor({ kind: 'kubernetes', ...recipe, marker: null }, means),
        variables: {},
        async visit() {
          const probing = cluster.probe(url)
          await means.clock.sleep(1_500)
          const last = (await probing.stop()).at(-1)
          return last?.failed === '' ? (bySide[last.version as 'v1' | 'v2'] ?? null) : null
        },
        reload: null,
        moveMemory: null,
      }
    })
  },
)
