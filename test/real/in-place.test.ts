import { describe, expect, test, vi } from 'vitest'
import type { Service } from './bed/bed.ts'
import { killedAtEach, selfKilling } from './bed/killing.ts'
import { aRoll, missing, underLoad } from './bed/rolling.ts'

vi.setConfig({ testTimeout: 400_000 })

describe.skipIf(missing)('a roll in place on hosts behind haproxy', () => {
  test('killed at every event goes on each time: each keeps its traffic and its process, and no request fails GH-10 CC-22', async () => {
    const { bed, project } = await aRoll({}, { hosts: 3 })
    const { fleet, ...service } = bed.service({ rollout: { order: 'in-place' } }) as Service & {
      fleet: { stop?: object; start: object }
    }
    const { stop: _, ...others } = fleet
    const reload = { run: 'kill -HUP "$(cat pid)"', shell: 'sh' }
    await project.release('v3', { ...service, fleet: { ...others, start: reload } })
    const { env, moments } = selfKilling()
    const last = await underLoad(bed, 3, () => killedAtEach(project, env, () => () => {}, 'v3'))
    expect(last, last.log.join('\n')).toMatchObject({ code: 0 })
    expect(moments().length).toBeGreaterThan(5)
    expect(bed.apps.map((app) => app.release())).toEqual(['v3', 'v3', 'v3'])
    expect(bed.apps.flatMap((app) => app.seen()).filter((done) => !done.startsWith('install'))).toEqual([])
  })
})
