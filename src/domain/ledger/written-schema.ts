import type { Ledger } from './ledger.ts'

/** The number of a written ledger's shape. A run refuses a number that it does not know. */
export type WrittenSchema = 1 | 2

/** The newest number that this version reads. */
export const newestSchema: WrittenSchema = 2

/**
 * Returns 1 for a ledger that 0.1.0 can resume, and 2 for any other: 0.1.0 would pass over a step or an event that it
 * does not know, or begin a deployment beside a lease that it cannot see.
 */
export const schemaOf = ({ leases, deployment }: Pick<Ledger, 'leases' | 'deployment'>): WrittenSchema =>
  leases.every(({ kind }) => kind === 'scheduler') &&
  (deployment?.plan.steps ?? []).every(({ kind }) => stepsOfSchema1.has(kind)) &&
  (deployment?.journal ?? []).every(({ kind }) => eventsOfSchema1.has(kind))
    ? 1
    : 2

/** The steps of 0.1.0, which get no more. A reset is written as a migration of that id. */
const stepsOfSchema1: ReadonlySet<string> = new Set([
  ...['source', 'approve', 'build', 'configure-broker', 'pre-deploy', 'suspend-scheduler', 'pre-configure'],
  ...['deploy-scheduler', 'migrate', 'reset', 'check-compatibility', 'resume-scheduler', 'roll-services'],
  ...['record-version', 'task', 'post-configure', 'post-deploy'],
])

/** The events of 0.1.0. */
const eventsOfSchema1: ReadonlySet<string> = new Set([
  ...['opened', 'resumed', 'interrupted', 'left', 'record-opened', 'paused', 'lapsed', 'decided', 'ended'],
  ...['step-started', 'step-succeeded', 'step-skipped', 'step-failed', 'turned-back'],
  ...['undo-started', 'undo-succeeded', 'undo-failed', 'instances-observed', 'capacity-observed'],
  ...['instances-started', 'instance-succeeded', 'instance-failed', 'bake-started', 'bake-ended'],
])
