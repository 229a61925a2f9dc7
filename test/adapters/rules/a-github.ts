import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { connect, type GitHub } from '../../../src/adapters/github/connection.ts'
import { Problem, type ProblemWords } from '../../../src/domain/problem.ts'
import { type GitHubOptions, type SandboxGitHub, startGitHub } from '../../../src/sandbox/github/github.ts'
import type { OperationId } from '../../../src/sandbox/github/operations.ts'
import type { Permissions, TokenOrigin } from '../../../src/sandbox/github/tokens.ts'

/** The permissions of a deployment's job, and those of a release's and of an issue's. */
const ofJobs: Permissions = {
  actions: 'read',
  checks: 'read',
  contents: 'write',
  deployments: 'write',
  issues: 'write',
  statuses: 'read',
}

/** A moment that does not pass, so that no window of a limit ends in the middle of a test. */
export const noon = Date.parse('2026-10-01T12:00:00Z')

export interface RuledGitHub {
  readonly sandbox: SandboxGitHub
  /** Rollgate's connection with the token of a workflow. */
  readonly github: GitHub
}

/** The sandbox with every rule of GitHub's on. */
export async function aGitHub(
  options: Partial<GitHubOptions> = {},
  origin: TokenOrigin = 'repository',
): Promise<RuledGitHub> {
  const folder = await mkdtemp(path.join(tmpdir(), 'rollgate-rules-'))
  const clock = () => new Date(noon)
  const sandbox = await startGitHub({ folder, repository: 'acme/shop', clock, ...options })
  onTestFinished(async () => {
    await sandbox.stop()
    await rm(folder, { recursive: true, force: true })
  })
  return { sandbox, github: connectedAs(sandbox, 'github-actions[bot]', { origin }) }
}

interface Connected {
  readonly origin?: TokenOrigin
  readonly permissions?: Permissions
  /** Hears each request. */
  readonly say?: (line: string) => void
}

/** Rollgate's connection with another token. */
export function connectedAs(sandbox: SandboxGitHub, actor: string, options: Connected = {}): GitHub {
  const { origin, permissions = ofJobs, say = () => {} } = options
  const token = sandbox.token(actor, permissions, origin)
  const place = { token, apiUrl: sandbox.url, repository: sandbox.repository }
  return connect({ ...place, say, second: 1, clock: { now: () => new Date(noon) } })
}

export const problemOf = (work: Promise<unknown>): Promise<ProblemWords> =>
  work.then(
    () => expect.unreachable('it was expected to fail'),
    (thrown: unknown) => (thrown instanceof Problem ? thrown.words : Promise.reject(thrown)),
  )

export const requestsOf = ({ requests }: SandboxGitHub, operation: OperationId): number =>
  requests.filter((one) => one.operation === operation).length
