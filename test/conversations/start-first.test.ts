import { expect, test } from 'vitest'
import { startLoadApart } from '../../src/sandbox/fleet/load-apart.ts'
import * as workflow from '../../src/sandbox/workflow.ts'
import { aStory, lean, serving, versions } from './story.ts'

test.each([1, 3])(
  '%i instances of two slots under load: nobody notices, and the pool is never smaller, forward and back SP-31 SP-32 CC-21 CC-22 MM-12',
  async (instances) => {
    const stage = await aStory({ instances, slots: true, config: { ...lean, rollout: {} } })
    const { shop } = stage
    await serving(stage, 'v1.0.0')
    await stage.release('v1.1.0')
    const load = await startLoadApart({ url: shop.frontDoor.url, perSecond: 100 })
    const began = Date.now()
    const forward = await workflow.deploy(stage, 'v1.1.0')
    expect(forward.work?.main).toMatchObject({ code: 0, outputs: { outcome: 'succeeded' } })
    expect(await versions(stage)).toEqual(Array.from({ length: instances }, () => 'v1.1.0'))
    const back = await workflow.rollback(stage)
    expect(back.work?.main).toMatchObject({ code: 0, outputs: { outcome: 'succeeded' } })
    const report = await load.stop()
    expect(report).toMatchObject({ failures: 0, reasons: [] })
    expect(shop.frontDoor.lowestPool(began)).toBeGreaterThanOrEqual(instances)
    expect(await versions(stage)).toEqual(Array.from({ length: instances }, () => 'v1.0.0'))

    const page = forward.work?.main.summary ?? ''
    expect(page).toContain('served side by side for')
    for (const words of [page, forward.plan.main.summary]) expect(words).not.toMatch(/\b(?:atomic|instant)/i)
    expect(forward.plan.main.summary).toContain(`${instances} of ${instances}`)
  },
)
