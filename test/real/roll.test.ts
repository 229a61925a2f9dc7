import { describe, expect, test } from 'vitest'
import { aRoll, deploy, deployed, missing, underLoad } from './bed/rolling.ts'

describe.skipIf(missing)('a roll of ten hosts under load', () => {
  test.each([
    ['one by one', { 'max-parallel': 1 }, 9],
    ['a quarter at a time', { 'max-parallel': '25%' }, 8],
  ] as const)(
    '%s loses no request and never has fewer up than the floor WX-12 WX-13 WX-16',
    async (_how, rollout, floor) => {
      const { bed, project } = await aRoll({ rollout: { ...rollout, 'min-available': floor } })
      const job = await underLoad(bed, floor, () => deploy(project))
      expect(job.main).toMatchObject({ code: 0, outputs: { outcome: 'succeeded' } })
      expect(bed.apps.map((app) => app.seen())).toEqual(bed.apps.map(() => deployed))
      expect(await bed.balancer.up()).toHaveLength(10)
    },
  )
})
