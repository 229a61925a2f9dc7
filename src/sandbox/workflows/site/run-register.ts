import type { ReviewVerdict } from './gate-keeper.ts'

export type RunConclusion = 'success' | 'failure' | 'cancelled' | 'startup_failure'

/** The pages of GitHub that show the runs of a repository: their state, who approved, and deployments. */
export interface RunRegister {
  begin(run: RegisteredRun): void
  waitFor(run: number, environments: readonly string[]): void
  reviewed(run: number, environment: string, verdict: ReviewVerdict): void
  /** The Deployment that GitHub itself makes for a job that names an environment. */
  deployed(run: RegisteredRun, environment: string): void
  end(run: number, conclusion: RunConclusion): void
}

export interface RegisteredRun {
  readonly id: number
  readonly attempt: number
  readonly workflow: string
  readonly event: string
  /** The short name of the branch or tag. */
  readonly branch: string
  readonly sha: string
  readonly actor: string
  readonly triggeringActor: string
}

/** A register that is not shown to anyone. */
export const noRegister: RunRegister = {
  begin: () => {},
  waitFor: () => {},
  reviewed: () => {},
  deployed: () => {},
  end: () => {},
}
