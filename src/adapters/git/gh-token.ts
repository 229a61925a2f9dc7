import { execFile } from 'node:child_process'
import { findProgram } from './program.ts'

/** Asks GitHub's own command line for the token of a host. Null without gh, or without a login. No shell is used. */
export function readTokenOfGh(folder: string, env: NodeJS.ProcessEnv, host: string): Promise<string | null> {
  const program = findProgram('gh', { path: env.PATH, foreign: [folder] })
  if (program === null) return Promise.resolve(null)
  const { GITHUB_TOKEN: _one, GH_TOKEN: _other, ...own } = env
  return new Promise((resolve) => {
    execFile(program, ['auth', 'token', '--hostname', host], { env: own, timeout: 10_000 }, (error, stdout) =>
      resolve(error === null && /^\S+$/.test(stdout.trim()) ? stdout.trim() : null),
    )
  })
}
