import * as z from 'zod/mini'
import { listed } from '../../wording.ts'
import { inPart } from '../in-part.ts'
import { distinct } from '../names.ts'
import { expected, mapping } from '../shapes.ts'
import { pathInside } from '../values.ts'
import { key, required, vocabulary } from '../vocabulary.ts'
import { imageKeys, namesImages } from './images.ts'
import { contextName, objectName } from './object-names.ts'

const manifestWords = 'a list of paths, like `deploy/web.yaml`'
const manifests = z
  .array(pathInside('a relative path'), { error: expected(manifestWords) })
  .check(z.minLength(1, { error: () => 'needs a path: add one, or leave `manifests` out' }), distinct)
  .register(vocabulary, { words: manifestWords })

/** The kinds of workloads, each by its own key. */
const workloads = {
  deployment: key(objectName, 'The Deployment that runs the service.'),
  statefulset: key(objectName, 'The StatefulSet that runs the service.'),
  daemonset: key(objectName, 'The DaemonSet that runs the service.'),
}

export const workloadKeys = Object.keys(workloads) as readonly (keyof typeof workloads)[]

const words = 'a mapping with a workload, `namespace` and `image`'

const keys = {
  ...workloads,
  ...imageKeys,
  namespace: required(objectName, 'The namespace of the workload.'),
  context: key(
    contextName,
    'The context of the kubeconfig that must be the current one. Default: any, as in a cluster of its own.',
  ),
  manifests: key(
    manifests,
    'Files of the release that are applied server-side with the images in them. Default: only the images are set.',
  ),
}

/** A workload on Kubernetes, changed by kubectl. */
export const kubernetesEngine = mapping(words, keys)
  .check(
    z.refine((written) => workloadKeys.filter((name) => written[name] !== undefined).length === 1, {
      error: () => `names one workload: ${listed(workloadKeys)}`,
      when: ({ issues }) => issues.length === 0,
    }),
  )
  .check(namesImages)
export const kubernetesEnginePart = inPart(words, keys)

export type KubernetesEngineValue = z.output<typeof kubernetesEngine>
