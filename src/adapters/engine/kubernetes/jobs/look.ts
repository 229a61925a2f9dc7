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
}

export function jobIn({ items }: z.infer<typeof jobAndPods>): JobLook {
  const job = items.find((item) => item.kind === 'Job')
  const pod = items.find((item) => item.kind === 'Pod')
  return { job: job ?? null, pod: pod ?? null }
}

/** The end of a job as its status has it. */
export type JobEnd =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'timed-out' }
  /** Its pod is gone, or was ended from outside: nothing tells how far it got. */
  | { readonly kind: 'lost'; readonly why: string }

/** Returns the end; null while it lasts. */
export function endIn({ job, pod }: JobLook): JobEnd | null {
  const {
    type,
    reason = '',
    message = '',
  } = job?.status.conditions?.find(
    ({ type, status }) => status === 'True' && /^(?:Complete|Failed)$/.test(type),
  ) ?? {}
  if (type === undefined) return null
  if (type === 'Complete') return { kind: 'exited', code: 0 }
  if (reason === 'DeadlineExceeded') return { kind: 'timed-out' }
  const code = pod?.status.containerStatuses?.[0]?.state?.terminated?.exitCode
  return code === undefined || code === 0
    ? { kind: 'lost', why: message || reason }
    : { kind: 'exited', code }
}

/** True once the container has begun, so that there is a log to follow. */
export const hasBegun = ({ pod }: JobLook): boolean => {
  const state = pod?.status.containerStatuses?.[0]?.state
  return state?.running !== undefined || state?.terminated !== undefined
}
