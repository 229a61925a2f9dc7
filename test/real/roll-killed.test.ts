import { describe, expect, test, vi } from 'vitest'
import { eventually } from '../../src/sandbox/fleet/eventually.ts'
import { type Bed, SETTINGS } from './bed/bed.ts'
import { killedAtEach, selfKilling } from './bed/killing.ts'
import { processes } from './bed/processes.ts'
import type { Project } from './bed/project.ts'
import { aRoll, deployed, missing, underLoad } from './bed/rolling.ts'

// A run for every event takes its time, above all where the machine has other work.
vi.setConfig({ testTimeout: 400_000 })

describe.skipIf(missing)('a roll whose runner is killed', () => {
  const service = { rollout: { 'max-parallel': 1 } }

  test('at every event goes on each time: no host is changed twice, none is left out of traffic GH-10', async () => {
    const { bed, project } = await aRoll(service)
    const { env, moments } = selfKilling()
    const last = await underLoad(bed, 9, () => killedAtEach(project, env))
    expect(moments()).toEqual(expect.arrayContaining(bed.apps.map(({ name }) => `changing ${name}`)))
    // The last to be killed had just said that it succeeded.
    expect(last).toMatchObject({ code: 0, outputs: { outcome: 'already-deployed' } })
    for (const app of bed.apps) expect(app.seen()).toEqual(deployed)
    await expectAllDone(bed, project)
  })

  test('at every command of a host goes on each time: what was cut short is done again GH-10', async () => {
    const { bed, project } = await aRoll(service, { hosts: 3 })
    const killedAfter = new Set<string>()
    const last = await underLoad(bed, 2, () =>
      killedAtEach(project, {}, (child) => {
        const before = bed.apps.map((app) => app.seen().length)
        return () => {
          const done = bed.apps.flatMap((app, at) =>
            app
              .seen()
              .slice(before[at])
              .map((command) => `${app.name}: ${command}`),
          )
          const first = done.find((command) => !killedAfter.has(command))
          if (first === undefined || child.killed) return
          killedAfter.add(first)
          child.kill('SIGKILL')
        }
      }),
    )
    expect(last).toMatchObject({ code: 0, outputs: { outcome: 'succeeded' } })
    for (const app of bed.apps) {
      expect(new Set(app.seen())).toEqual(new Set(deployed))
      expect(app.seen().slice(-3)).toEqual(deployed)
    }
    await expectAllDone(bed, project)
  })
})

/** All serve v2, and nothing is left of the runs. */
async function expectAllDone(bed: Bed, project: Project): Promise<void> {
  expect(project.ledger()).toMatchObject({ serving: { release: { tag: 'v2' } }, deployment: null })
  expect(bed.apps.map((app) => app.release())).toEqual(bed.apps.map(() => 'v2'))
  expect(await bed.balancer.up()).toHaveLength(bed.apps.length)
  await eventually('no ssh is left', () => !processes().some(({ words }) => words.includes(SETTINGS)))
}
