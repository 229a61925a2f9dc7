import { afterAll, beforeAll, describe, onTestFinished } from 'vitest'
import { createClock } from '../../../src/adapters/clock.ts'
import { engineContract } from '../../contracts/engine.contract.ts'
import { command } from '../../contracts/shell.contract.ts'
import { missingForEngines } from '../needs.ts'
import { type EcsBed, ecsNeeds, startEcs } from './bed/ministack.ts'
import { controlOf, recipeOf } from './bed/services.ts'

describe.skipIf(missingForEngines(...ecsNeeds) !== null)('Amazon ECS', () => {
  let bed: EcsBed
  let count = 0
  beforeAll(async () => {
    bed = await startEcs()
  })
  afterAll(() => bed?.close())

  engineContract('a service of ECS', async () => {
    count += 1
    const service = `web-${count}`
    onTestFinished(async () => {
      const words = ['delete-service', '--cluster', 'shop', '--service', service, '--force']
      // Most tests make it; one has no service, and needs none.
      await bed.ecs(...words).catch(() => {})
    })
    return {
      control: controlOf(bed, recipeOf(service)),
      clock: createClock(),
      variables: { ROLLGATE_SERVICE: 'web' },
      exists: false,
      first: { app: bed.daemon.image('v1') },
      second: { app: bed.daemon.image('v2') },
      broken: { app: bed.daemon.image('crash') },
      commands: {
        good: command('app exit 0', { shell: 'sh', timeout: 60_000 }),
        three: command('app exit 3', { shell: 'sh', timeout: 60_000 }),
      },
      silence: null,
      patience: 120_000,
    }
  })
})
