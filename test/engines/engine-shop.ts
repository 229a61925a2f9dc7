import { expect, onTestFinished } from 'vitest'
import type { Job, JobInputs, StartedJob } from '../../src/sandbox/stage.ts'
import { openProject, type Project } from '../real/bed/project.ts'

/** A repository whose releases go to a service on an engine, by the bundle. */
export interface EngineShop {
  readonly project: Project
  /** The variables of a job that finds the engine. */
  readonly env: Readonly<Record<string, string>>
  /** Tags a release with this image; `engine` has the settings of the engine without the image. */
  release(tag: string, image: string): Promise<void>
  start(release: string): Promise<StartedJob>
  ended(started: StartedJob): Promise<Job>
  deploy(release: string): Promise<Job>
  decide(job: Job, decision: string): Promise<Job>
}

export interface ShopOptions {
  readonly env: Readonly<Record<string, string>>
  readonly files?: Readonly<Record<string, string>>
  /** The longest time of a rollout. */
  readonly deadline?: string
  engine(image: string): Readonly<Record<string, unknown>>
}

export async function openShop({
  env,
  engine,
  deadline = '90s',
  files = { 'README.md': 'A shop.\n' },
}: ShopOptions): Promise<EngineShop> {
  const project = await openProject(files)
  onTestFinished(async () => {
    await project.close()
    expect(project.github.violations).toEqual([])
  })
  const ended = async (started: StartedJob): Promise<Job> => {
    const main = await started.ended
    return { main, post: await started.post(main) }
  }
  const start = (release: string, inputs: JobInputs) => project.start(release, inputs, env)
  const times = { 'min-healthy-time': '1s', deadline }
  return {
    project,
    env,
    release: (tag, image) => project.release(tag, { engine: { ...engine(image), ...times } }),
    start: (release) => start(release, { command: 'deploy', release }),
    ended,
    deploy: async (release) => ended(await start(release, { command: 'deploy', release })),
    decide: async ({ main }, decision) =>
      ended(
        await start(main.outputs.release ?? 'v2', {
          command: 'decide',
          pause: main.outputs.pause ?? '',
          decision,
          reason: 'looked at it',
        }),
      ),
  }
}

/** The text of everything that a job said. */
export const saidBy = ({ main }: Job): string => [...main.log, main.summary].join('\n')

/** Expects the outcome of a job, and shows its log where it has another. */
export function expectOutcome(job: Job, outcome: string): void {
  if (job.main.outputs.outcome !== outcome) console.log(saidBy(job))
  expect(job.main.outputs.outcome).toBe(outcome)
}

/** True once the deployment that is under way has told its engine to roll. */
export const isHandedOver = ({ project }: EngineShop): boolean =>
  project.ledger()?.deployment?.journal.some(({ kind }) => kind === 'handed-over') ?? false
