import type { KubernetesEngine } from '../../../domain/config/engine-recipe.ts'
import { type KubernetesEngineValue, workloadKeys } from '../schema/engines/kubernetes.ts'

/** Reads a workload on Kubernetes. The schema lets exactly one kind of workload through. */
export function toKubernetesEngine(
  written: KubernetesEngineValue,
  images: KubernetesEngine['images'],
): KubernetesEngine {
  const [workload] = workloadKeys.flatMap((kind) => {
    const name = written[kind]
    return name === undefined ? [] : [{ kind, name }]
  })
  if (workload === undefined) throw new Error('no workload is named')
  const { namespace, context = null, manifests = [] } = written
  return { kind: 'kubernetes', workload, namespace, context, images, manifests }
}
