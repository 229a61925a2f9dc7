import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from '../../../../src/sandbox/fleet/eventually.ts'
import { installed } from '../../tools.ts'
import type { Cluster } from './cluster.ts'

const VERSION = 'v0.8.0'

/** The label of nodes whose pods are ready without a container. */
export const onFakeNodes = { 'rollgate.dev/fake': 'true' }

/** Returns the path of kwok. It is installed by Go when it is not there yet: about a minute, once. */
function installedKwok(): string {
  const program = join(installed, 'kwok')
  const env = { ...process.env, GOBIN: installed, GOFLAGS: '-modcacherw', CGO_ENABLED: '0' }
  if (!existsSync(program))
    execFileSync('go', ['install', `sigs.k8s.io/kwok/cmd/kwok@${VERSION}`], { env, stdio: 'inherit' })
  return program
}

/** The stages of the module itself, with nodes that stay alive; a pod has the id of its image besides, as on a real node. */
function stages(): string {
  const words = ['mod', 'download', '-json', `sigs.k8s.io/kwok@${VERSION}`]
  const { Dir } = JSON.parse(execFileSync('go', words, { encoding: 'utf8', cwd: tmpdir() }))
  const folder = join(Dir, 'kustomize', 'stage')
  const files = ['fast/node-initialize', 'heartbeat/node-heartbeat'].map((file) => `node/${file}`)
  files.push('pod/fast/pod-ready', 'pod/fast/pod-delete')
  const texts = files.map((file) => readFileSync(join(folder, `${file}.yaml`), 'utf8'))
  const image = '- image: {{ .image | Quote }}\n'
  return texts.join('---\n').replaceAll(image, `${image}        imageID: {{ .image | Quote }}\n`)
}

const nodeOf = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels: onFakeNodes, annotations: { 'kwok.x-k8s.io/node': 'fake' } },
})

/** Adds nodes to a cluster whose pods are played by kwok. Returns how to end it. */
export async function startFakeNodes(cluster: Cluster, count: number): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'kwok-'))
  const config = join(folder, 'stages.yaml')
  writeFileSync(config, stages())
  const own = ['--manage-all-nodes=false', '--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake']
  const at = ['--kubeconfig', cluster.envFor('admin').KUBECONFIG ?? '', '--config', config]
  const [program = '', ...enter] = cluster.inside
  const kwok = spawn(program, [...enter, installedKwok(), ...at, ...own], { stdio: 'ignore' })
  const names = Array.from({ length: count }, (_, number) => `fake-${number + 1}`)
  await cluster.apply(...names.map(nodeOf))
  await eventually('the fake nodes are ready', async () => {
    const ready = 'jsonpath={.items[*].status.conditions[?(@.type=="Ready")].status}'
    const said = await cluster.kubectl('get', 'nodes', '-l', 'rollgate.dev/fake=true', '-o', ready)
    return said.split(' ').filter((is) => is === 'True').length === count
  })
  return async () => {
    kwok.kill('SIGKILL')
    if (kwok.exitCode === null && kwok.signalCode === null) await once(kwok, 'exit')
    rmSync(folder, { recursive: true })
  }
}
