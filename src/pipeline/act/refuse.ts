import type { Plan } from '../../domain/plan/plan.ts'
import { refusalsToday } from '../../domain/plan/refusals.ts'
import { Problem } from '../../domain/problem.ts'
import { freezingOf } from '../../domain/schedule/freeze.ts'
import { frozen } from '../../domain/schedule/freeze-words.ts'
import { differences, type ShownPlan } from '../../domain/shown/shown-plan.ts'
import { isToBegin } from '../plan/free.ts'
import { refuseUnproven } from '../plan/proof.ts'
import type { Survey } from '../plan/survey.ts'
import type { Ports } from '../ports.ts'

/** Throws the first reason for which a plan may not be executed. */
export function refuseIfRefused({ refusals: [refusal] }: Plan): void {
  if (refusal !== undefined) throw new Problem(refusal.code, refusal)
}

/**
 * A deployment whose run ended before any change would begin now, however old its plan. Its approval may
 * still be asked for.
 */
export async function refuseToBeginLate(
  ports: Pick<Ports, 'ledgers' | 'clock'>,
  { kept, policy, timetable }: Survey,
  plan: Plan,
): Promise<void> {
  const underway = kept.ledger.deployment
  if (underway === null || !isToBegin(kept.ledger, plan)) return
  const [refusal] = refusalsToday(plan, policy, kept.ledger)
  if (refusal !== undefined) throw new Problem(refusal.code, refusal)
  await refuseUnproven(ports, policy, kept.ledger, plan)
  const freezing = freezingOf(plan.mode, timetable)
  if (freezing === null) return
  const action = { mode: plan.mode, environment: policy.name, mayOverride: policy.freezeOverride }
  const { code, next, ...words } = frozen(freezing, { ...action, timetable, override: null })
  throw new Problem(code, {
    ...words,
    next: `${next} Deployment ${underway.number} has changed nothing yet: answer it with Rollgate's form, by retry with that reason or by abandon.`,
  })
}

/** Throws if the present plan is not the approved one. */
export function refuseIfChanged(shown: ShownPlan, now: Plan): void {
  const moved = differences(shown, now)
  if (moved.length === 0) return
  throw new Problem('plan-changed', {
    what: `The plan that was approved no longer holds: ${moved.join('; ')}.`,
    why: 'The world moved between the plan and now, so what would be done is not what was approved.',
    next: 'Start a new run: it makes a new plan to look at. Nothing was changed.',
  })
}
