import { afterAll, beforeAll, describe, test } from 'vitest'
import { missingForEngines } from '../needs.ts'
import { tellWholeStory } from '../story.ts'
import { imageOf, openEcsShop } from './bed/ecs-shop.ts'
import { type EcsBed, ecsNeeds, startEcs } from './bed/ministack.ts'

describe.skipIf(missingForEngines(...ecsNeeds) !== null)('a shop on ECS', () => {
  let bed: EcsBed
  beforeAll(async () => {
    bed = await startEcs()
  })
  afterAll(() => bed?.close())

  test('waits at its gate, migrates by a task, rolls, is asked about, is killed, and goes back GH-10 SP-33', {
    timeout: 900_000,
  }, async () => {
    const shop = await openEcsShop(bed, { gated: true })
    await tellWholeStory(shop, () => imageOf(bed, shop).then(bed.daemon.kindOf, () => null))
  })
})
