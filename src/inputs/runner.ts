import { readFileSync } from 'node:fs'
import { Problem } from '../domain/problem.ts'
import type { Run } from '../domain/release/release.ts'

/** The runner's facts about this run. */
export interface Runner {
  readonly repository: string
  readonly apiUrl: string
  readonly serverUrl: string
  readonly run: Run
  /** The workflow of the run, as `owner/name/path@ref`; null where the runner does not say. */
  readonly workflow: string | null
  /** The actors who started the run and started it again, each once. */
  readonly by: readonly string[]
  /** The actor now: on a re-run the person who started it again. */
  readonly actor: string
  readonly workspace: string
  readonly temp: string | null
}

/** `forks`: true for a command that may run for a pull request from a fork. */
export function readRunner(env: NodeJS.ProcessEnv, { forks = false } = {}): Runner {
  const take = (name: string): string => {
    const value = env[name]
    if (value !== undefined && value !== '') return value
    throw new Problem('input-invalid', {
      what: `${name} is not set.`,
      why: 'Rollgate runs as a step of a GitHub workflow, where the runner sets it.',
      next: 'Run it in a workflow; to try it here use "npm run try".',
    })
  }
  if (!forks) refuseForks(env)
  const serverUrl = env.GITHUB_SERVER_URL ?? 'https://github.com'
  const repository = take('GITHUB_REPOSITORY')
  const id = Number(take('GITHUB_RUN_ID'))
  const attempt = Number(env.GITHUB_RUN_ATTEMPT ?? '1')
  const first = take('GITHUB_ACTOR')
  const actor = env.GITHUB_TRIGGERING_ACTOR || first
  return {
    repository,
    apiUrl: env.GITHUB_API_URL ?? 'https://api.github.com',
    serverUrl,
    run: { id, attempt, url: `${serverUrl}/${repository}/actions/runs/${id}/attempts/${attempt}` },
    workflow: env.GITHUB_WORKFLOW_REF || null,
    by: [...new Set([first, actor])],
    actor,
    workspace: env.GITHUB_WORKSPACE ?? process.cwd(),
    temp: env.RUNNER_TEMP ?? null,
  }
}

/** A pull request from a fork brings its own code: it must never act on an environment. */
function refuseForks(env: NodeJS.ProcessEnv): void {
  if (!env.GITHUB_EVENT_NAME?.startsWith('pull_request') || env.GITHUB_EVENT_PATH === undefined) return
  const event: { pull_request?: { head?: { repo?: { full_name?: string } | null } } } = JSON.parse(
    readFileSync(env.GITHUB_EVENT_PATH, 'utf8'),
  )
  const head = event.pull_request?.head
  if (head === undefined || head.repo?.full_name === env.GITHUB_REPOSITORY) return
  throw new Problem('fork-refused', {
    what: `This run is for a pull request from ${head.repo?.full_name ?? 'a deleted fork'}.`,
    why: 'The workflow and the config of a fork are written by people who may not deploy.',
    next: 'Merge first, tag the merge, and deploy the tag.',
  })
}
