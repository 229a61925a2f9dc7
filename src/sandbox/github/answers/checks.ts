import { pageOf } from '../paging.ts'
import { type Call, ok, param, Refusal } from '../reply.ts'
import { nodeId, type Site } from '../site.ts'
import { isoSeconds } from '../store/commits.ts'
import { resolveCommit } from '../store/history.ts'
import type { CommitState, CommitStatuses } from './commit-statuses.ts'
import type { People } from './people.ts'
import { minimalRepository } from './repository.ts'

export interface CheckRun {
  readonly name: string
  readonly status: 'queued' | 'in_progress' | 'completed'
  readonly conclusion: 'success' | 'failure' | 'neutral' | 'cancelled' | 'skipped' | 'timed_out' | null
  /** The run of a workflow that it is a job of. */
  readonly run: number
}

/** The check runs of commits, as apps make them; GitHub Actions makes one for each job. */
export interface CheckRuns {
  /** Adds one: a check that is run again is there twice, and the newer counts. */
  add(sha: string, name: string, run?: Partial<Omit<CheckRun, 'name'>>): void
  of(sha: string): readonly (CheckRun & { readonly id: number })[]
}

export function checkRuns(): CheckRuns {
  const bySha = new Map<string, (CheckRun & { id: number })[]>()
  let ids = 0
  return {
    add(sha, name, { status = 'completed', conclusion = 'success', run = 1 } = {}) {
      const ended = status === 'completed' ? conclusion : null
      const added = { id: ++ids, name, status, conclusion: ended, run }
      bySha.set(sha, [...(bySha.get(sha) ?? []), added])
    },
    of: (sha) => bySha.get(sha) ?? [],
  }
}

export function checkAnswers(site: Site, people: People, statuses: CommitStatuses, runs: CheckRuns) {
  const commit = async (call: Call): Promise<string> => {
    const sha = await resolveCommit(site.git, param(call, 'ref'))
    if (sha === undefined) throw new Refusal(422, `No commit found for SHA: ${param(call, 'ref')}`)
    return sha
  }
  return {
    'repos/get-combined-status-for-ref': async (call: Call) => {
      const sha = await commit(call)
      const all = [...statuses.of(sha)]
      const { items } = pageOf(call, all)
      return ok({
        state: combined(all.map(([, state]) => state)),
        sha,
        total_count: all.length,
        statuses: items.map(([context, state], at) => statusBody(site, sha, context, state, at)),
        repository: minimalRepository(site, people),
        commit_url: site.repoApi(`commits/${sha}`),
        url: site.repoApi(`commits/${sha}/status`),
      })
    },
    'checks/list-for-ref': async (call: Call) => {
      const sha = await commit(call)
      const all = runs.of(sha).toReversed()
      const { items } = pageOf(call, all)
      return ok({ total_count: all.length, check_runs: items.map((run) => checkRunBody(site, sha, run)) })
    },
  }
}

/** GitHub calls a commit without any state pending. */
function combined(states: readonly CommitState[]): 'failure' | 'pending' | 'success' {
  if (states.some((state) => state === 'failure' || state === 'error')) return 'failure'
  return states.length > 0 && states.every((state) => state === 'success') ? 'success' : 'pending'
}

function statusBody(site: Site, sha: string, context: string, state: CommitState, at: number) {
  const now = isoSeconds(site.clock())
  return {
    id: at + 1,
    node_id: nodeId('StatusContext', `${sha}:${context}`),
    context,
    state,
    description: null,
    target_url: null,
    avatar_url: null,
    url: site.repoApi(`statuses/${sha}`),
    created_at: now,
    updated_at: now,
  }
}

function checkRunBody(
  site: Site,
  sha: string,
  { id, name, status, conclusion, run }: ReturnType<CheckRuns['of']>[number],
) {
  const url = site.repoApi(`check-runs/${id}`)
  const page = site.page(`actions/runs/${run}/job/${id}`)
  const now = isoSeconds(site.clock())
  return {
    id,
    node_id: nodeId('CheckRun', id),
    external_id: String(id),
    name,
    head_sha: sha,
    status,
    conclusion,
    started_at: now,
    completed_at: status === 'completed' ? now : null,
    url,
    html_url: page,
    details_url: page,
    check_suite: { id: run },
    output: {
      title: null,
      summary: null,
      text: null,
      annotations_count: 0,
      annotations_url: `${url}/annotations`,
    },
    app: null,
    pull_requests: [],
  }
}
