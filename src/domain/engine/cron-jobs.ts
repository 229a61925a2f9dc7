/** The CronJobs of a namespace on Kubernetes that a migration must not meet. */
export interface CronJobs {
  readonly kind: 'cron-jobs'
  /** The service whose engine has them. */
  readonly service: string
  readonly namespace: string
  /** The context that must be the current one; null for any. */
  readonly context: string | null
  /** Null for all of the namespace. */
  readonly names: readonly string[] | null
}

/** CronJobs that were suspended. `active`: the names of those that were not suspended before, and are to be resumed. */
export interface SuspendedCronJobs extends CronJobs {
  readonly active: readonly string[]
  /** Those of other places that an earlier suspension has left, before the scheduler moved; left out without any. */
  readonly left?: readonly SuspendedCronJobs[]
}

/** Returns a suspension that knows those before it: CronJobs that were suspended are not seen to be active any more. */
export function suspendedSince(now: SuspendedCronJobs, earlier: SuspendedCronJobs): SuspendedCronJobs {
  const { left: before = [], ...last } = earlier
  const all = [last, ...before]
  const same = all.find((one) => samePlace(one, now))
  const left = all.filter((one) => one !== same && one.active.length > 0)
  return {
    ...now,
    ...(same === undefined ? {} : { active: same.active }),
    ...(left.length === 0 ? {} : { left }),
  }
}

/** True if two suspensions are of CronJobs in the same place. */
const samePlace = (one: CronJobs, other: CronJobs): boolean =>
  one.namespace === other.namespace && one.context === other.context

/** `the CronJobs hourly, nightly in shop` */
export const cronJobsInWords = ({ names, namespace }: CronJobs): string =>
  names === null ? `every CronJob in ${namespace}` : `the CronJobs ${names.join(', ')} in ${namespace}`
