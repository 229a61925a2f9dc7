import { execFile } from 'node:child_process'
import { findProgram } from './program.ts'

/** With one of these set gh answers it for every host, also without a login. */
const variables = ['GITHUB_TOKEN', 'GH_TOKEN', 'GH_ENTERPRISE_TOKEN', 'GITHUB_ENTERPRISE_TOKEN'] as const

/** Asks GitHub's own command line for the token of a host. Null without gh, or without a login. No shell is used. */
export function readTokenOfGh(folder: string, env: NodeJS.ProcessEnv, host: string): Promise<string | null> {
  const program = findProgram('gh', { path: env.PATH, foreign: [folder] })
  if (program === null) return Promise.resolve(null)
  const own = { ...env }
  for (const name of variables) delete own[name]
  return new Promise((resolve) => {
    execFile(program, ['auth', 'token', '--hostname', host], { env: own, timeout: 10_000 }, (error, stdout) =>
      resolve(error === null && /^\S+$/.test(stdout.trim()) ? stdout.trim() : null),
    )
  })
}
