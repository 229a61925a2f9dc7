import { execFileSync } from 'node:child_process'
import type { SandboxGitHub } from '../github/github.ts'
import type { Permissions } from '../github/tokens.ts'
import { inForce, type RulesOff } from '../rules/in-force.ts'
import { type ForeignAction, jobMachine } from '../runner/job-machine.ts'
import type { EndedProcess } from '../runner/runner.ts'
import { githubsPace } from '../runner/step-process.ts'
import { concurrencyGroups } from './run/concurrency.ts'
import { rerunOf } from './run/rerun.ts'
import { type StartedRun, startRun } from './run/run.ts'
import type { PlayedRun, RunEvent } from './run/run-start.ts'
import { type ActionsSite, noValues, type StoredValues } from './site/actions-site.ts'
import { type GateKeeper, gateKeeper, type Protection, unprotected } from './site/gate-keeper.ts'
import type { Grants } from './site/grants.ts'
import { anyLabel, newestRunner, type Runners } from './site/runners.ts'
import { registerAt } from './site/site-register.ts'
import { folderRepository, gitRepository, ownerOf, type SourceRepository } from './site/source-repository.ts'

export interface ActionsOptions {
  /** Workspaces and temporary folders of jobs are made here. */
  readonly folder: string
  /** The environments of the repository; GitHub's API shows them. */
  readonly environments: Readonly<Record<string, Partial<Protection>>>
  readonly secrets?: Partial<StoredValues>
  readonly variables?: Partial<StoredValues>
  /** By default the owner has a machine that takes every label. */
  readonly runners?: Runners
  /** The variables of that machine. */
  readonly env?: Readonly<Record<string, string>>
  /** The answer of the reviewers; by default the first reviewer that may approves. Null: no one answers. */
  readonly review?: GateKeeper['review']
  /** Actions of others by `owner/name`, besides `actions/checkout`; by default they do nothing and succeed. */
  readonly foreign?: Readonly<Record<string, ForeignAction>>
  /** Repositories with workflows to call. Rollgate itself is there. */
  readonly repositories?: Readonly<Record<string, SourceRepository>>
  readonly rules?: RulesOff
  /** Hears the lines of every log as they come. */
  readonly hear?: (line: string) => void
  /** Told of each main and post that has ended. */
  readonly tell?: (ended: EndedProcess) => void
}

export interface StartedBy {
  readonly actor?: string
  /** `refs/heads/main` by default. */
  readonly ref?: string
}

/** GitHub Actions of a sandbox's repository: its workflows as they are committed there, with the bundle that ships. */
export interface SandboxActions {
  readonly site: ActionsSite
  /** Fills in the form of a workflow: `dispatch('rollgate.yml', { do: 'deploy', … })`. */
  dispatch(workflow: string, inputs: Readonly<Record<string, unknown>>, by?: StartedBy): Promise<PlayedRun>
  /** Starts a workflow as its schedule does, and waits for its end. */
  schedule(workflow: string): Promise<PlayedRun>
  /** Starts a run for an event and does not wait for its end. */
  start(workflow: string, event: RunEvent, by?: StartedBy): StartedRun
  rerun(run: PlayedRun, which: 'all' | 'failed', by: string): Promise<PlayedRun>
}

const project = new URL('../../../', import.meta.url).pathname
const rollgate = 'rollgate/rollgate'
const firstRun = 3001

/** Opens GitHub Actions over a sandbox's GitHub. Each run shows there, with its approvals. */
export function openActions(github: SandboxGitHub, options: ActionsOptions): SandboxActions {
  const site = siteOf(github, options)
  let runs = firstRun - 1
  const start = (
    workflow: string,
    event: RunEvent,
    { actor = 'dora', ref = 'refs/heads/main' }: StartedBy = {},
  ) => {
    runs += 1
    return startRun(site, {
      ...{ id: runs, attempt: 1, repository: github.repository, workflow: `.github/workflows/${workflow}` },
      ...{ event, ref, sha: commitOf(github.gitDir, ref), actor, triggeringActor: actor, kept: {} },
    })
  }
  return {
    site,
    start,
    dispatch: (workflow, inputs, by) => start(workflow, { name: 'workflow_dispatch', inputs }, by).ended,
    schedule: (workflow) =>
      start(workflow, { name: 'schedule', cron: '*/5 * * * *' }, { actor: 'github-actions[bot]' }).ended,
    rerun: (run, which, by) => startRun(site, rerunOf(run, which, by, site.inForce)).ended,
  }
}

const commitOf = (gitDir: string, ref: string): string =>
  execFileSync('git', ['--git-dir', gitDir, 'rev-parse', `${ref}^{commit}`], { encoding: 'utf8' }).trim()

function siteOf(github: SandboxGitHub, options: ActionsOptions): ActionsSite {
  const kept = inForce(options.rules)
  const owner = ownerOf(github.repository)
  return {
    inForce: kept,
    product: 'github.com',
    repositories: {
      [github.repository]: gitRepository(github.repository, github.gitDir),
      [rollgate]: folderRepository(rollgate, project),
      ...options.repositories,
    },
    defaultBranch: 'main',
    runners: options.runners ?? {
      hosted: newestRunner,
      selfHosted: [{ owner, labels: [anyLabel], version: newestRunner }],
    },
    secrets: { ...noValues, ...options.secrets },
    variables: { ...noValues, ...options.variables },
    gates: gatesOf(github, options),
    groups: concurrencyGroups(kept),
    register: registerAt(github),
    token: (grants) => github.token('github-actions[bot]', permissionsOf(grants)),
    machine: jobMachine({
      ...{
        folder: options.folder,
        apiUrl: github.url,
        gitDir: github.gitDir,
        inForce: kept,
        pace: githubsPace,
      },
      ...{ actions: { [rollgate]: project }, foreign: options.foreign ?? {} },
      ...{ env: options.env ?? {}, hear: options.hear ?? (() => {}), tell: options.tell ?? (() => {}) },
    }),
    github: {},
  }
}

/** The environments, which GitHub's API shows as well; also those that a run creates. */
function gatesOf(github: SandboxGitHub, { environments, review }: ActionsOptions): GateKeeper {
  const protections = Object.fromEntries(
    Object.entries(environments).map(([name, some]): [string, Protection] => [
      name,
      { ...unprotected, ...some },
    ]),
  )
  for (const [name, { reviewers, preventSelfReview }] of Object.entries(protections))
    github.environment(
      name,
      reviewers.length === 0 ? {} : { reviewers: { users: reviewers }, preventSelfReview },
    )
  const first: GateKeeper['review'] = async (_waiting, environment) => {
    const [by] = gates.find(environment)?.reviewers ?? []
    return by === undefined ? null : { by, state: 'approved' }
  }
  const gates = gateKeeper(protections, review ?? first)
  return {
    ...gates,
    create(name) {
      gates.create(name)
      github.environment(name)
    },
  }
}

/** The grants as the sandbox's GitHub knows them. */
const permissionsOf = (grants: Grants): Permissions =>
  Object.fromEntries(Object.entries(grants).filter(([, grant]) => grant !== 'none')) as Permissions
