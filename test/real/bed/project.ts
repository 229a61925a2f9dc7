import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { stringify } from 'yaml'
import type { Ledger } from '../../../src/domain/ledger/ledger.ts'
import { type SandboxGitHub, startGitHub } from '../../../src/sandbox/github/github.ts'
import {
  bundle,
  type RunFacts,
  type StepRun,
  startMain,
  startPost,
} from '../../../src/sandbox/runner/runner.ts'
import type { Job, JobInputs, StartedJob } from '../../../src/sandbox/stage.ts'
import type { Service } from './bed.ts'

/** A repository on a GitHub of its own whose releases go to a bed, and a runner for the bundle. */
export interface Project {
  readonly github: SandboxGitHub
  /** Commits and tags a release of the service `web`, with these steps, and services that are rolled after it. */
  release(
    tag: string,
    service: Service,
    steps?: object,
    others?: Readonly<Record<string, Service>>,
  ): Promise<void>
  /** Starts a job in a run of its own, with the release checked out and these variables. */
  start(release: string, inputs: JobInputs, env?: Readonly<Record<string, string>>): Promise<StartedJob>
  /** The same to its end. */
  job(release: string, inputs: JobInputs, env?: Readonly<Record<string, string>>): Promise<Job>
  /** Reads the ledger; null before the first deployment. */
  ledger(): Ledger | null
  close(): Promise<void>
}

const execute = promisify(execFile)

const production = { class: 'production', requires: { approval: false } } as const

/**
 * `top`: further keys of its config. `entry`: another bundle than the one that ships. `options`: those that Node.js starts
 * with; a runner has none.
 */
export async function openProject(
  files: Readonly<Record<string, string>>,
  top: Readonly<Record<string, unknown>> = {},
  entry: string = bundle,
  options?: readonly string[],
): Promise<Project> {
  const folder = mkdtempSync(join(tmpdir(), 'project-'))
  let runs = 100
  // The runs of a test follow each other within seconds; at GitHub they would lie hours apart.
  const limitsClock = () => new Date(Date.now() + runs * 3_600_000)
  const github = await startGitHub({ folder, repository: 'acme/shop', limitsClock })
  const token = github.token('github-actions[bot]', {
    contents: 'write',
    deployments: 'write',
    actions: 'read',
  })
  github.environment('production')
  const configure = (service: Service | null, steps: object = {}, others: object = {}) => ({
    '.github/rollgate.yml': stringify({
      version: 1,
      environments: { production },
      steps,
      ...top,
      ...(service !== null && { services: { web: service, ...others } }),
    }),
  })
  await github.commit('main', configure(null), 'Set the policy')

  const start: Project['start'] = async (release, inputs, env = {}) => {
    runs += 1
    const facts: RunFacts = {
      apiUrl: github.url,
      repository: 'acme/shop',
      id: runs,
      attempt: 1,
      actor: 'dora',
      triggeringActor: 'dora',
    }
    const run = { id: facts.id, attempt: 1, actor: 'dora', triggeringActor: 'dora' } as const
    github.run({ ...run, status: 'in_progress' })
    const step: StepRun = {
      inputs: { environment: 'production', token, ...inputs },
      env,
      run: facts,
      workspace: await checkOut(
        github.gitDir,
        `refs/tags/${release}`,
        mkdtempSync(join(folder, 'workspace-')),
      ),
      temp: mkdtempSync(join(folder, 'temp-')),
    }
    const phase = startMain(step, () => {}, entry, options)
    void phase.ended.then(({ code }) => {
      github.run({ ...run, status: 'completed', conclusion: code === 0 ? 'success' : 'failure' })
    })
    return { ...phase, post: (main) => startPost(step, main, () => {}, entry).ended }
  }

  return {
    github,
    start,
    async release(tag, service, steps, others) {
      await github.commit('main', { ...files, ...configure(service, steps, others) }, `Release ${tag}`, {
        tag,
      })
    },
    async job(release, inputs, env) {
      const started = await start(release, inputs, env)
      const main = await started.ended
      return { main, post: await started.post(main) }
    },
    ledger: () => ledgerIn(github.gitDir),
    async close() {
      await github.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Does not stop this process, which may serve visitors. */
async function checkOut(gitDir: string, ref: string, workspace: string): Promise<string> {
  await execute('git', ['clone', '--quiet', '--shared', '--no-checkout', gitDir, workspace])
  await execute('git', ['-C', workspace, 'fetch', '--quiet', 'origin', ref])
  await execute('git', ['-C', workspace, 'checkout', '--quiet', '--detach', 'FETCH_HEAD'])
  return workspace
}

function ledgerIn(gitDir: string): Ledger | null {
  try {
    const kept = 'refs/rollgate/shop/production:ledger.json'
    return JSON.parse(
      execFileSync('git', ['--git-dir', gitDir, 'show', kept], { encoding: 'utf8', stdio: 'pipe' }),
    )
  } catch {
    return null
  }
}
