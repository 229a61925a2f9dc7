import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Octokit } from '@octokit/rest'
import { type GitHubOptions, type SandboxGitHub, startGitHub } from '../../../src/sandbox/github/github.ts'
import type { Permissions, TokenOrigin } from '../../../src/sandbox/github/tokens.ts'
import type { Probe } from './holds.ts'

export const shop = { owner: 'acme', repo: 'shop' }

/** A sandbox for one probe, with a client that holds a workflow's own token. */
export interface ProbedGitHub {
  readonly github: SandboxGitHub
  readonly octokit: Octokit
  client(actor: string, permissions?: Permissions, origin?: TokenOrigin): Octokit
}

export const everything: Permissions = {
  actions: 'write',
  administration: 'read',
  checks: 'read',
  contents: 'write',
  deployments: 'write',
  issues: 'write',
  members: 'read',
  statuses: 'read',
}
const quiet = () => {}
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet }

/** A moment that does not pass, so that no window of a limit ends in the middle of a probe. */
const clock = () => new Date('2026-10-01T12:00:00Z')

/** A probe that asks a sandbox of its own over HTTP. */
export const over =
  (ask: (probed: ProbedGitHub) => Promise<boolean>, options: Partial<GitHubOptions> = {}): Probe =>
  async (rules) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'rollgate-rule-'))
    const github = await startGitHub({ folder, repository: 'acme/shop', clock, ...options, rules })
    const client: ProbedGitHub['client'] = (actor, permissions = everything, origin = 'repository') =>
      new Octokit({ baseUrl: github.url, auth: github.token(actor, permissions, origin), log })
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

/** True if the call is refused with this status. */
export const refused = async (status: number, call: Promise<{ status: number }>): Promise<boolean> =>
  (await statusOf(call)) === status

/** True if the arranging of a state is refused. */
export function impossible(arrange: () => void): boolean {
  try {
    arrange()
    return false
  } catch {
    return true
  }
}
