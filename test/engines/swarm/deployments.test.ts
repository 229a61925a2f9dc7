import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../../../src/sandbox/fleet/eventually.ts'
import type { Job } from '../../../src/sandbox/stage.ts'
import { killedAtEach, selfKilling } from '../../real/bed/killing.ts'
import { expectOutcome, isHandedOver, saidBy } from '../engine-shop.ts'
import { expectNoneFailed } from '../load.ts'
import { missingForEngines } from '../needs.ts'
import { type Daemon, startDaemon } from './bed/daemon.ts'
import { openDoor } from './bed/door.ts'
import { swarmNeeds } from './bed/services.ts'
import { openSwarmShop, type SwarmShop } from './bed/swarm-shop.ts'

describe.skipIf(missingForEngines(...swarmNeeds) !== null)('deployments to a Docker swarm', () => {
  let daemon: Daemon
  beforeAll(async () => {
    daemon = await startDaemon()
  })
  afterAll(() => daemon?.close())

  /** A shop that serves v1 by a first deployment, which made the service. */
  async function serving(replicas = 2): Promise<SwarmShop> {
    const shop = await openSwarmShop(daemon, { replicas })
    await shop.release('v1', 'v1')
    expectOutcome(await shop.deploy('v1'), 'succeeded')
    return shop
  }

  const inSpec = (shop: SwarmShop, format: string) =>
    daemon.docker('service', 'inspect', '--format', format, shop.service)

  test('an update of six replicas start-first under load fails no request, and gives settings back', async () => {
    const shop = await serving(6)
    await shop.release('v2', 'v2')
    const load = (await openDoor(daemon, shop.service)).load()
    const job = await shop.deploy('v2')
    const told = await load.stop()
    expectOutcome(job, 'succeeded')
    expectNoneFailed(told)
    expect(told.count).toBeGreaterThan(100)
    expect(Object.keys(told.versions).sort()).toEqual(['v1', 'v2'])
    expect(await shop.running()).toEqual(Array(6).fill('v2'))
    expect(await inSpec(shop, '{{.Spec.UpdateConfig.FailureAction}} {{.Spec.Labels}}')).toBe('rollback map[]')
  })

  test.each([
    ['crashes', 'crash', /non-zero exit \(1\)/, /no setting DATABASE_URL: giving up/],
    ['never gets ready', 'neverReady', /health check/, /serving neverReady/],
    ['has no image', 'missing', /is not in its registry/, /manifest unknown/],
  ] as const)(
    'a release that %s is asked about, the old one serves, and is brought back',
    async (_how, kind, ...words) => {
      const shop = await serving()
      await shop.release('v2', kind)
      const door = await openDoor(daemon, shop.service)
      const load = door.load()
      const job = await shop.deploy('v2')
      expectOutcome(job, 'waiting')
      for (const word of words) expect(saidBy(job)).toMatch(word)
      expect(await shop.running()).toEqual(['v1', 'v1'])
      expectOutcome(await shop.decide(job, 'roll-back'), 'rolled-back')
      expectNoneFailed(await load.stop())
      expect(await shop.running()).toEqual(['v1', 'v1'])
    },
  )

  /** Deploys a release that is slow to start, and disturbs it once it is handed over. */
  async function disturbed(
    disturb: (shop: SwarmShop) => Promise<unknown>,
  ): Promise<{ shop: SwarmShop; job: Job }> {
    const shop = await serving()
    await shop.release('v2', 'slow')
    const started = await shop.start('v2')
    await eventually('it is handed over', () => isHandedOver(shop))
    await disturb(shop)
    return { shop, job: await shop.ended(started) }
  }

  const update = (shop: SwarmShop, ...words: readonly string[]) =>
    daemon.docker('service', 'update', '--detach', ...words, shop.service)

  test('an update by another person takes the place of a rollout, which is superseded', async () => {
    const { shop, job } = await disturbed((shop) => update(shop, '--image', daemon.image('v3')))
    expectOutcome(job, 'waiting')
    expect(saidBy(job)).toMatch(/engine-superseded/)
    expect(shop.project.ledger()?.serving?.release.tag).toBe('v1')
  })

  test('a rollback on the swarm is recognised, and is no success', async () => {
    const { job } = await disturbed((shop) => update(shop, '--rollback'))
    expectOutcome(job, 'waiting')
    expect(saidBy(job)).toMatch(/engine-rolled-back/)
  })

  test('a service that is scaled to zero is asked about', async () => {
    const { job } = await disturbed((shop) => update(shop, '--replicas', '0'))
    expectOutcome(job, 'waiting')
    expect(saidBy(job)).toMatch(/engine-scaled-to-zero/)
  })

  test('a release is taken back twice in a row by digest: it is no toggle', async () => {
    const shop = await serving()
    await shop.release('v2', 'crash')
    for (const _time of ['once', 'again']) {
      const job = await shop.deploy('v2')
      expectOutcome(job, 'waiting')
      expectOutcome(await shop.decide(job, 'roll-back'), 'rolled-back')
      expect(await inSpec(shop, '{{.Spec.TaskTemplate.ContainerSpec.Image}}')).toBe(daemon.image('v1'))
    }
  })

  test('a runner that is killed at every event hands over once, and ends as ever GH-10', async () => {
    const shop = await openSwarmShop(daemon)
    await shop.release('v2', 'v2')
    const { env, moments } = selfKilling()
    const last = await killedAtEach(shop.project, { ...shop.env, ...env })
    expect(moments().length).toBeGreaterThan(5)
    expect(last, last.log.join('\n')).toMatchObject({ code: 0 })
    expect(await inSpec(shop, '{{.Spec.TaskTemplate.ForceUpdate}} {{json .PreviousSpec}}')).toBe('0 null')
    expect(await shop.running()).toEqual(['v2', 'v2'])
    expect(shop.project.ledger()).toMatchObject({ serving: { release: { tag: 'v2' } }, deployment: null })
  })
})
