import type { Job, JobOptions } from '../../src/sandbox/stage.ts'
import type { Story } from './story.ts'

/** Starts a job on a runner whose clock shows this time. */
export const at = (time: string): JobOptions => ({
  env: { CLOCK_AT: time, NODE_OPTIONS: `--import=${new URL('clock-at.mjs', import.meta.url)}` },
})

/** An element of the dispatcher's matrix. */
interface Due {
  readonly environment: string
  readonly release: string
  readonly sha: string
  readonly schedule: string
}

export interface Dispatched {
  readonly look: Job
  readonly due: readonly Due[]
  /** The job of the first that is due; null where nothing is. */
  readonly begun: Job | null
}

/** The run of the dispatcher: it looks, and for each that is due the matrix of its workflow has a job. */
export async function dispatches(
  stage: Story,
  time: string,
  options: Omit<JobOptions, 'env'> = {},
): Promise<Dispatched> {
  const run = stage.run('cron')
  const then = { ...options, ...at(time) }
  const look = await run.job({ command: 'dispatch', environment: '' }, then)
  const due: Due[] = JSON.parse(look.main.outputs.due ?? '[]')
  const [first] = due
  const begun =
    first === undefined
      ? null
      : await run.job(
          { command: 'deploy', release: first.release, schedule: first.schedule },
          { ...then, sha: first.sha },
        )
  run.end(look.main.code === 0 && (begun?.main.code ?? 0) === 0 ? 'success' : 'failure')
  return { look, due, begun }
}
