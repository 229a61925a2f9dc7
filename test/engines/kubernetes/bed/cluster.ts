import { execFile } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { enter, folderFor, startApart } from '../../apart.ts'
import { buildImages, type ImageNames, namesOf } from '../../images/images.ts'
import { type Load, type Probing, startLoad, startProbing } from '../../load.ts'
import { builtKubernetes } from './program.ts'

const run = promisify(execFile)

/** A real Kubernetes of one node, with a registry, in namespaces of its own. */
export interface Cluster extends ImageNames {
  /** The environment of commands that are to find `kubectl`, and the cluster by it. */
  envFor(user: ClusterUser): NodeJS.ProcessEnv
  kubectl(...words: readonly string[]): Promise<string>
  /** The words before a command that is to run in its network. */
  readonly inside: readonly string[]
  /** Applies manifests, given as values. */
  apply(...manifests: readonly object[]): Promise<void>
  /** Sends requests to an address inside, over kept connections, until it is stopped. */
  load(url: string): Load
  /** Sends a request every 5 ms to an address inside, each over a connection of its own. */
  probe(url: string): Probing
  /** Ends every process of the bed, and removes its folder. */
  close(): Promise<void>
}

/** `admin` may do everything; the deployer has the rights that a test gives. */
export type ClusterUser = 'admin' | 'deployer'

export async function startCluster(): Promise<Cluster> {
  const kube = builtKubernetes()
  const folder = folderFor('kubernetes')
  const images = buildImages(folder)
  const { program, blobs, digests } = images
  const { pid, close } = await startApart({
    folder,
    up: join(import.meta.dirname, '..', 'cluster', 'up'),
    words: [kube, program, blobs, digests.pause],
    logs: ['apiserver', 'kubelet', 'containerd'],
    groups: () => containersIn(folder),
  })
  const network = `/proc/${pid}/ns/net`
  writeKubectl(folder, network, kube)
  const envFor = (user: ClusterUser) => ({
    ...process.env,
    PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
    KUBECONFIG: join(folder, `${user}.kubeconfig`),
  })
  const kubectl = async (...words: readonly string[]) =>
    (await run('kubectl', words, { env: envFor('admin'), maxBuffer: 64 * 1024 * 1024 })).stdout
  return {
    ...namesOf(images),
    envFor,
    kubectl,
    inside: enter(network),
    async apply(...manifests) {
      const file = join(mkdtempSync(join(folder, 'apply-')), 'list.json')
      writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: manifests }))
      await kubectl('apply', '-f', file)
    },
    load: (url) => startLoad([...enter(network), program, 'load', url]),
    probe: (url) => startProbing([...enter(network), program, 'probe', url]),
    close,
  }
}

/** The containers that containerd has tasks for. Each has a control group of its name, beside those of other clusters. */
function containersIn(folder: string): readonly string[] {
  const tasks = join(folder, 'run', 'io.containerd.runtime.v2.task', 'k8s.io')
  return existsSync(tasks) ? readdirSync(tasks) : []
}

/** A `kubectl` that looks for the cluster where it is: inside. */
function writeKubectl(folder: string, network: string, kube: string): void {
  const file = join(folder, 'bin', 'kubectl')
  mkdirSync(join(folder, 'bin'))
  writeFileSync(file, `#!/bin/sh\nexec nsenter --net=${network} ${kube} kubectl "$@"\n`)
  chmodSync(file, 0o755)
}
