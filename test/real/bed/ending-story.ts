import { readdirSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { eventually } from '../../../src/sandbox/fleet/eventually.ts'
import type { Ending } from '../../endings/endings.ts'
import type { EndingWorld } from '../../endings/rounds.ts'
import { faultsAtHome } from './ended-well.ts'
import { type SmoothBed, type SmoothOptions, startSmooth } from './smooth.ts'
import { aSmoothProject, type SmoothProject } from './smooth-project.ts'

/** A shop on real parts that is taken through detours, with visitors all the time. */
export interface EndingStory extends EndingWorld {
  readonly bed: SmoothBed
  readonly project: SmoothProject['project']
  /** The acknowledged writes of earlier rounds. */
  settled: number
}

export interface EndingStoryOptions extends SmoothOptions {
  /** Another bundle than the one that ships. */
  readonly entry?: string
}

export async function aStoryOf(
  ending: Ending,
  { entry, ...options }: EndingStoryOptions = {},
): Promise<EndingStory> {
  const { revertBy, lasts } = ending
  const bed = await startSmooth({ rows: 2_000, ...options, ...(revertBy === undefined ? {} : { revertBy }) })
  const changes = {
    ...(revertBy === undefined ? {} : { 'revert-by': revertBy }),
    ...(lasts === null ? {} : { lasts }),
  }
  const { project, release, env } = await aSmoothProject(bed, changes, {
    phase: 'expand',
    ...(entry && { entry }),
  })
  const first = await project.job('v1', { command: 'deploy', release: 'v1' }, env)
  if (first.main.code !== 0) throw new Error(first.main.log.join('\n'))
  await eventually('orders come', () => bed.visitors.seen.taken.length > 5)
  const story: EndingStory = {
    ...{ bed, project, ending, rounds: 0, serving: 'v1', settled: 0 },
    // The first one is there.
    release: async (tag) => (tag === 'v2' ? undefined : release(tag)),
    start: (checkout, inputs, more = {}) => project.start(checkout, inputs, { ...env, ...more }),
    ledger: async () => project.ledger(),
    async faults(round) {
      const faults = await faultsAtHome(story, round)
      story.settled = bed.visitors.seen.taken.length
      clearAway(story)
      return faults
    },
  }
  return story
}

/** The folder of a home that failed is kept for a look; a hundred of them are not. */
function clearAway({ bed: { postgres } }: EndingStory): void {
  const folder = dirname(postgres.home.data)
  const failed = `${basename(postgres.home.data)}.failed`
  for (const name of readdirSync(folder).filter((one) => one.startsWith(failed)))
    rmSync(join(folder, name), { recursive: true })
}
