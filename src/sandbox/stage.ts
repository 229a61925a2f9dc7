import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Quirk, type ReleaseVariation, shopRelease } from './fleet/releases.ts'
import { openShop, type Shop } from './fleet/shop.ts'
import { type SandboxGitHub, startGitHub } from './github/github.ts'
import {
  type EndedProcess,
  type PhaseEnded,
  type RunFacts,
  type StepRun,
  startMain,
  startPost,
} from './runner/runner.ts'
import { cloneShared } from './runner/shared-clone.ts'
import { type ConfigVariation, shopPolicy, shopRecipe } from './shop-config.ts'
import { type ActionsOptions, openActions, type SandboxActions } from './workflows/actions.ts'

/** Everything a deployment needs, on one machine: GitHub, a shop that serves, and a runner for the bundle. */
export interface Stage extends AsyncDisposable {
  readonly folder: string
  readonly github: SandboxGitHub
  readonly shop: Shop
  /** Main and post of every job, in the order in which they ended. */
  readonly told: readonly EndedProcess[]
  /** Commits a future release of the shop, without a tag. Returns its SHA. */
  commit(message: string, variation?: ReleaseVariation & { config?: ConfigVariation }): Promise<string>
  /** Commits a release of the shop and tags it. Answers its SHA. */
  release(tag: string, variation?: ReleaseVariation & { config?: ConfigVariation }): Promise<string>
  /** Sets the policy on the default branch. */
  policy(variation: ConfigVariation): Promise<void>
  /** GitHub Actions of the shop's repository: runs its workflows as they are committed, on a machine of the shop. */
  actions(options?: Partial<ActionsOptions>): SandboxActions
  /** A run of a workflow, by the person who starts it. */
  run(actor: string, again?: { of: JobRun; by?: string }): JobRun
  close(): Promise<void>
}

/** A run of a workflow, or another attempt of it. Each of its jobs has a workspace of its own. */
export interface JobRun {
  readonly facts: RunFacts
  /** Has a reviewer approve the environment, as the job that names it waits for. */
  approve(by: string, comment?: string): void
  /** Does main and post of one command, and answers both. */
  job(inputs: JobInputs, options?: JobOptions): Promise<Job>
  /** Starts main only; the caller ends it, and starts post. */
  start(inputs: JobInputs, options?: JobOptions): Promise<StartedJob>
  /** Ends the run, as GitHub then shows it. */
  end(conclusion?: 'success' | 'failure' | 'cancelled'): void
}

export type JobInputs = Readonly<Record<string, string>> & { readonly command: string }

export interface JobOptions {
  /** The commit to check out; by default that of the input `release`, else of the default branch. */
  readonly sha?: string
  readonly env?: Readonly<Record<string, string>>
  readonly hear?: (line: string) => void
  readonly token?: string
  /** Called with the workspace once the release is checked out, before main starts. */
  readonly arrange?: (workspace: string) => void
}

export interface Job {
  readonly main: EndedProcess
  readonly post: EndedProcess
}

export interface StartedJob extends PhaseEnded {
  post(main: EndedProcess): Promise<EndedProcess>
}

export interface StageOptions {
  readonly folder: string
  readonly instances?: number
  /** Each instance has two slots, and changes with `order: start-first`. */
  readonly slots?: boolean
  /** The number of instances of the stand-in; none by default. */
  readonly standIn?: number
  /** Both sides work on one database, and visitors move from one to the other. */
  readonly blueGreen?: boolean
  /** With blue-green: each side has a database of its own. */
  readonly ownDatabases?: boolean
  readonly jobs?: { readonly every: number; readonly last: number }
  readonly config?: ConfigVariation
  /** The reviewers of the environments at GitHub. */
  readonly reviewers?: readonly string[]
}

const git = promisify(execFile)

/** Jobs that only read or note check nothing out, and the gate comes before the checkout. */
const withoutCheckout = new Set(['plan', 'look', 'note', 'gate'])

export async function openStage(options: StageOptions): Promise<Stage> {
  const folder = mkdtempSync(join(options.folder, 'stage-'))
  let runs = 100
  // The runs of a story follow each other within seconds; at GitHub they would lie hours apart.
  const limitsClock = () => new Date(Date.now() + runs * 3_600_000)
  const github = await startGitHub({ folder, repository: 'acme/shop', limitsClock })
  const shop = await openShop({
    folder,
    instances: options.instances ?? 3,
    slots: options.slots ?? false,
    standIn: options.standIn ?? 0,
    blueGreen: options.blueGreen ?? false,
    ownDatabases: options.ownDatabases ?? false,
    ...(options.jobs === undefined ? {} : { jobs: options.jobs }),
  })
  const token = github.token('github-actions[bot]', {
    contents: 'write',
    deployments: 'write',
    actions: 'read',
  })
  const users = options.reviewers ?? ['rhea']
  for (const environment of ['production', 'staging'])
    github.environment(environment, users.length === 0 ? {} : { reviewers: { users } })
  const newRun = (): number => {
    runs += 1
    return runs
  }

  const told: EndedProcess[] = []
  const tell = (ended: EndedProcess): EndedProcess => {
    told.push(ended)
    return ended
  }

  const policy = async (variation: ConfigVariation): Promise<void> => {
    const files = { '.github/rollgate.yml': shopPolicy(shop, { ...options.config, ...variation }) }
    await github.commit('main', files, 'Set the policy')
  }
  await policy({})

  async function workspaceFor(sha: string | null): Promise<string> {
    const workspace = mkdtempSync(join(folder, 'workspace-'))
    cloneShared(github.gitDir, workspace)
    await git('git', ['-C', workspace, 'checkout', '--quiet', '--detach', sha ?? 'origin/main'])
    return workspace
  }

  function openRun(facts: RunFacts): JobRun {
    const base = { id: facts.id, attempt: facts.attempt, actor: facts.actor } as const
    github.run({ ...base, status: 'in_progress', triggeringActor: facts.triggeringActor })

    async function stepFor(inputs: JobInputs, jobOptions: JobOptions): Promise<StepRun> {
      const tag = inputs.release === undefined ? null : `refs/tags/${inputs.release}`
      const workspace = withoutCheckout.has(inputs.command)
        ? mkdtempSync(join(folder, 'workspace-'))
        : await workspaceFor(jobOptions.sha ?? tag)
      jobOptions.arrange?.(workspace)
      const temp = mkdtempSync(join(folder, 'temp-'))
      mkdirSync(temp, { recursive: true })
      return {
        inputs: { environment: 'production', token: jobOptions.token ?? token, ...inputs },
        env: { ...shop.env, ...jobOptions.env },
        run: facts,
        workspace,
        temp,
      }
    }

    const start = async (inputs: JobInputs, jobOptions: JobOptions = {}): Promise<StartedJob> => {
      const step = await stepFor(inputs, jobOptions)
      const main = startMain(step, jobOptions.hear)
      return {
        ...main,
        ended: main.ended.then(tell),
        post: (main) => startPost(step, main, jobOptions.hear).ended.then(tell),
      }
    }

    return {
      facts,
      approve: (user, comment = '') =>
        github.approve(facts.id, { environment: 'production', user, comment, state: 'approved' }),
      start,
      async job(inputs, jobOptions) {
        const started = await start(inputs, jobOptions)
        const main = await started.ended
        return { main, post: await started.post(main) }
      },
      end: (conclusion = 'success') => void github.run({ ...base, status: 'completed', conclusion }),
    }
  }

  async function commit(
    message: string,
    { config, ...variation }: Parameters<Stage['commit']>[1] = {},
    tag?: string,
  ): Promise<string> {
    const files = {
      ...shopRelease(variation),
      '.github/rollgate.yml': shopRecipe(shop, { ...options.config, ...config }),
    }
    return github.commit('main', files, message, tag === undefined ? {} : { tag })
  }

  const close = async (): Promise<void> => {
    await shop.close()
    await github.stop()
    await rm(folder, { recursive: true, force: true })
  }

  return {
    folder,
    github,
    shop,
    told,
    policy,
    commit: (message, variation) => commit(message, variation),
    release: (tag, variation) => commit(`Release ${tag}`, variation, tag),
    actions: (own = {}) =>
      openActions(github, {
        folder: mkdtempSync(join(folder, 'jobs-')),
        environments: { production: { reviewers: users }, staging: { reviewers: users } },
        ...{ env: shop.env, tell, ...own },
      }),
    run(actor, again) {
      const facts = {
        apiUrl: github.url,
        repository: 'acme/shop',
        id: again?.of.facts.id ?? newRun(),
        attempt: (again?.of.facts.attempt ?? 0) + 1,
        actor: again?.of.facts.actor ?? actor,
        triggeringActor: again?.by ?? actor,
      }
      return openRun(facts)
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

export type { Quirk }
