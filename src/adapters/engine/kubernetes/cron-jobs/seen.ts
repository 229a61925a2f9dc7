import * as z from 'zod/mini'
import type { SchedulerSeen } from '../../../../domain/engine/scheduler-seen.ts'

const condition = z.object({ type: z.string(), status: z.string() })

const cronJob = z.object({
  kind: z.literal('CronJob'),
  metadata: z.object({ name: z.string(), uid: z.string() }),
  spec: z.object({ suspend: z.optional(z.boolean()) }),
})
type CronJobObject = z.infer<typeof cronJob>

const job = z.object({
  kind: z.literal('Job'),
  metadata: z.object({
    name: z.string(),
    ownerReferences: z.optional(z.array(z.object({ uid: z.string() }))),
  }),
  spec: z.object({ suspend: z.optional(z.boolean()) }),
  status: z.object({
    active: z.optional(z.number()),
    terminating: z.optional(z.number()),
    conditions: z.optional(z.array(condition)),
  }),
})
type JobObject = z.infer<typeof job>

export const cronJobsAndJobs = z.object({ items: z.array(z.union([cronJob, job])) })

type Item = CronJobObject | JobObject

/** Makes an answer of a list. `names`: the CronJobs that are meant; null for all. */
export function schedulerSeen(items: readonly Item[], names: readonly string[] | null): SchedulerSeen {
  const meant = items.flatMap((item) =>
    item.kind === 'CronJob' && (names === null || names.includes(item.metadata.name)) ? [item] : [],
  )
  const uids = new Set(meant.map(({ metadata }) => metadata.uid))
  const running = items.flatMap((item) =>
    item.kind === 'Job' && isOwned(item, uids) && runs(item) ? [item.metadata.name] : [],
  )
  return {
    timed: meant.map(({ metadata: { name }, spec }) => ({ name, suspended: spec.suspend === true })),
    running,
  }
}

const isOwned = ({ metadata: { ownerReferences = [] } }: JobObject, uids: ReadonlySet<string>): boolean =>
  ownerReferences.some(({ uid }) => uids.has(uid))

const ends = ['Complete', 'Failed']

/**
 * True while a job has pods, or may still get one: it has just been made, or waits to try again. One that is suspended gets
 * none.
 */
function runs({ spec, status }: JobObject): boolean {
  const { active = 0, terminating = 0, conditions = [] } = status
  if (active > 0 || terminating > 0) return true
  return (
    spec.suspend !== true && !conditions.some(({ type, status: is }) => ends.includes(type) && is === 'True')
  )
}
