import { expect, onTestFinished } from 'vitest'
import type { Job, StartedJob } from '../../src/sandbox/stage.ts'
import { openProject, type Project } from '../real/bed/project.ts'
import type { ImageKind, ImageNames } from './images/images.ts'

/** A repository whose releases go to a service on an engine, by the bundle. */
export interface EngineShop {
  readonly project: Project
  /** The variables of a job that finds the engine. */
  readonly env: Readonly<Record<string, string>>
  /** Tags a release whose image is of this kind. */
  release(tag: string, kind: ImageKind, laid?: Laid): Promise<void>
  start(release: string): Promise<StartedJob>
  ended(started: StartedJob): Promise<Job>
  deploy(release: string): Promise<Job>
  decide(job: Job, decision: string): Promise<Job>
}

/** The settings of one release alone. */
export interface Laid {
  /** Laid over the settings of the service's engine. */
  readonly engine?: Readonly<Record<string, unknown>>
  readonly steps?: object
}

export interface ShopOptions {
  readonly images: ImageNames
  readonly env: Readonly<Record<string, string>>
  readonly files?: Readonly<Record<string, string>>
  /** Every deployment waits at a gate that `dora` opens. */
  readonly gated?: boolean
  /** The longest time of a rollout. */
  readonly deadline?: string
  /** Further keys of its config. */
  readonly top?: Readonly<Record<string, unknown>>
  engine(image: string): Readonly<Record<string, unknown>>
}

const behindDora = {
  environments: { production: { class: 'production', requires: { approval: { from: ['dora'] } } } },
}

export async function openShop({
  images,
  env,
  engine,
  deadline = '90s',
  gated = false,
  top = {},
  files = { 'README.md': 'A shop.\n' },
}: ShopOptions): Promise<EngineShop> {
  const project = await openProject(files, { ...top, ...(gated ? behindDora : {}) })
  onTestFinished(async () => {
    await project.close()
    expect(project.github.violations).toEqual([])
  })
  const times = { 'min-healthy-time': '1s', deadline }
  return {
    project,
    env,
    release: (tag, kind, laid = {}) =>
      project.release(
        tag,
        { engine: { ...engine(images.image(kind)), ...times, ...laid.engine } },
        laid.steps,
      ),
    start: (release) => project.start(release, { command: 'deploy', release }, env),
    async ended(started) {
      const main = await started.ended
      return { main, post: await started.post(main) }
    },
    deploy: (release) => project.job(release, { command: 'deploy', release }, env),
    decide({ main }, decision) {
      const pause = main.outputs.pause ?? ''
      const inputs = { command: 'decide', pause, decision, reason: 'looked at it' }
      return project.job(main.outputs.release ?? 'v2', inputs, env)
    },
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
export const isHandedOver = ({ project }: Pick<EngineShop, 'project'>): boolean =>
  project.ledger()?.deployment?.journal.some(({ kind }) => kind === 'handed-over') ?? false
