import type { GateKeeper, ReviewVerdict, WaitingJob } from '../site/gate-keeper.ts'

/** The place where jobs of one run wait for reviewers. Jobs that become pending together are asked for together. */
export interface ReviewDesk {
  wait(job: WaitingJob): Promise<ReviewVerdict | null>
}

interface WaitingReview {
  readonly job: WaitingJob
  answer(verdict: ReviewVerdict | null): void
}

/** Calls `ask` once for all that came in the same turn of the event loop, and once an environment. */
export function reviewDesk({ review }: GateKeeper, together: boolean): ReviewDesk {
  let waiting: WaitingReview[] = []
  const ask = async (batch: readonly WaitingReview[]): Promise<void> => {
    const environments = [...new Set(batch.map(({ job }) => job.environment))]
    const jobs = batch.map(({ job }) => job)
    for (const environment of environments) {
      const verdict = await review(jobs, environment)
      for (const { job, answer } of batch) if (job.environment === environment) answer(verdict)
    }
  }
  return {
    wait: (job) =>
      new Promise((answer, fail) => {
        if (!together) {
          ask([{ job, answer }]).catch(fail)
          return
        }
        if (waiting.length === 0)
          setImmediate(() => {
            const batch = waiting
            waiting = []
            ask(batch).catch(fail)
          })
        waiting.push({ job, answer })
      }),
  }
}
