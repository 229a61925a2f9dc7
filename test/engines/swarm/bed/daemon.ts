import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { type AppImages, type AppKind, buildImages } from '../../images/images.ts'

const run = promisify(execFile)

/** A Docker daemon with a swarm of one node and a registry, in namespaces of its own. */
export interface Daemon {
  readonly folder: string
  /** The environment of commands that are to find the daemon. */
  readonly env: NodeJS.ProcessEnv
  docker(...words: readonly string[]): Promise<string>
  image(kind: AppKind): string
  /** The kind of an image in a text. */
  kindOf(text: string): AppKind
  /** An image that the registry has not. */
  readonly missingImage: string
  /** The words before a command that is to run in the network of a container, or in that of the daemon. */
  inside(container?: string): Promise<readonly string[]>
  /** The application as a program, for its other tasks. */
  readonly program: string
  /** Ends every process of the bed, and removes its folder. */
  close(): Promise<void>
}

const REGISTRY = '127.0.0.1:5000'

export async function startDaemon(): Promise<Daemon> {
  const folder = mkdtempSync(join(tmpdir(), 'rollgate-swarm-'))
  const images = buildImages(folder)
  const group = basename(folder)
  const first = startInside(folder, images, group)
  const close = () => endAll(first, folder, group)
  try {
    await saysReady(first, folder)
  } catch (error) {
    await close()
    throw error
  }
  const env = { ...process.env, DOCKER_HOST: `unix://${join(folder, 'docker.sock')}` }
  const docker = async (...words: readonly string[]) =>
    (await run('docker', words, { env, maxBuffer: 64 * 1024 * 1024 })).stdout.trim()
  const inner = `/proc/${await innermost(first)}`
  const enter = (network: string) => ['setpriv', '--pdeathsig', 'KILL', 'nsenter', `--net=${network}`, '--']
  return {
    folder,
    env,
    docker,
    image: (kind) => `${REGISTRY}/shop@${images.digests[kind]}`,
    kindOf(text) {
      const [kind] = Object.entries(images.digests).find(([, digest]) => text.includes(digest)) ?? []
      if (kind === undefined) throw new Error(`No image of the bed: ${text}`)
      return kind as AppKind
    },
    missingImage: `${REGISTRY}/shop@sha256:${'0'.repeat(64)}`,
    async inside(container) {
      if (container === undefined) return enter(`${inner}/ns/net`)
      const key = await docker('inspect', '--format', '{{.NetworkSettings.SandboxKey}}', container)
      return enter(`${inner}/root${key.replace(/^\/var\/run/, '/run')}`)
    },
    program: images.program,
    close,
  }
}

/** Starts the first process of the namespaces. It ends with this process, and everything inside with it. */
function startInside(folder: string, { program, blobs }: AppImages, group: string): ChildProcess {
  const up = join(import.meta.dirname, 'up')
  const apart = ['unshare', '--net', '--mount', '--pid', '--fork', '--kill-child=KILL', '--mount-proc']
  const words = ['--pdeathsig', 'KILL', ...apart, up, folder, program, blobs, group]
  return spawn('setpriv', words, { stdio: ['ignore', 'pipe', 'pipe'] })
}

/** The namespaces are those of the child of `unshare`. */
async function innermost(first: ChildProcess): Promise<number> {
  const { stdout } = await run('ps', ['--ppid', String(first.pid), '-o', 'pid='])
  return Number(stdout.trim())
}

async function saysReady(first: ChildProcess, folder: string): Promise<void> {
  let said = ''
  first.stderr?.on('data', (chunk) => {
    said += chunk
  })
  const ended = once(first, 'exit').then(() => {
    throw new Error(`The daemon did not come up: ${said}${lastWords(folder)}`)
  })
  ended.catch(() => {})
  const lines = createInterface({ input: first.stdout as NodeJS.ReadableStream })
  await Promise.race([once(lines, 'line'), ended])
}

function lastWords(folder: string): string {
  try {
    return readFileSync(join(folder, 'log', 'dockerd'), 'utf8')
      .split('\n')
      .slice(-8)
      .join('\n')
  } catch {
    return ''
  }
}

async function endAll(first: ChildProcess, folder: string, group: string): Promise<void> {
  if (first.exitCode === null && first.signalCode === null) {
    const gone = once(first, 'exit')
    first.kill('SIGKILL')
    await gone
  }
  await removeGroups(group)
  rmSync(folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 })
}

/** Removes the control groups of the bed, in whatever hierarchies this machine has. */
async function removeGroups(group: string): Promise<void> {
  const theirs = ['/sys/fs/cgroup', '-depth', '-type', 'd', '-path', `*/${group}*`]
  await run('find', [...theirs, '-exec', 'rmdir', '{}', '+']).catch(() => {})
}
