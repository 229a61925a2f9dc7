/** One look at the jobs that an engine starts by the clock. */
export interface SchedulerSeen {
  readonly timed: readonly TimedJob[]
  /** The jobs of these that run now, by their own names. */
  readonly running: readonly string[]
}

export interface TimedJob {
  readonly name: string
  /** True if the engine starts none of its jobs. */
  readonly suspended: boolean
}

/** The names of those that are not suspended. */
export const activeIn = ({ timed }: SchedulerSeen): string[] =>
  timed.flatMap(({ name, suspended }) => (suspended ? [] : [name]))
