import type { EngineJob, Variables } from '../../../../pipeline/ports.ts'
import { imageFor, type TemplateContainer, type WholeWorkload } from '../template.ts'

/** The label of a job and its pod. No Service asks for it, and no label of the service is on them. */
export const JOB_LABEL = 'rollgate.dev/job'

/** The time after its end for which a job stays, so that a run that was lost finds it. */
const KEPT_SECONDS = 24 * 60 * 60

/** The fields by which a container is served and watched: a job is neither. */
const ofServing = ['ports', 'readinessProbe', 'livenessProbe', 'startupProbe', 'lifecycle']

/** A job, and the container in which its command runs. */
interface JobManifest {
  readonly object: object
  readonly container: string
}

/** Makes a job of one pod with the settings and secrets of a container of the service; null without such a container. */
export function jobManifest(
  { spec }: WholeWorkload,
  job: EngineJob,
  words: readonly string[],
  variables: Variables,
): JobManifest | null {
  const { containers, initContainers = [], ...pod } = spec.template.spec
  const container =
    job.container === null ? containers[0] : containers.find(({ name }) => name === job.container)
  if (container === undefined) return null
  const labels = { [JOB_LABEL]: job.name }
  const object = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: job.name, labels },
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: Math.ceil(job.command.timeout / 1000),
      ttlSecondsAfterFinished: KEPT_SECONDS,
      template: {
        metadata: { labels },
        spec: {
          ...pod,
          restartPolicy: 'Never',
          // Proxies beside the container: they end with it. Others would do work of the service.
          initContainers: initContainers.filter(({ restartPolicy }) => restartPolicy === 'Always'),
          containers: [working(container, containers.length, job, words, variables)],
        },
      },
    },
  }
  return { object, container: container.name }
}

function working(
  container: TemplateContainer,
  containers: number,
  { images, command }: EngineJob,
  words: readonly string[],
  variables: Variables,
): object {
  const given = { ...command.env, ...variables }
  const own = Array.isArray(container.env) ? container.env : []
  const kept = own.filter(({ name }: { name: string }) => !Object.hasOwn(given, name))
  const rest = Object.entries(container).filter(([key]) => !ofServing.includes(key))
  return {
    ...Object.fromEntries(rest),
    image: imageFor(container.name, containers, images) ?? container.image,
    command: words,
    args: [],
    env: [...kept, ...Object.entries(given).map(([name, value]) => ({ name, value }))],
    ...(command.workingDirectory === '.' ? {} : { workingDir: command.workingDirectory }),
  }
}
