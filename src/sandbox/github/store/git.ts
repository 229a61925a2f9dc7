import { spawn } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'

/** The bare repository behind the sandbox's git endpoints, driven through the git CLI. */
export interface Git {
  readonly folder: string
  /** Standard output of `git <args>`; throws GitFailure on any exit code but 0. */
  run(args: readonly string[], options?: GitOptions): Promise<Buffer>
  /** Runs git, and returns text without the last newline. */
  text(args: readonly string[], options?: GitOptions): Promise<string>
  /**
   * Returns `text` from a cache, for questions with full SHAs alone: the answer never changes, and each
   * process is costly.
   */
  lasting(args: readonly string[]): Promise<string>
  /** Objects that were read or written already, by their SHAs: they never change either. */
  readonly objects: Map<string, StoredObject>
}

export type ObjectKind = 'commit' | 'tree' | 'blob' | 'tag'

export interface StoredObject {
  readonly sha: string
  readonly kind: ObjectKind
  readonly bytes: Buffer
}

export interface GitOptions {
  readonly input?: Buffer | string
  readonly env?: Readonly<Record<string, string>>
}

export class GitFailure extends Error {
  readonly exitCode: number | null

  constructor(args: readonly string[], exitCode: number | null, stderr: string) {
    super(`git ${args.join(' ')} ended with ${exitCode}: ${stderr.trim()}`)
    this.exitCode = exitCode
  }
}

/** Writes what `git init --bare` would write, without a process for it. */
export async function initBareRepository(folder: string, defaultBranch: string): Promise<Git> {
  for (const part of ['objects/info', 'objects/pack', 'refs/heads', 'refs/tags'])
    await mkdir(path.join(folder, part), { recursive: true })
  await writeFile(path.join(folder, 'HEAD'), `ref: refs/heads/${defaultBranch}\n`)
  await writeFile(path.join(folder, 'config'), bareConfig)
  return gitAt(folder)
}

const bareConfig = '[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n'

function gitAt(folder: string): Git {
  const run: Git['run'] = (args, options = {}) => runGit(folder, args, options)
  const text: Git['text'] = async (args, options) =>
    (await run(args, options)).toString('utf8').replace(/\n$/, '')
  const answers = new Map<string, string>()
  return {
    folder,
    run,
    text,
    async lasting(args) {
      const question = args.join('\0')
      const answer = answers.get(question) ?? (await text(args))
      answers.set(question, answer)
      return answer
    },
    objects: new Map(),
  }
}

/** The developer's own git configuration must not change the sandbox. */
const isolation = { GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', LC_ALL: 'C' }

function runGit(folder: string, args: readonly string[], options: GitOptions): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const env = { PATH: process.env.PATH ?? '', ...isolation, GIT_DIR: folder, ...options.env }
  const child = spawn('git', args, { env, stdio: 'pipe' })
  const output: Buffer[] = []
  const complaints: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk))
  child.on('error', reject)
  child.on('close', (exitCode) => {
    if (exitCode === 0) resolve(Buffer.concat(output))
    else reject(new GitFailure(args, exitCode, Buffer.concat(complaints).toString('utf8')))
  })
  // git may end without reading its input; its exit code tells the story then, not EPIPE.
  child.stdin.on('error', () => {})
  child.stdin.end(options.input)
  return promise
}
