import { paged } from '../paging.ts'
import { type Call, notFound, numberParam, ok } from '../reply.ts'
import { nodeId, type Site } from '../site.ts'
import { isoSeconds, readCommit } from '../store/commits.ts'
import { resolveCommit } from '../store/history.ts'
import type { People } from './people.ts'
import { minimalRepository } from './repository.ts'
import type { WorkflowRun, WorkflowRuns } from './workflow-runs.ts'

export function runAnswers(site: Site, people: People, runs: WorkflowRuns) {
  return {
    'actions/get-workflow-run': async (call: Call) => ok(await runBody(site, people, askedRun(runs, call))),
    'actions/list-workflow-runs-for-repo': async (call: Call) => {
      requireKnownFilters(call)
      const matching = runs.all.filter((run) => isAskedFor(call, run)).toSorted((a, b) => b.id - a.id)
      const bodies = await Promise.all(matching.map((run) => runBody(site, people, run)))
      return paged(call, bodies, (items) => ({ total_count: bodies.length, workflow_runs: items }))
    },
  }
}

export function askedRun(runs: WorkflowRuns, call: Call): WorkflowRun {
  const run = runs.find(numberParam(call, 'run_id'))
  if (run === undefined) throw notFound()
  return run
}

/** An ignored filter would silently give a wrong list. */
function requireKnownFilters(call: Call): void {
  const missing = ['created', 'check_suite_id'].filter((filter) => filter in call.query)
  if (missing.length > 0) throw new Error(`the sandbox does not filter runs by ${missing.join()}`)
}

/** GitHub's `status` filter takes conclusions too. */
function isAskedFor(call: Call, run: WorkflowRun): boolean {
  const { actor, branch, event, status, head_sha: sha } = call.query
  return (
    (actor === undefined || actor === run.actor) &&
    (branch === undefined || branch === run.branch) &&
    (event === undefined || event === run.event) &&
    (sha === undefined || sha === run.sha) &&
    (status === undefined || status === run.status || status === run.conclusion)
  )
}

async function runBody(site: Site, people: People, run: WorkflowRun) {
  const sha = run.sha ?? (await resolveCommit(site.git, run.branch)) ?? ''
  const repository = minimalRepository(site, people)
  return {
    ...runAddresses(site, run),
    id: run.id,
    node_id: nodeId('WorkflowRun', run.id),
    name: run.workflow,
    display_title: run.workflow,
    path: `.github/workflows/${run.workflow}`,
    workflow_id: 1,
    run_number: run.number,
    run_attempt: run.attempt,
    event: run.event,
    status: run.status,
    conclusion: run.conclusion,
    head_branch: run.branch,
    head_sha: sha,
    head_commit: await headCommit(site, sha),
    head_repository: repository,
    repository,
    actor: people.user(run.actor),
    triggering_actor: people.user(run.triggeringActor ?? run.actor),
    pull_requests: [],
    created_at: run.createdAt,
    run_started_at: run.createdAt,
    updated_at: isoSeconds(site.clock()),
  }
}

function runAddresses(site: Site, { id }: WorkflowRun) {
  const url = site.repoApi(`actions/runs/${id}`)
  return {
    url,
    html_url: site.page(`actions/runs/${id}`),
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: site.repoApi(`check-suites/${id}`),
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    workflow_url: site.repoApi('actions/workflows/1'),
  }
}

async function headCommit(site: Site, sha: string) {
  const commit = await readCommit(site.git, sha)
  if (commit === undefined) return null
  const { name, email } = commit.author
  return {
    id: sha,
    tree_id: commit.tree,
    message: commit.message,
    timestamp: commit.committer.date,
    author: { name, email },
    committer: { name: commit.committer.name, email: commit.committer.email },
  }
}
