import { Problem } from '../../domain/problem.ts'
import { areAlike, type Report, standingReports } from '../../domain/release/check-reports.ts'
import type { Check } from '../../domain/release/checks.ts'
import { ask } from './answer.ts'
import type { GitHub } from './connection.ts'
import { everyPage } from './pages.ts'

/** Reads every status of a commit, and its check runs without the ones that ran again. */
export async function checksOf(github: GitHub, commit: string): Promise<Check[]> {
  const statuses = await statusesOf(github, commit)
  const reports = await reportsOf(github, commit)
  const told = areAlike(reports) ? await withRuns(github, commit, reports) : reports
  return [...statuses, ...standingReports(told)]
}

async function statusesOf(github: GitHub, commit: string): Promise<Check[]> {
  const doing = { doing: `read the statuses of ${commit}`, needs: 'statuses: read' } as const
  const statuses = await everyOne('statuses', commit, async (page) => {
    const asked = { ...github.place, ref: commit, per_page: 100, page }
    const answer = await ask(doing, github.rest.repos.getCombinedStatusForRef(asked))
    return { total: answer.total_count, these: answer.statuses }
  })
  return statuses.map(({ context, state }) => {
    const ended = state === 'success' ? 'green' : 'red'
    return { name: context, state: state === 'pending' ? 'pending' : ended, run: null }
  })
}

async function reportsOf(github: GitHub, commit: string): Promise<Report[]> {
  const doing = { doing: `read the checks of ${commit}`, needs: 'checks: read' } as const
  const runs = await everyOne('checks', commit, async (page) => {
    const asked = { ...github.place, ref: commit, per_page: 100, page }
    const answer = await ask(doing, github.rest.checks.listForRef(asked))
    return { total: answer.total_count, these: answer.check_runs }
  })
  return runs.map(({ id, name, status, conclusion, details_url: page, app }) => ({
    id,
    name,
    state: status === 'completed' ? judged(conclusion) : 'pending',
    run: runOf(page),
    app: app?.slug ?? null,
    workflow: null,
    attempts: null,
  }))
}

/** Reads every page of a list, and refuses one with fewer entries than GitHub counts. */
async function everyOne<One>(
  what: string,
  commit: string,
  read: (page: number) => Promise<{ readonly total: number; readonly these: One[] }>,
): Promise<One[]> {
  let wanted = 0
  const all = await everyPage(async (page) => {
    const { total, these } = await read(page)
    wanted = total
    return these
  })
  requireAll(what, commit, all.length, wanted)
  return all
}

/** A list that was cut proves nothing about the rest: one of them may be red. */
function requireAll(what: string, commit: string, read: number, wanted: number): void {
  if (read >= wanted) return
  throw new Problem('checks-not-green', {
    what: `Only ${read} of the ${wanted} ${what} of ${commit} could be read.`,
    why: 'One of the others may have failed, and a commit is green only when every check of it is known to be. Nothing was created.',
    next: 'Run it again; if the commit really has so many, release another commit.',
  })
}

/** Asked only where two checks have one name. Where GitHub does not tell, they stay apart and both count. */
async function withRuns(github: GitHub, commit: string, reports: readonly Report[]): Promise<Report[]> {
  const asked = { ...github.place, head_sha: commit, per_page: 100 }
  const runs = await everyPage(
    async (page) =>
      (await github.rest.actions.listWorkflowRunsForRepo({ ...asked, page })).data.workflow_runs,
  ).catch(() => [])
  const known = new Map(runs.map((run) => [run.id, run]))
  return reports.map((report) => {
    const run = known.get(report.run ?? -1)
    if (run === undefined) return report
    const [file = ''] = run.path.split('@')
    return { ...report, workflow: `${file} ${run.event}`, attempts: run.run_attempt ?? null }
  })
}

/** Judges as GitHub does for a required check: skipped and neutral checks pass. */
const judged = (conclusion: string | null): Check['state'] =>
  conclusion === 'success' || conclusion === 'neutral' || conclusion === 'skipped' ? 'green' : 'red'

function runOf(page: string | null): number | null {
  const [, run] = /\/actions\/runs\/(\d+)/.exec(page ?? '') ?? []
  return run === undefined ? null : Number(run)
}
