import { describe, expect, test, vi } from 'vitest'
import { eventually } from '../../src/sandbox/fleet/eventually.ts'
import type { Ended } from '../../src/sandbox/runner/runner.ts'
import type { Started } from '../../src/sandbox/stage.ts'
import { type Bed, SETTINGS } from './bed/bed.ts'
import { processes } from './bed/processes.ts'
import type { Project } from './bed/project.ts'
import { aRoll, deployed, missing, underLoad } from './bed/rolling.ts'

// A run for every event takes its time, above all where the machine has other work.
vi.setConfig({ testTimeout: 400_000 })

describe.skipIf(missing)('a roll whose runner is killed', () => {
  const service = { rollout: { 'max-parallel': 1 } }

  test('GH-10: at every event goes on each time: no host is changed twice, none is left out of traffic', async () => {
    const { bed, project } = await aRoll(service)
    const last = await underLoad(bed, 9, () =>
      killedAtEach(project, (kill) => ({
        // What it tells of the journal, without how long it took.
        hear: (line) => line.startsWith('::') || kill(line.replace(/\d+(\.\d+)? (ms|s)\b/g, '')),
      })),
    )
    // The last to be killed had just said that it succeeded.
    expect(last).toMatchObject({ code: 0, outputs: { outcome: 'already-deployed' } })
    for (const app of bed.apps) {
      // A kill that comes late, because this process had to wait, may find it stopped: it is stopped once more then.
      expect(app.seen().filter((command, at, all) => command !== all[at - 1])).toEqual(deployed)
      expect(app.seen().filter((command) => command.startsWith('install'))).toHaveLength(1)
    }
    await expectAllDone(bed, project)
  })

  test('GH-10: at every command of a host goes on each time: what was cut short is done again', async () => {
    const { bed, project } = await aRoll(service, { hosts: 3 })
    const last = await underLoad(bed, 2, () =>
      killedAtEach(project, (kill) => {
        const before = new Map(bed.apps.map((app) => [app, app.seen().length]))
        return {
          look() {
            for (const [app, done] of before)
              for (const command of app.seen().slice(done)) kill(`${app.name}: ${command}`)
          },
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

interface Watching {
  hear?(line: string): unknown
  /** Called every few milliseconds. */
  look?(): void
}

/** Deploys v2 and kills the run at the first moment at which none was killed yet, until one meets no such moment. */
async function killedAtEach(
  project: Project,
  watch: (kill: (moment: string) => void) => Watching,
): Promise<Ended> {
  const killedAt = new Set<string>()
  for (;;) {
    const { hear, look } = watch((moment) => {
      if (killedAt.has(moment) || started?.child.killed !== false) return
      killedAt.add(moment)
      started.child.kill('SIGKILL')
    })
    let started: Started | null = null
    started = await project.start('v2', { command: 'deploy', release: 'v2' }, hear)
    const looking = setInterval(() => look?.(), 2)
    const ended = await started.ended.finally(() => clearInterval(looking))
    if (ended.code !== null) return ended
  }
}

/** All serve v2, and nothing is left of the runs. */
async function expectAllDone(bed: Bed, project: Project): Promise<void> {
  expect(project.ledger()).toMatchObject({ serving: { release: { tag: 'v2' } }, deployment: null })
  expect(bed.apps.map((app) => app.release())).toEqual(bed.apps.map(() => 'v2'))
  expect(await bed.balancer.up()).toHaveLength(bed.apps.length)
  await eventually('no ssh is left', () => !processes().some(({ words }) => words.includes(SETTINGS)))
}
