import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** The images that the Deployments run before the release, and are to run after it. */
export interface PlayedImages {
  readonly before: string
  readonly after: string
}

const REVISION = 'deployment.kubernetes.io/revision'
const AT = '2026-11-30T10:00:00Z'

/** The fields that a cluster fills in by itself, as long as they are there. */
const filledIn = Array.from({ length: 12 }, (_, number) => ({
  ...{ name: `SETTING_${number}`, value: 'as most applications have some'.repeat(3) },
}))
const mounts = [
  { mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', name: 'kube-api', readOnly: true },
]
const condition = (type: string) => ({ type, status: 'True', reason: type, lastTransitionTime: AT })

const templateOf = (name: string, image: string, hash: string) => ({
  metadata: { labels: { app: name, 'pod-template-hash': hash } },
  spec: {
    containers: [
      {
        ...{ name: 'app', image, env: filledIn, volumeMounts: mounts, imagePullPolicy: 'IfNotPresent' },
        ...{ resources: { requests: { cpu: '100m', memory: '64Mi' } }, terminationMessagePath: '/dev/log' },
      },
    ],
    ...{ dnsPolicy: 'ClusterFirst', restartPolicy: 'Always', schedulerName: 'default-scheduler' },
    tolerations: ['not-ready', 'unreachable'].map((key) => ({
      key,
      operator: 'Exists',
      effect: 'NoExecute',
    })),
    volumes: [{ name: 'kube-api', projected: { sources: filledIn.slice(0, 3) } }],
  },
})

function deploymentOf(name: string, image: string, revision: number): object {
  const { metadata, spec } = templateOf(name, image, `${revision}`)
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      ...{ name, uid: name, generation: revision, annotations: { [REVISION]: `${revision}` } },
      managedFields: filledIn.map((_, number) => ({
        ...{ manager: `manager-${number}`, time: AT },
        fieldsV1: { 'f:spec': { 'f:template': Object.fromEntries(filledIn.map((one) => [one.name, {}])) } },
      })),
    },
    spec: { replicas: 3, selector: { matchLabels: { app: name } }, template: { metadata, spec } },
    status: { observedGeneration: revision, conditions: [condition('Available')], replicas: 3 },
  }
}

function belongingTo(name: string, image: string, newest: number): object {
  const sets = Array.from({ length: newest }, (_, number) => `${number + 1}`).map((revision) => ({
    ...{ kind: 'ReplicaSet', apiVersion: 'apps/v1' },
    metadata: {
      ...{ name: `${name}-${revision}`, uid: `${name}-${revision}`, annotations: { [REVISION]: revision } },
      labels: { 'pod-template-hash': revision },
      ownerReferences: [{ uid: name, kind: 'Deployment', name }],
    },
    spec: { replicas: 3, template: templateOf(name, image, revision) },
  }))
  const pods = ['a', 'b', 'c'].map((letter) => ({
    ...{ kind: 'Pod', apiVersion: 'v1' },
    metadata: {
      ...{ name: `${name}-${newest}-${letter}`, uid: letter, labels: { 'pod-template-hash': `${newest}` } },
      ownerReferences: [{ uid: `${name}-${newest}`, kind: 'ReplicaSet', name: `${name}-${newest}` }],
    },
    spec: templateOf(name, image, `${newest}`).spec,
    status: {
      phase: 'Running',
      conditions: ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'].map(condition),
      containerStatuses: [
        {
          ...{ name: 'app', image, imageID: image, ready: true, started: true, restartCount: 0 },
          state: { running: { startedAt: AT } },
        },
      ],
    },
  }))
  return { apiVersion: 'v1', kind: 'List', items: [...sets, ...pods] }
}

/**
 * A `kubectl` that plays Deployments whose pods change at once. Its answers are as large as those of a cluster. Returns the
 * folder that a path is to begin with.
 */
export function playedKubectl(names: readonly string[], { before, after }: PlayedImages): string {
  const folder = mkdtempSync(join(tmpdir(), 'kubectl-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const kept = join(folder, 'kept')
  mkdirSync(kept)
  for (const name of names)
    for (const [revision, image] of [before, after].entries()) {
      const file = (what: string) => join(kept, `${what}-${name}-${revision + 1}`)
      const write = (what: string, object: object) =>
        writeFileSync(file(what), `${JSON.stringify(object, null, 4)}\n`)
      write('deployment', deploymentOf(name, image, revision + 1))
      write('belonging', belongingTo(name, image, revision + 1))
    }
  const program = join(folder, 'kubectl')
  writeFileSync(program, script(kept))
  chmodSync(program, 0o755)
  return folder
}

/** Skips the options before the verb. A Deployment that was patched has a file that says so. */
const script = (kept: string): string => `#!/bin/sh
cd '${kept}'
while [ $# -gt 0 ]; do case $1 in --context|--namespace) shift 2;; --*) shift;; *) break;; esac; done
revision() { if [ -e "patched-$1" ]; then echo 2; else echo 1; fi; }
case "$1 $2" in
  'config current-context') echo bed;;
  'get namespaces') printf Active;;
  'create -f') cat >/dev/null; for right in 1 2 3 4; do echo true; done;;
  'get resourcequotas,poddisruptionbudgets.policy') echo '{ "items": [] }';;
  'get deployments.apps') exec cat "deployment-$3-$(revision "$3")";;
  'get replicasets.apps,pods') name=\${4#app=}; exec cat "belonging-$name-$(revision "$name")";;
  'patch deployments.apps') : >"patched-$3";;
  *) echo "error: unknown command: $*" >&2; exit 1;;
esac
`
