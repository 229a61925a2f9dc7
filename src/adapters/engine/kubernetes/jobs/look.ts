import * as z from 'zod/mini'
import { type PodObject, pod } from '../shapes.ts'

const job = z.object({
  kind: z.literal('Job'),
  metadata: z.object({ uid: z.string() }),
  status: z.object({
    conditions: z.optional(
      z.array(
        z.object({
          type: z.string(),
          status: z.string(),
          reason: z.optional(z.string()),
          message: z.optional(z.string()),
        }),
      ),
    ),
  }),
})

export const jobAndPods = z.object({ items: z.array(z.union([job, pod])) })

/** A job and its pod, as one look found them. */
export interface JobLook {
  readonly job: z.infer<typeof job> | null
  readonly pod: PodObject | null
  /** The container of the command: a cluster may have added others to the pod. */
  readonly container: string
}

export function jobIn({ items }: z.infer<typeof jobAndPods>, container: string): JobLook {
  const job = items.find((item) => item.kind === 'Job')
  const pod = items.find((item) => item.kind === 'Pod')
  return { job: job ?? null, pod: pod ?? null, container }
}

/** The end of a job as its status has it. */
export type JobEnd =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'timed-out' }
  /** Its pod is gone, or was ended from outside: nothing tells how far it got. */
  | { readonly kind: 'lost'; readonly why: string }

/**
 * Returns the end; null while it lasts. The end of the container counts: a proxy that the cluster has put beside it may run
 * on, and the job with it.
 */
export function endIn(look: JobLook): JobEnd | null {
  const { job } = look
  const code = stateIn(look)?.terminated?.exitCode
  const {
    type,
    reason = '',
    message = '',
  } = job?.status.conditions?.find(
    ({ type, status }) => status === 'True' && /^(?:Complete|Failed)$/.test(type),
  ) ?? {}
  if (type === undefined) return code === undefined ? null : { kind: 'exited', code }
  if (type === 'Complete') return { kind: 'exited', code: 0 }
  if (reason === 'DeadlineExceeded') return { kind: 'timed-out' }
  return code === undefined || code === 0
    ? { kind: 'lost', why: message || reason }
    : { kind: 'exited', code }
}

/** True once the container has begun, so that there is a log to follow. */
export const hasBegun = (look: JobLook): boolean => {
  const state = stateIn(look)
  return state?.running !== undefined || state?.terminated !== undefined
}

const stateIn = ({ pod, container }: JobLook) =>
  pod?.status.containerStatuses?.find(({ name }) => name === container)?.state
