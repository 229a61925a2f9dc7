import type { Contexts } from '../file/expression.ts'
import type { RegisteredRun } from './run-register.ts'
import type { AssignedRunner } from './runners.ts'

/** The machine of one job: it does the steps one after another, and keeps what they leave. */
export interface Machine {
  /** The digest of the files in the workspace that match; empty if none does. */
  hashFiles(patterns: readonly string[]): string
  use(call: ActionCall): Promise<StepLeft>
  shell(call: ShellCall): Promise<StepLeft>
  /** Ends the job: runs what actions left to be done after it, the last one first, if it is to be run. */
  close(runsPosts: boolean): Promise<readonly StepLeft[]>
}

export type MachineFor = (job: MachineJob) => Promise<Machine>

/** The facts of a job that its machine is told. */
export interface MachineJob {
  readonly id: string
  readonly run: RegisteredRun
  readonly repository: string
  readonly workflow: string
  readonly runner: AssignedRunner
  readonly token: string
  /** The context `github` of the job. */
  readonly github: Contexts
  /** Aborted when the run is cancelled. */
  readonly cancelled: AbortSignal
}

/** The action of a step: in a repository at a ref, or in the workspace. */
export type ActionReference =
  | { readonly kind: 'repository'; readonly repository: string; readonly path: string; readonly ref: string }
  | { readonly kind: 'workspace'; readonly path: string }

export interface ActionCall {
  /** The text after `uses:`. */
  readonly uses: string
  readonly action: ActionReference
  readonly with: Readonly<Record<string, string>>
  readonly env: Readonly<Record<string, string>>
  /** The contexts at this step, for defaults of inputs and for composite actions. */
  readonly contexts: Contexts
}

export interface ShellCall {
  readonly run: string
  readonly shell: string
  readonly workingDirectory: string
  readonly env: Readonly<Record<string, string>>
}

export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice'
  readonly message: string
}

/** Everything that a step leaves. */
export interface StepLeft {
  readonly conclusion: 'success' | 'failure' | 'cancelled'
  readonly outputs: Readonly<Record<string, string>>
  /** Variables and folders of the path for the steps after it. */
  readonly env: Readonly<Record<string, string>>
  readonly path: readonly string[]
  readonly masks: readonly string[]
  readonly annotations: readonly Annotation[]
  readonly summary: string
  readonly log: readonly string[]
}

const nothingLeft: StepLeft = {
  conclusion: 'success',
  outputs: {},
  env: {},
  path: [],
  masks: [],
  annotations: [],
  summary: '',
  log: [],
}

/** The end of a step that leaves only this. */
export const ended = (some: Partial<StepLeft> = {}): StepLeft => ({ ...nothingLeft, ...some })

export const failedWith = (message: string): StepLeft =>
  ended({ conclusion: 'failure', annotations: [{ level: 'error', message }] })
