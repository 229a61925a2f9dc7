import type { Contexts } from '../file/expression.ts'
import type { Grants } from '../site/grants.ts'
import type { StepLeft } from '../site/machine.ts'
import type { RunConclusion } from '../site/run-register.ts'

/** The event that starts a run. */
export type RunEvent =
  | { readonly name: 'workflow_dispatch'; readonly inputs: Readonly<Record<string, unknown>> }
  | { readonly name: 'schedule'; readonly cron: string }
  | { readonly name: 'push' }
  | { readonly name: 'pull_request'; readonly fork: boolean }

export interface RunStart {
  readonly id: number
  readonly attempt: number
  /** `owner/name` of the repository that the run belongs to. */
  readonly repository: string
  /** The path of the workflow. */
  readonly workflow: string
  readonly event: RunEvent
  /** The whole name: `refs/heads/main`. */
  readonly ref: string
  readonly sha: string
  readonly actor: string
  readonly triggeringActor: string
  /** Jobs of the attempt before that are not run again. */
  readonly kept: Readonly<Record<string, PlayedJob>>
}

export interface PlayedStep extends StepLeft {
  readonly id: string
  readonly name: string
}

export interface PlayedJob {
  readonly name: string
  readonly result: 'success' | 'failure' | 'cancelled' | 'skipped'
  readonly outputs: Readonly<Record<string, string>>
  readonly runsOn: unknown
  /** Names, or `uses:`, of the steps that ran. */
  readonly steps: readonly string[]
  /** The same steps with what they left; those after the job come last. */
  readonly played: readonly PlayedStep[]
  /** Annotations of GitHub on the job itself. */
  readonly problems: readonly string[]
  readonly grants: Grants
}

export interface PlayedRun {
  readonly start: RunStart
  readonly conclusion: RunConclusion
  /** The reasons for which nothing started. */
  readonly problems: readonly string[]
  /** Jobs of called workflows as `caller/called`. */
  readonly jobs: Readonly<Record<string, PlayedJob>>
  /** Values of contexts, for the outputs of a called workflow. */
  readonly contexts: Contexts
}

/** The step of a job that has this ID. */
export const stepOf = (job: PlayedJob | undefined, id: string): PlayedStep | undefined =>
  job?.played.find((step) => step.id === id)

/** The summary page of a job, as GitHub shows it. */
export const summaryOf = (job: PlayedJob | undefined): string =>
  (job?.played ?? []).map(({ summary }) => summary).join('')

export const jobThat = (some: Partial<PlayedJob> & Pick<PlayedJob, 'name' | 'result'>): PlayedJob => ({
  outputs: {},
  runsOn: null,
  steps: [],
  played: [],
  problems: [],
  grants: {},
  ...some,
})
