import type { Site } from '../site.ts'
import { isoSeconds } from '../store/commits.ts'

export interface WorkflowRun {
  readonly id: number
  /** The run's number within its workflow. */
  readonly number: number
  readonly attempt: number
  readonly status: 'queued' | 'in_progress' | 'completed' | 'waiting' | 'pending' | 'requested'
  readonly conclusion: 'success' | 'failure' | 'cancelled' | 'timed_out' | 'skipped' | 'neutral' | null
  readonly actor: string
  /** The actor who started this attempt, if it is another one. */
  readonly triggeringActor?: string
  readonly event: string
  /** Branch or tag the run was started on. */
  readonly branch: string
  /** The branch's tip where it is left out. */
  readonly sha?: string
  /** File name below `.github/workflows`. */
  readonly workflow: string
  /** Environments whose protection rules hold a job of this run. */
  readonly waitingFor: readonly string[]
  /** Inputs of a dispatched run. */
  readonly inputs?: Readonly<Record<string, unknown>>
  readonly createdAt: string
}

/** The fields of a run that a test sets; others keep their value or get a default. */
export type RunChange = Partial<WorkflowRun> & { readonly id: number }

export interface RunApproval {
  readonly environment: string
  readonly user: string
  readonly comment?: string
  readonly state?: 'approved' | 'rejected' | 'pending'
}

/** GitHub's list of reviews shows neither the attempt nor the time. */
export interface StoredReview extends RunApproval {
  readonly attempt: number
  readonly at: string
}

export interface WorkflowRuns {
  readonly all: readonly WorkflowRun[]
  set(change: RunChange): WorkflowRun
  find(id: number): WorkflowRun | undefined
  /** Starts a run with a new ID. */
  start(change: Omit<RunChange, 'id'>): WorkflowRun
  addReview(run: number, review: RunApproval): void
  /** Oldest first. */
  reviews(run: number): readonly StoredReview[]
}

const firstDispatchedId = 9001

export function workflowRuns(site: Site): WorkflowRuns {
  const runs = new Map<number, WorkflowRun>()
  const reviews: { run: number; review: StoredReview }[] = []

  const set = (change: RunChange): WorkflowRun => {
    const earlier = runs.get(change.id) ?? standardRun(site, runs.size + 1)
    const waits = (change.waitingFor?.length ?? 0) > 0 && site.inForce('waiting-is-a-status')
    const run = { ...earlier, ...(waits ? { status: 'waiting' as const } : {}), ...change }
    runs.set(run.id, run)
    return run
  }
  return {
    get all() {
      return [...runs.values()]
    },
    set,
    find: (id) => runs.get(id),
    start: (change) => set({ ...change, id: Math.max(firstDispatchedId - 1, ...runs.keys()) + 1 }),
    addReview(run, review) {
      const attempt = runs.get(run)?.attempt ?? 1
      reviews.push({ run, review: { ...review, attempt, at: isoSeconds(site.clock()) } })
    },
    reviews: (run) => reviews.filter((each) => each.run === run).map(({ review }) => review),
  }
}

function standardRun(site: Site, number: number): Omit<WorkflowRun, 'id'> {
  return {
    number,
    attempt: 1,
    status: 'in_progress',
    conclusion: null,
    actor: 'ada',
    event: 'workflow_dispatch',
    branch: site.repository.defaultBranch,
    workflow: 'deploy.yml',
    waitingFor: [],
    createdAt: isoSeconds(site.clock()),
  }
}
