import { afterAll, beforeAll, describe, expect, test } from 'vitest'
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
import { openEcsShop } from './bed/ecs-shop.ts'
import { type EcsBed, ecsNeeds, startEcs } from './bed/ministack.ts'
import { files } from './bed/services.ts'

const missing = missingForEngines(...ecsNeeds) !== null

/** The health checks of containers are passed over by this bed: a release that never gets ready runs well there. */
const bad = badReleases.filter(({ kind }) => kind !== 'neverReady')

describe.skipIf(missing || !triesAll('aws ecs wait services-stable beside Rollgate'))(
  'aws ecs wait services-stable and Rollgate',
  { timeout: 900_000 },
  () => {
    let bed: EcsBed
    const table = sideBySide('aws ecs wait services-stable')
    beforeAll(async () => {
      bed = await startEcs()
    })
    afterAll(async () => {
      table.print()
      await bed?.close()
    })

    const update = (service: string, ...words: readonly string[]) =>
      bed.ecs('update-service', '--cluster', 'shop', '--service', service, ...words)
    const disturbOn = (service: string) => (how: Exclude<Meanwhile, 'nothing'>) =>
      how === 'scaled to zero'
        ? update(service, '--desired-count', '0')
        : update(service, '--force-new-deployment')

    /** A service that serves v1 by a first deployment of Rollgate. */
    async function serving() {
      const shop = await openEcsShop(bed)
      await shop.release('v1', 'v1')
      expectOutcome(await shop.deploy('v1'), 'succeeded')
      return shop
    }

    /** Registers the task definition of a service with an image. Returns its ARN. */
    async function registered(service: string, image: string): Promise<string> {
      const [text = ''] = Object.values(files(service, 2))
      const input = text.replace('filled-in', image)
      const { taskDefinition } = await bed.ecs<{ taskDefinition: { taskDefinitionArn: string } }>(
        ...['register-task-definition', '--cli-input-json', input],
      )
      return taskDefinition.taskDefinitionArn
    }

    /** As most write it: register, update, and wait until the service is stable. */
    async function byHand({ kind }: BadRelease): Promise<Way> {
      const { service } = await serving()
      let begun = false
      return {
        async deploy() {
          await update(service, '--task-definition', await registered(service, bed.daemon.image(kind)))
          begun = true
          return endsWell(bed.waits('services-stable', '--cluster', 'shop', '--services', service))
        },
        hasBegun: async () => begun,
        disturb: disturbOn(service),
      }
    }

    async function byRollgate({ kind }: BadRelease): Promise<Way> {
      const shop = await serving()
      await shop.release('v2', kind)
      return wayOf(shop, disturbOn(shop.service))
    }

    test.each(bad)('a bad release ($kind, $meanwhile) is no success here', async (one) => {
      const byAws = await saysSuccess(await byHand(one), one)
      const here = await saysSuccess(await byRollgate(one), one)
      table.note(one, byAws, here)
      expect(here).toBe(false)
    })
  },
)
