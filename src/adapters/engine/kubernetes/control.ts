import type { KubernetesEngine } from '../../../domain/config/engine-recipe.ts'
import type { Images } from '../../../domain/engine/engine-seen.ts'
import type { Clock, EngineControl, Shell, Variables, Watch } from '../../../pipeline/ports.ts'
import { ableOn } from './able/able.ts'
import { scaleTo, scaleToNone } from './change-by.ts'
import { jobsOn } from './jobs/run.ts'
import { kubectlOf } from './kubectl.ts'
import { compareManifests } from './manifests/compare.ts'
import type { KubernetesMeans, ManifestFiles } from './means.ts'
import { readerOf } from './reader.ts'
import { rolloutsOf } from './rollouts.ts'
import { testBedOn } from './test-bed.ts'
import { workloadKinds } from './workload-kinds.ts'

export interface KubernetesOptions {
  readonly shell: Shell
  readonly clock: Clock
  readonly files: ManifestFiles
}

/** A service on Kubernetes, by kubectl. */
export function createKubernetes(
  engine: KubernetesEngine,
  { shell, clock, files }: KubernetesOptions,
): EngineControl {
  const kubectl = kubectlOf(engine, shell)
  const here: KubernetesMeans = {
    engine,
    kubectl,
    clock,
    files,
    reader: readerOf({ kubectl, clock, images: engine.images }),
  }
  const rollouts = rolloutsOf(here)
  return {
    able: (variables, watch) => ableOn(here, { variables, watch }),
    state: (variables, signal) => here.reader.state(engine.workload, variables, signal),
    ...(engine.manifests.length === 0
      ? {}
      : {
          compare: (images: Images, variables: Variables, watch: Watch) =>
            compareManifests(here, images, { variables, watch }),
        }),
    handOver: (order, variables, watch) => rollouts.handOver(order, { variables, watch }),
    restart: (variables, watch) => rollouts.restart({ variables, watch }),
    ...(workloadKinds[engine.workload.kind].isCounted
      ? {
          scale: (replicas: number, variables: Variables, watch: Watch) =>
            scaleTo(here, replicas, { variables, watch }),
          empty: (variables: Variables, watch: Watch) => scaleToNone(here, { variables, watch }),
        }
      : {}),
    stop: (variables, watch) => rollouts.stop({ variables, watch }),
    testBed: testBedOn(here),
    jobs: jobsOn(here),
  }
}
