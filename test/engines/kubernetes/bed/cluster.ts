import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { type AppImages, type AppKind, buildImages } from '../../images/images.ts'
import { builtKubernetes } from './program.ts'

const run = promisify(execFile)

/** A real Kubernetes of one node, with a registry, in namespaces of its own. */
export interface Cluster {
  /** The environment of commands that are to find `kubectl`, and the cluster by it. */
  envFor(user: ClusterUser): NodeJS.ProcessEnv
  kubectl(...words: readonly string[]): Promise<string>
  /** Applies manifests, given as values. */
  apply(...manifests: readonly object[]): Promise<void>
  image(kind: AppKind): string
  /** Returns the kind of an image; the image itself where it is of none. */
  kindOf(image: string): string
  /** An image that the registry has not. */
  readonly missingImage: string
  /** Sends requests to an address inside, over kept connections, until it is stopped. */
  load(url: string): ClusterLoad
  /** Ends every process of the bed, and removes its folder. */
  close(): Promise<void>
}

/** `admin` may do everything; the others have the rights that a test gives them. */
export type ClusterUser = 'admin' | 'deployer' | 'colleague'

export interface ClusterLoad {
  stop(): Promise<LoadTold>
}

export interface LoadTold {
  readonly count: number
  readonly failed: number
  readonly reasons: Readonly<Record<string, number>>
  readonly versions: Readonly<Record<string, number>>
}

const REGISTRY = '127.0.0.1:5000'

export async function startCluster(): Promise<Cluster> {
  const kube = builtKubernetes()
  const folder = mkdtempSync(join(tmpdir(), 'rollgate-kubernetes-'))
  const images = buildImages(folder)
  const inside = startInside(folder, kube, images)
  const pid = inside.pid as number
  const close = () => endAll(inside, folder)
  try {
    await saysReady(inside, folder)
  } catch (error) {
    await close()
    throw error
  }
  const enter = [`--net=/proc/${pid}/ns/net`]
  writeKubectl(folder, [...enter, kube])
  const envFor = (user: ClusterUser) => ({
    ...process.env,
    PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
    KUBECONFIG: join(folder, `${user}.kubeconfig`),
  })
  const kubectl = async (...words: readonly string[]) =>
    (await run('kubectl', words, { env: envFor('admin'), maxBuffer: 64 * 1024 * 1024 })).stdout
  return {
    envFor,
    kubectl,
    async apply(...manifests) {
      const file = join(mkdtempSync(join(folder, 'apply-')), 'list.json')
      writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: manifests }))
      await kubectl('apply', '-f', file)
    },
    image: (kind) => `${REGISTRY}/shop@${images.digests[kind]}`,
    kindOf: (image) =>
      Object.entries(images.digests).find(([, digest]) => image.endsWith(digest))?.[0] ?? image,
    missingImage: `${REGISTRY}/shop@sha256:${'0'.repeat(64)}`,
    load: (url) => startLoad([...enter, images.program, 'load', url]),
    close,
  }
}

/** Starts the first process of the namespaces. It ends with this process, and everything inside with it. */
function startInside(folder: string, kube: string, { program, blobs, digests }: AppImages): ChildProcess {
  const up = join(import.meta.dirname, '..', 'cluster', 'up')
  const apart = ['unshare', '--net', '--mount', '--pid', '--fork', '--kill-child=KILL', '--mount-proc']
  const words = ['--pdeathsig', 'KILL', ...apart, up, folder, kube, program, blobs, digests.pause]
  return spawn('setpriv', words, { stdio: ['ignore', 'pipe', 'pipe'] })
}

async function saysReady(inside: ChildProcess, folder: string): Promise<void> {
  let said = ''
  inside.stderr?.on('data', (chunk) => {
    said += chunk
  })
  const ended = once(inside, 'exit').then(() => {
    throw new Error(`The cluster did not come up: ${said}${lastWords(folder)}`)
  })
  const lines = createInterface({ input: inside.stdout as NodeJS.ReadableStream })
  await Promise.race([once(lines, 'line'), ended])
  ended.catch(() => {})
}

function lastWords(folder: string): string {
  const tails = ['apiserver', 'kubelet', 'containerd'].map((name) => {
    try {
      return `\n${name}: ${readFileSync(join(folder, 'log', name), 'utf8')
        .split('\n')
        .slice(-8)
        .join('\n')}`
    } catch {
      return ''
    }
  })
  return tails.join('')
}

/** A `kubectl` that looks for the cluster where it is: inside. */
function writeKubectl(folder: string, words: readonly string[]): void {
  const file = join(folder, 'bin', 'kubectl')
  mkdirSync(join(folder, 'bin'))
  writeFileSync(file, `#!/bin/sh\nexec nsenter ${words.join(' ')} kubectl "$@"\n`)
  chmodSync(file, 0o755)
}

async function endAll(inside: ChildProcess, folder: string): Promise<void> {
  if (inside.exitCode === null && inside.signalCode === null) {
    const gone = once(inside, 'exit')
    inside.kill('SIGKILL')
    await gone
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
}

function startLoad(words: readonly string[]): ClusterLoad {
  const loading = spawn('nsenter', words, { stdio: ['ignore', 'pipe', 'inherit'] })
  let told = ''
  loading.stdout.on('data', (chunk) => {
    told += chunk
  })
  return {
    async stop() {
      const gone = once(loading, 'close')
      loading.kill('SIGTERM')
      await gone
      return JSON.parse(told)
    },
  }
}
