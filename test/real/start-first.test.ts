import { describe, expect, test, vi } from 'vitest'
import type { Bed } from './bed/bed.ts'
import { killedAtEach, selfKilling } from './bed/killing.ts'
import type { Project } from './bed/project.ts'
import { aRoll, deploy, missing, underLoad } from './bed/rolling.ts'

vi.setConfig({ testTimeout: 900_000 })

/** More than one there and back, where a person wants to see more requests. */
const requests = Number(process.env.ROLLGATE_REQUESTS ?? '0')
const perSecond = Number(process.env.ROLLGATE_PER_SECOND ?? '100')

describe.skipIf(missing)('instances of two slots on hosts behind haproxy', () => {
  test.each([1, 3, 10])(
    '%i of them, forward and back under load: no request fails, and never fewer are up SP-31 CC-21 CC-22',
    async (hosts) => {
      const rollout = { order: 'start-first', 'max-parallel': hosts === 10 ? 3 : 1 }
      const { bed, project } = await aRoll({ rollout }, { hosts, slots: true })
      const started = Date.now()
      let rolls = 0
      await underLoad(
        bed,
        hosts,
        async () => {
          do {
            await there(project)
            expect(releases(bed)).toEqual(Array.from({ length: hosts }, () => 'v2'))
            await back(project)
            rolls += 2
          } while (((Date.now() - started) / 1_000) * perSecond < requests)
        },
        perSecond,
      )
      expect(releases(bed)).toEqual(Array.from({ length: hosts }, () => 'v1'))
      expect(await bed.balancer.up()).toHaveLength(hosts)
      if (requests > 0)
        console.log(
          `${hosts} hosts, ${rolls} rolls: fewest up ${bed.balancer.fewestUp()}, ${Date.now() - started} ms`,
        )
    },
  )
})

describe.skipIf(missing)('a run of them that is killed', () => {
  test('at every event goes on each time: no request fails, and one release is left in each instance GH-10 CC-22', async () => {
    const { bed, project } = await aRoll({ rollout: { order: 'start-first' } }, { hosts: 3, slots: true })
    const { env, moments } = selfKilling()
    const last = await underLoad(bed, 3, () => killedAtEach(project, env))
    expect(moments()).toEqual(
      expect.arrayContaining(['web-1', 'web-2', 'web-3'].map((name) => `changing ${name}`)),
    )
    expect(last.code).toBe(0)
    expect(releases(bed)).toEqual(['v2', 'v2', 'v2'])
    expect(await bed.balancer.up()).toHaveLength(3)
  })
})

async function there(project: Project): Promise<void> {
  const { main } = await deploy(project)
  expect(main).toMatchObject({ code: 0, outputs: { outcome: 'succeeded' } })
}

async function back(project: Project): Promise<void> {
  const { main } = await project.job('v1', { command: 'rollback', release: 'v1' })
  expect(main).toMatchObject({ code: 0, outputs: { outcome: 'succeeded' } })
}

/** The release of every process that runs, one an instance. */
const releases = ({ apps }: Bed): string[] =>
  apps.filter((app) => app.isRunning()).map((app) => app.release())
