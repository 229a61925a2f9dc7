import type { KubernetesEngine } from '../../../domain/config/engine-recipe.ts'
import type { Clock } from '../../../pipeline/ports.ts'
import type { Kubectl } from './kubectl.ts'
import type { WorkloadReader } from './reader.ts'
import { workloadKinds } from './workload-kinds.ts'

/** Reads a file of the release. */
export interface ManifestFiles {
  /** Returns its text, or why it cannot be read. */
  read(path: string): { readonly text: string } | { readonly why: string }
}

/** A service on Kubernetes, and the means to read and change it. */
export interface KubernetesMeans {
  readonly engine: KubernetesEngine
  readonly kubectl: Kubectl
  readonly clock: Clock
  readonly files: ManifestFiles
  readonly reader: WorkloadReader
}

/** Returns a workload as a sentence names it: `Deployment web in shop`. */
export const placeInWords = ({ workload: { kind, name }, namespace }: KubernetesEngine): string =>
  `${workloadKinds[kind].word} ${name} in ${namespace}`
