import type { Check } from '../../domain/checks.ts'
import { ask } from './answer.ts'
import type { GitHub } from './connection.ts'
import { everyPage } from './pages.ts'

/** The newest word of every status and check run of a commit. */
export async function checksOf(github: GitHub, commit: string): Promise<Check[]> {
  const asked = { ...github.place, ref: commit, per_page: 100 }
  const statuses = await everyPage(async (page) => {
    const doing = { doing: `read the statuses of ${commit}`, needs: 'statuses: read' } as const
    return (await ask(doing, github.rest.repos.getCombinedStatusForRef({ ...asked, page }))).statuses
  })
  const runs = await everyPage(async (page) => {
    const doing = { doing: `read the checks of ${commit}`, needs: 'checks: read' } as const
    return (await ask(doing, github.rest.checks.listForRef({ ...asked, page }))).check_runs
  })
  return [
    ...statuses.map(({ context, state }): Check => {
      const ended = state === 'success' ? 'green' : 'red'
      return { name: context, state: state === 'pending' ? 'pending' : ended, run: null }
    }),
    ...newest(runs).map(
      ({ name, status, conclusion, details_url: page }): Check => ({
        name,
        state: status === 'completed' ? judged(conclusion) : 'pending',
        run: runOf(page),
      }),
    ),
  ]
}

interface Numbered {
  readonly id: number
  readonly name: string
  readonly app: { readonly id: number } | null
}

/** Whatever ran again is there twice: once for each run of its workflow. */
function newest<T extends Numbered>(runs: readonly T[]): T[] {
  const found = new Map<string, T>()
  for (const run of runs) {
    const key = `${run.app?.id ?? ''} ${run.name}`
    if ((found.get(key)?.id ?? 0) < run.id) found.set(key, run)
  }
  return [...found.values()]
}

const judged = (conclusion: string | null): Check['state'] =>
  conclusion === 'success' || conclusion === 'neutral' || conclusion === 'skipped' ? 'green' : 'red'

function runOf(page: string | null): number | null {
  const [, run] = /\/actions\/runs\/(\d+)/.exec(page ?? '') ?? []
  return run === undefined ? null : Number(run)
}
