import { expect, onTestFinished } from 'vitest'
import type { Result } from '../../../../src/report/outcome/result-output.ts'
import type { Job, JobInputs, StartedJob } from '../../../../src/sandbox/stage.ts'
import { openProject, type Project } from '../../../real/bed/project.ts'
import type { AppKind } from '../../images/images.ts'
import type { Cluster, ClusterLoad } from './cluster.ts'
import { namespaceFor, type WorkloadWanted, workloadOf } from './shop.ts'

/** A repository whose releases go to a Deployment of a namespace of its own, by the bundle. */
export interface KubernetesShop {
  readonly namespace: string
  readonly project: Project
  /** The variables of a job that finds the cluster. */
  readonly env: Readonly<Record<string, string>>
  /** Tags a release whose image is of this kind; settings are laid over its engine's. */
  release(tag: string, kind: AppKind | 'missing', laid?: Laid): Promise<void>
  start(release: string, inputs: JobInputs): Promise<StartedJob>
  deploy(release: string, inputs?: Readonly<Record<string, string>>): Promise<Job>
  decide(job: Job, decision: string): Promise<Job>
  /** Calls kubectl in the namespace, as the administrator. */
  kubectl(...words: readonly string[]): Promise<string>
  /** Sends requests to the Service of the shop. */
  load(): Promise<ClusterLoad>
  /** The versions that ready pods serve, one a pod. */
  versions(): Promise<readonly string[]>
}

export interface Laid {
  /** Over the settings of the service's engine. */
  readonly engine?: Readonly<Record<string, unknown>>
  /** Over those of `kubernetes`. */
  readonly kubernetes?: Readonly<Record<string, unknown>>
  readonly steps?: object
}

/** Opens a shop. Without a workload nothing is there before the first deployment. */
export async function openKubernetesShop(
  cluster: Cluster,
  wanted: Partial<WorkloadWanted> | null = {},
  files: Readonly<Record<string, string>> = { 'README.md': 'A shop.\n' },
): Promise<KubernetesShop> {
  const namespace = await namespaceFor(cluster)
  await cluster.apply(serviceOf(namespace))
  if (wanted !== null) await cluster.apply(workloadOf({ namespace, image: cluster.image('v3'), ...wanted }))
  if (wanted !== null) await cluster.kubectl('--namespace', namespace, 'rollout', 'status', 'deployment/web')
  const project = await openProject(files)
  onTestFinished(async () => {
    await project.close()
    expect(project.github.violations).toEqual([])
  })
  const { PATH = '', KUBECONFIG = '' } = cluster.envFor('admin')
  const kubectl = (...words: readonly string[]) => cluster.kubectl('--namespace', namespace, ...words)
  const env = { PATH, ROLLGATE_ENV: `KUBECONFIG=${KUBECONFIG}` }
  const start = (release: string, inputs: JobInputs) => project.start(release, inputs, env)
  const job = async (release: string, inputs: JobInputs): Promise<Job> => {
    const started = await start(release, inputs)
    const main = await started.ended
    return { main, post: await started.post(main) }
  }
  return {
    namespace,
    project,
    env,
    release: (tag, kind, laid = {}) =>
      project.release(tag, { engine: engineOf(cluster, namespace, kind, laid) }, laid.steps),
    start,
    deploy: (release, inputs = {}) => job(release, { command: 'deploy', release, ...inputs }),
    decide: ({ main }, decision) =>
      job(main.outputs.release ?? 'v2', {
        command: 'decide',
        pause: main.outputs.pause ?? '',
        decision,
        reason: 'looked at it',
      }),
    kubectl,
    async load() {
      const address = await kubectl('get', 'service', 'web', '-o', 'jsonpath={.spec.clusterIP}')
      return cluster.load(`http://${address}/`)
    },
    async versions() {
      const names = await kubectl(
        'get',
        'pods',
        '-l',
        'app=web',
        '-o',
        'jsonpath={.items[*].spec.containers[0].image}',
      )
      return names
        .split(' ')
        .filter((name) => name !== '')
        .map((name) => cluster.kindOf(name))
    },
  }
}

const serviceOf = (namespace: string) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace },
  spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] },
})

const engineOf = (
  cluster: Cluster,
  namespace: string,
  kind: AppKind | 'missing',
  { engine = {}, kubernetes = {} }: Laid,
) => ({
  kubernetes: {
    deployment: 'web',
    namespace,
    context: 'bed',
    image: kind === 'missing' ? cluster.missingImage : cluster.image(kind),
    ...kubernetes,
  },
  'min-healthy-time': '1s',
  deadline: '90s',
  ...engine,
})

/** Parses the output `result`. */
export const resultIn = ({ main }: Job): Result => JSON.parse(main.outputs.result ?? '{}')

/** The text of everything that a job said. */
export const saidBy = ({ main }: Job): string => [...main.log, main.summary].join('\n')

/** Expects the outcome of a job, and shows its log where it has another. */
export function expectOutcome(job: Job, outcome: string): void {
  if (job.main.outputs.outcome !== outcome) console.log(saidBy(job))
  expect(job.main.outputs.outcome).toBe(outcome)
}
