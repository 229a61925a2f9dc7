import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { found, type Reading, unknown } from '../domain/reading.ts'
import type { Workspace } from '../pipeline/ports.ts'
import { filesOf } from './artifact-files.ts'
import { checkoutUnknown } from './git/checkout-unknown.ts'
import { findGit, realFolder } from './git/program.ts'
import { checkoutOf, type RepositoryPlace } from './git/repository-at.ts'
import { type Access, type Ran, runGit } from './git/run.ts'

export interface WorkspaceOptions {
  /** The folder of the runner's checkouts. */
  readonly workspace: string
  /** The folder in which commands run, inside a checkout in the workspace. */
  readonly cwd: string
  /** The folder for checkouts of other commits. */
  readonly temp: string
  /** `owner/name`, to fetch from where nothing is checked out. */
  readonly repository: string
  /** Lets git fetch from this server; the checkout itself need not keep a token. */
  readonly access: Access
  readonly env?: NodeJS.ProcessEnv
  /** The git to run; null for none. */
  readonly git?: string | null
  /** Milliseconds that a second of waiting lasts; tests make it short. */
  readonly second?: number
}

/** Git's words for a server that is disturbed or cannot be reached just now. */
const mayPass =
  /unable to access|could ?n.t (?:resolve|connect)|timed out|error: (?:429|5\d\d)|hung up|RPC failed|early EOF/i

/** The checkout in a folder, as git tells it. */
export function createWorkspace(options: WorkspaceOptions): Workspace {
  const { workspace, cwd, temp, repository, access, env = process.env, second = 1000 } = options
  // Found before any command of a release has run, and then never looked for again.
  const { git: program = findGit({ path: env.PATH, foreign: [workspace, temp] }) } = options
  const ceiling = realFolder(join(workspace, '..')) ?? workspace

  async function git(folder: string, words: readonly string[], token?: Access): Promise<Ran> {
    if (program === null) return { kind: 'failed', words: 'git is not installed here' }
    return runGit({ program, env, ceiling }, folder, words, token)
  }

  const unclear = (words: string): Reading<never> => unknown(checkoutUnknown(cwd, words))

  /** The commit of a checkout. Its objects must be there, and git must take the same folder for its top. */
  async function headOf({ top }: RepositoryPlace): Promise<Reading<string>> {
    const told = await git(top, ['rev-parse', '--show-toplevel', 'HEAD^{commit}'])
    if (told.kind === 'failed') return unclear(told.words)
    const [seen = '', sha = ''] = told.text.split('\n')
    if (realFolder(seen) !== top) return unclear(`its repository says that its files are in ${seen}`)
    return /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(sha) ? found(sha) : unclear(`git said ${sha || 'nothing'}`)
  }

  async function folderOf(sha: string): Promise<Reading<string>> {
    const place = checkoutOf(workspace, cwd)
    if (place.kind !== 'found') return place
    const head = await headOf(place.value)
    if (head.kind !== 'found') return head
    if (head.value === sha) return found(cwd)
    return besides(place.value, sha)
  }

  /** Retried if the server, or the way to it, may answer otherwise a moment later. */
  async function fetch(top: string, sha: string): Promise<Ran> {
    for (let tries = 1; ; tries += 1) {
      const ran = await git(top, ['fetch', '--depth=1', '--no-tags', 'origin', sha], access)
      if (ran.kind === 'done' || tries === 3 || !mayPass.test(ran.words)) return ran
      await setTimeout(tries * second)
    }
  }

  /** A new folder of this process: an existing one may be half of a checkout. */
  async function besides({ top, folder }: RepositoryPlace, sha: string): Promise<Reading<string>> {
    const known = await git(top, ['cat-file', '-e', `${sha}^{commit}`])
    const fetched = known.kind === 'done' ? known : await fetch(top, sha)
    if (fetched.kind === 'failed') return unclear(`${sha} could not be fetched: ${fetched.words}`)
    const target = join(temp, `rollgate-checkout-${sha}-${randomUUID().slice(0, 8)}`)
    mkdirSync(temp, { recursive: true })
    const added = await git(top, ['worktree', 'add', '--detach', '--force', target, sha], access)
    if (added.kind === 'failed') return unclear(`${sha} could not be checked out: ${added.words}`)
    return found(join(target, relative(top, folder)))
  }

  /** A repository of its own, with this one commit. */
  async function fetchedApart(sha: string): Promise<Reading<string>> {
    const target = join(temp, `rollgate-apart-${sha}-${randomUUID().slice(0, 8)}`)
    mkdirSync(target, { recursive: true })
    const address = `${access.serverUrl}/${repository}`
    const steps = [
      ['init', '--quiet'],
      ['fetch', '--depth=1', '--no-tags', '--quiet', address, sha],
      ['checkout', '--quiet', '--detach', 'FETCH_HEAD'],
    ]
    for (const words of steps) {
      const ran = await git(target, words, access)
      if (ran.kind === 'failed') return unclear(`${sha} could not be fetched: ${ran.words}`)
    }
    return found(target)
  }

  return {
    apart: onceFound(fetchedApart),
    async head() {
      const place = checkoutOf(workspace, cwd)
      return place.kind === 'found' ? headOf(place.value) : place
    },
    checkout: onceFound(folderOf),
    files: (pattern) => filesOf(cwd, pattern),
  }
}

/** Remembers each folder that was found. A failed fetch is not kept: the server may answer the next time. */
function onceFound(find: (sha: string) => Promise<Reading<string>>): typeof find {
  const found = new Map<string, Promise<Reading<string>>>()
  return async (sha) => {
    const asked = found.get(sha) ?? find(sha)
    found.set(sha, asked)
    const folder = await asked
    if (folder.kind !== 'found') found.delete(sha)
    return folder
  }
}
