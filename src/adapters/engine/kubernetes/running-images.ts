import { digestOf } from '../../../domain/engine/images.ts'
import type { WorkloadLook } from './look.ts'
import type { ContainerStatus, PodObject } from './shapes.ts'

/** A container whose pod names, or runs, other content than its workload names. */
interface OtherImage {
  readonly container: string
  readonly wanted: string
  readonly given: string
}

/** True if every container of a pod runs, and has run, the content that the workload names. */
export const runsItsImages = (look: WorkloadLook, pod: PodObject): boolean =>
  otherImages(look, pod).length === 0 && lasting(look).every(({ name }) => isRunning(statusOf(pod, name)))

/**
 * Returns the containers with other content. A node that has the same content under another name may show that name, or an
 * id of its own: then the digest in the pod, which the node has resolved, is the proof.
 */
export function otherImages({ workload }: WorkloadLook, pod: PodObject): readonly OtherImage[] {
  const { containers, initContainers = [] } = workload.spec.template.spec
  return [...containers, ...initContainers].flatMap(({ name, image }) => {
    const wanted = digestOf(image)
    const given = inSpec(pod, name)
    const run = statusOf(pod, name)?.imageID ?? ''
    const isSame = wanted === null || wanted === digestOf(given) || wanted === digestOf(run)
    return isSame ? [] : [{ container: name, wanted: image, given: given || 'no image' }]
  })
}

/** The containers that run for as long as their pod: sidecars among the init containers, too. */
const lasting = ({ workload: { spec } }: WorkloadLook) => [
  ...spec.template.spec.containers,
  ...(spec.template.spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always'),
]

const inSpec = ({ spec }: PodObject, name: string): string =>
  [...spec.containers, ...(spec.initContainers ?? [])].find((one) => one.name === name)?.image ?? ''

const statusOf = ({ status }: PodObject, name: string): ContainerStatus | undefined =>
  [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])].find(
    (one) => one.name === name,
  )

const isRunning = (status: ContainerStatus | undefined): boolean =>
  status !== undefined && status.imageID !== '' && status.state?.running !== undefined
