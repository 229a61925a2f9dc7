import { execFile } from 'node:child_process'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { enter, folderFor, startApart } from '../../apart.ts'
import { buildImages, type ImageNames, namesOf } from '../../images/images.ts'

const run = promisify(execFile)

/** A Docker daemon with a swarm of one node and a registry, in namespaces of its own. */
export interface Daemon extends ImageNames {
  readonly folder: string
  /** The environment of commands that are to find the daemon. */
  readonly env: NodeJS.ProcessEnv
  docker(...words: readonly string[]): Promise<string>
  /** The words before a command that is to run in the network of a container, or in that of the daemon. */
  inside(container?: string): Promise<readonly string[]>
  /** The application as a program, for its other tasks. */
  readonly program: string
  /** Ends every process of the bed, and removes its folder. */
  close(): Promise<void>
}

export async function startDaemon(): Promise<Daemon> {
  const folder = folderFor('swarm')
  const images = buildImages(folder)
  const { program, blobs } = images
  const group = basename(folder)
  const { pid, close } = await startApart({
    folder,
    up: join(import.meta.dirname, 'up'),
    words: [program, blobs, group],
    logs: ['dockerd'],
    groups: () => [group],
  })
  const env = { ...process.env, DOCKER_HOST: `unix://${join(folder, 'docker.sock')}` }
  const docker = async (...words: readonly string[]) =>
    (await run('docker', words, { env, maxBuffer: 64 * 1024 * 1024 })).stdout.trim()
  return {
    ...namesOf(images),
    folder,
    env,
    docker,
    async inside(container) {
      if (container === undefined) return enter(`/proc/${pid}/ns/net`)
      const key = await docker('inspect', '--format', '{{.NetworkSettings.SandboxKey}}', container)
      return enter(`/proc/${pid}/root${key.replace(/^\/var\/run/, '/run')}`)
    },
    program,
    close,
  }
}
