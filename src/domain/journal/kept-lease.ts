import type { Plan } from '../plan/plan.ts'
import type { Step } from '../step/step.ts'
import { traitsOf } from '../step/traits.ts'
import { hasBegun, type Standing, stateOf } from './deployment-standing.ts'
import { pins } from './doubt.ts'

/**
 * True if the lease of a step is kept when the step is taken back, because an earlier deployment needs it still. Jobs that
 * start again, or visitors, would meet a home that is half migrated, or not inspected yet.
 */
export const keepsLease = (plan: Plan, now: Standing, step: Step): boolean =>
  traitsOf(step).brackets.some(
    ({ part, lease }) =>
      part === 'opens' && (staysAside(plan, now) || (plan.pinned.includes(lease) && !hasMigrated(plan, now))),
  )

/** True if a detour was open before, and the deployment ends before it has gone on in it. */
const staysAside = ({ steps }: Plan, now: Standing): boolean =>
  steps.some((step) => traitsOf(step).remembers === 'detour-joined' && !hasBegun(now, step))

const hasMigrated = ({ steps }: Plan, now: Standing): boolean =>
  steps.some((step) => pins(step) && stateOf(now, step).state === 'succeeded')
