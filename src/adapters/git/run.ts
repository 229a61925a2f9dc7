import { execFile } from 'node:child_process'
import { delimiter, dirname } from 'node:path'
import { systemFolders } from './program.ts'

/** The end of a git command: its output, or git's own words on the failure. */
export type Ran =
  | { readonly kind: 'done'; readonly text: string }
  | { readonly kind: 'failed'; readonly words: string }

export interface GitSurroundings {
  readonly program: string
  /** The environment that git's own is chosen from. */
  readonly env: NodeJS.ProcessEnv
  /** Git looks for a repository no higher than below this folder. */
  readonly ceiling: string
}

/** A token for one server, for the commands that may have to fetch. */
export interface Access {
  readonly serverUrl: string
  readonly token: string
}

/**
 * The variables of the job that git may see. All others stay out: `GIT_*`, which could name another
 * repository, the user's secrets, and the token.
 */
const passedOn = [
  ...['HOME', 'USER', 'LOGNAME', 'USERPROFILE', 'SystemRoot', 'TMPDIR', 'TEMP', 'TMP', 'SSH_AUTH_SOCK'],
  ...[
    'http_proxy',
    'https_proxy',
    'no_proxy',
    'all_proxy',
    'HTTP_PROXY',
    'HTTPS_PROXY',
    'NO_PROXY',
    'ALL_PROXY',
  ],
  ...['SSL_CERT_FILE', 'SSL_CERT_DIR'],
]

/** A hook or a file system monitor of the repository would be a command of the release. */
const quiet = ['-c', 'core.hooksPath=/dev/null', '-c', 'core.fsmonitor=false']

/** Runs git in a folder, in an environment of its own. Never rejects. */
export function runGit(
  { program, env, ceiling }: GitSurroundings,
  folder: string,
  words: readonly string[],
  access?: Access,
): Promise<Ran> {
  const own = {
    ...Object.fromEntries(passedOn.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]]))),
    // Git finds its helpers and filters beside itself and among the system's programs, and nowhere else.
    PATH: [dirname(program), ...systemFolders].join(delimiter),
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_CEILING_DIRECTORIES: ceiling,
    ...(access === undefined ? {} : headerOf(access)),
  }
  const options = { cwd: folder, env: own, maxBuffer: 16 * 1024 * 1024 }
  // The runner owns the folder: in a container it may belong to another user, and its content is checked.
  const all = [...quiet, '-c', `safe.directory=${folder}`, ...words]
  return new Promise((resolve) => {
    execFile(program, all, options, (error, stdout, stderr) => {
      resolve(
        error === null
          ? { kind: 'done', text: stdout.trim() }
          : { kind: 'failed', words: inWords(stderr, error) },
      )
    })
  })
}

/** The token goes through the environment and not through an argument: a list of the processes must not show it. */
const headerOf = ({ serverUrl, token }: Access) => ({
  GIT_CONFIG_COUNT: '1',
  GIT_CONFIG_KEY_0: `http.${serverUrl}/.extraheader`,
  GIT_CONFIG_VALUE_0: `AUTHORIZATION: basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`,
})

/** Returns git's line about the failure, without the credentials that an address may contain. */
function inWords(stderr: string, error: Error): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '')
  const line = lines.find((one) => /^(?:fatal|error):/.test(one)) ?? lines[0] ?? error.message
  return line.replace(/\/\/[^/@\s]+@/g, '//').slice(0, 300)
}
