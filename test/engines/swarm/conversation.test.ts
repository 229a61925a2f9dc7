import { afterAll, beforeAll, describe, test } from 'vitest'
import { missingForEngines } from '../needs.ts'
import { tellWholeStory } from '../story.ts'
import { type Daemon, startDaemon } from './bed/daemon.ts'
import { swarmNeeds } from './bed/services.ts'
import { openSwarmShop } from './bed/swarm-shop.ts'

describe.skipIf(missingForEngines(...swarmNeeds) !== null)('a shop on a Docker swarm', () => {
  let daemon: Daemon
  beforeAll(async () => {
    daemon = await startDaemon()
  })
  afterAll(() => daemon?.close())

  test('waits at its gate, migrates by a job, rolls, is asked about, is killed, and goes back GH-10 SP-33', async () => {
    const shop = await openSwarmShop(daemon, { gated: true })
    const image = '{{.Spec.TaskTemplate.ContainerSpec.Image}}'
    await tellWholeStory(shop, () =>
      daemon.docker('service', 'inspect', '--format', image, shop.service).then(daemon.kindOf, () => null),
    )
  })
})
