import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Octokit } from '@octokit/rest'
import { type GitHubOptions, type SandboxGitHub, startGitHub } from '../../../src/sandbox/github/github.ts'
import type { Permissions } from '../../../src/sandbox/github/tokens.ts'
import type { Probe } from './holds.ts'

export const shop = { owner: 'acme', repo: 'shop' }

/** A sandbox for one probe, with a client that holds a workflow's own token. */
export interface ProbedGitHub {
  readonly github: SandboxGitHub
  readonly octokit: Octokit
  client(actor: string, permissions?: Permissions): Octokit
}

const everything: Permissions = {
  actions: 'write',
  checks: 'read',
  contents: 'write',
  deployments: 'write',
  issues: 'write',
  members: 'read',
  statuses: 'read',
}
const quiet = () => {}
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet }

/** A probe that asks a sandbox of its own over HTTP. */
export const over =
  (ask: (probed: ProbedGitHub) => Promise<boolean>, options: Partial<GitHubOptions> = {}): Probe =>
  async (rules) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'rollgate-rule-'))
    const github = await startGitHub({ folder, repository: 'acme/shop', ...options, rules })
    const client = (actor: string, permissions = everything) =>
      new Octokit({ baseUrl: github.url, auth: github.token(actor, permissions), log })
    try {
      return await ask({ github, octokit: client('github-actions[bot]'), client })
    } finally {
      await github.stop()
      await rm(folder, { recursive: true, force: true })
    }
  }

/** The status that a call ends with. */
export const statusOf = (call: Promise<{ status: number }>): Promise<number> =>
  call.then(
    ({ status }) => status,
    (error: { status: number }) => error.status,
  )
