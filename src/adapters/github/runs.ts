import { mapped, type Reading } from '../../domain/reading.ts'
import type { Approval, Reviews, RunState } from '../../pipeline/ports.ts'
import { find, look } from './answer.ts'
import type { GitHub } from './connection.ts'

/**
 * A run is over when it is completed, or when a later attempt than `attempt` has begun. A 404 tells nothing: the run may
 * have been deleted, or the token may not see it.
 */
export async function runState(github: GitHub, run: number, attempt: number): Promise<RunState> {
  const asking = { doing: `read the run ${run}`, needs: 'actions: read' } as const
  const found = await find(asking, github.rest.actions.getWorkflowRun({ ...github.place, run_id: run }))
  if (found === null) return 'unknown'
  return found.status !== 'completed' && (found.run_attempt ?? 1) <= attempt ? 'live' : 'over'
}

/** Reads the approvals of all attempts of the run: GitHub tells neither the attempt nor the time. */
export async function approvals(github: GitHub, run: number, environment: string): Promise<Reading<Reviews>> {
  const reading = await look(
    github,
    { doing: `read the approvals of the run ${run}`, needs: 'actions: read' },
    github.rest.actions.getReviewsForRun({ ...github.place, run_id: run }),
  )
  return mapped(reading, (reviews) => {
    const here = reviews.filter(({ environments }) =>
      environments.some(({ name }) => same(name, environment)),
    )
    const inState = (wanted: string): Approval[] =>
      here.filter(({ state }) => state === wanted).map(({ user, comment }) => ({ by: user.login, comment }))
    return { approved: inState('approved'), rejected: inState('rejected') }
  })
}

/** Names of environments have no case at GitHub. */
const same = (name: string | undefined, other: string) => name?.toLowerCase() === other.toLowerCase()
