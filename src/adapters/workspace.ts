import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import { getExecOutput } from '@actions/exec'
import { readingOf } from '../domain/reading.ts'
import type { Workspace } from '../pipeline/ports.ts'
import { filesOf } from './artifact-files.ts'

export interface WorkspaceOptions {
  /** Where the commands run, a folder of a checkout. */
  readonly cwd: string
  /** Where checkouts of other commits go. */
  readonly temp: string
  /** Lets git fetch from this server; the checkout itself need not keep a token. */
  readonly access: { readonly serverUrl: string; readonly token: string }
}

/** The checkout in a folder, as git tells it. */
export function createWorkspace({ cwd, temp, access }: WorkspaceOptions): Workspace {
  const folders = new Map<string, Promise<string | null>>()

  async function git(...words: string[]): Promise<string | null> {
    try {
      const options = { cwd, silent: true, ignoreReturnCode: true, env: environmentFor(access) }
      const answer = await getExecOutput('git', words, options)
      return answer.exitCode === 0 ? answer.stdout.trim() : null
    } catch {
      // No git at all, or no such folder: then there is no checkout either.
      return null
    }
  }

  const head = (): Promise<string | null> => git('rev-parse', '--verify', 'HEAD')

  async function folderOf(sha: string): Promise<string | null> {
    const [top, here] = await Promise.all([git('rev-parse', '--show-toplevel'), head()])
    if (top === null || here === null) return null
    if (here === sha) return cwd
    const folder = join(temp, `rollgate-checkout-${sha}`)
    if (!existsSync(folder)) {
      const known = (await git('cat-file', '-e', `${sha}^{commit}`)) !== null
      if (!known && (await git('fetch', '--depth=1', '--no-tags', 'origin', sha)) === null) return null
      if ((await git('worktree', 'add', '--detach', '--force', folder, sha)) === null) return null
    }
    return join(folder, relative(top, cwd))
  }

  return {
    head: async () => readingOf(await head()),
    checkout(sha) {
      const folder = folders.get(sha) ?? folderOf(sha)
      folders.set(sha, folder)
      return folder.then(readingOf)
    },
    files: (pattern) => filesOf(cwd, pattern),
  }
}

/** By the environment and not by an argument: whoever lists the processes must not read the token. */
function environmentFor({ serverUrl, token }: WorkspaceOptions['access']): Record<string, string> {
  const inherited = Object.entries(process.env).filter(
    (pair): pair is [string, string] => pair[1] !== undefined,
  )
  return {
    ...Object.fromEntries(inherited),
    GIT_TERMINAL_PROMPT: '0',
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `http.${serverUrl}/.extraheader`,
    GIT_CONFIG_VALUE_0: `AUTHORIZATION: basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`,
  }
}
