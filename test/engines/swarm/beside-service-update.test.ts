import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { expectOutcome } from '../engine-shop.ts'
import { missingForEngines, triesAll } from '../needs.ts'
import {
  type BadRelease,
  badReleases,
  endsWell,
  type Meanwhile,
  saysSuccess,
  sideBySide,
  type Way,
  wayOf,
} from '../side-by-side.ts'
import { type Daemon, startDaemon } from './bed/daemon.ts'
import { swarmNeeds } from './bed/services.ts'
import { openSwarmShop } from './bed/swarm-shop.ts'

const run = promisify(execFile)

/** The settings of a service that goes back by itself, as Docker's manual shows them. */
const usual = [
  ...['--network', 'web', '--endpoint-mode', 'dnsrr', '--replicas', '2', '--restart-delay', '1s'],
  ...['--update-failure-action', 'rollback', '--update-order', 'start-first', '--update-monitor', '3s'],
]

describe.skipIf(missingForEngines(...swarmNeeds) !== null)('docker service update and Rollgate', () => {
  let daemon: Daemon
  const table = sideBySide('docker service update')
  beforeAll(async () => {
    daemon = await startDaemon()
  })
  afterAll(async () => {
    table.print()
    await daemon?.close()
  })

  const update = (service: string, ...words: readonly string[]) =>
    daemon.docker('service', 'update', '--detach', ...words, service)
  const disturbOn = (service: string) => (how: Exclude<Meanwhile, 'nothing'>) =>
    how === 'scaled to zero'
      ? update(service, '--replicas', '0')
      : update(service, '--image', daemon.image('v3'))

  async function byHand({ kind, meanwhile }: BadRelease): Promise<Way> {
    const service = `plain-${kind.toLowerCase()}-${meanwhile.replaceAll(' ', '-')}`
    await daemon.docker('service', 'create', '--quiet', '--name', service, ...usual, daemon.image('v1'))
    onTestFinished(async () => void (await daemon.docker('service', 'rm', service)))
    const words = ['service', 'update', '--detach=false', '--quiet', '--image', daemon.image(kind), service]
    const spec = '{{.Spec.TaskTemplate.ContainerSpec.Image}}'
    return {
      deploy: () => endsWell(run('docker', words, { env: daemon.env, timeout: 120_000 })),
      hasBegun: async () =>
        (await daemon.docker('service', 'inspect', '--format', spec, service)).includes(daemon.image(kind)),
      disturb: disturbOn(service),
    }
  }

  async function byRollgate({ kind }: BadRelease): Promise<Way> {
    const shop = await openSwarmShop(daemon)
    await shop.release('v1', 'v1')
    expectOutcome(await shop.deploy('v1'), 'succeeded')
    await shop.release('v2', kind)
    return wayOf(shop, disturbOn(shop.service))
  }

  test.each(triesAll('four of five bad releases') ? badReleases : badReleases.slice(0, 1))(
    'a bad release ($kind, $meanwhile) is no success here',
    async (bad) => {
      const byDocker = await saysSuccess(await byHand(bad), bad)
      const here = await saysSuccess(await byRollgate(bad), bad)
      table.note(bad, byDocker, here)
      expect(here).toBe(false)
    },
  )
})
