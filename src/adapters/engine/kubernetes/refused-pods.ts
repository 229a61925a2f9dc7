import * as z from 'zod/mini'
import type { Calling } from '../tool.ts'
import type { Kubectl } from './kubectl.ts'
import { isEnding, type WorkloadLook } from './look.ts'
import { shaped } from './shapes.ts'
import type { TroubleSeen } from './troubles.ts'
import { workloadKinds } from './workload-kinds.ts'

const events = z.object({
  items: z.array(
    z.object({
      message: z.optional(z.string()),
      lastTimestamp: z.nullish(z.string()),
      eventTime: z.nullish(z.string()),
    }),
  ),
})

/** The word of a controller whose pod was refused. */
const REFUSED = 'FailedCreate'

/**
 * Reads why pods of a StatefulSet or DaemonSet could not be made: a quota, a policy, a webhook. Their status does not say it,
 * as that of a Deployment does; events do, for an hour. One from before the newest pod tells of an earlier time.
 */
export async function refusedPods(
  kubectl: Kubectl,
  { kind, workload, pods }: WorkloadLook,
  calling: Calling,
): Promise<TroubleSeen[]> {
  const { replicas, resource, tellsRefusals } = workloadKinds[kind]
  if (tellsRefusals || pods.length >= replicas(workload) || pods.some(isEnding)) return []
  const { uid, name } = workload.metadata
  const about = `involvedObject.uid=${uid},reason=${REFUSED}`
  const answer = await kubectl.ask(
    ['get', 'events', '--field-selector', about, '--sort-by=.lastTimestamp', '-o', 'json'],
    calling,
  )
  const last = answer.kind === 'answered' ? shaped(events, answer.text)?.items.at(-1) : undefined
  if (last === undefined) return []
  const at = Date.parse(last.lastTimestamp ?? last.eventTime ?? '')
  const made = pods.map(({ metadata }) => Date.parse(metadata.creationTimestamp ?? ''))
  if (made.some((time) => time > at)) return []
  const message = last.message ?? `${resource} ${name} cannot make a pod`
  const lasting = !Number.isNaN(at)
  return [{ trouble: { replica: name, reason: REFUSED, message, lasting }, log: null }]
}
