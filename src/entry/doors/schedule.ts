import { noSchedules } from '../../domain/schedule/schedule.ts'
import type { Scheduling } from '../../inputs/scheduling.ts'
import { plainRequest } from '../../pipeline/plan/request.ts'
import { schedule } from '../../pipeline/schedule/schedule.ts'
import { withdraw } from '../../pipeline/schedule/withdraw.ts'
import { planSummary } from '../../report/plan/plan-summary.ts'
import {
  type ScheduleView,
  scheduleLine,
  scheduleResult,
  scheduleSummary,
} from '../../report/schedule/report.ts'
import type { Hands } from '../run/hands.ts'
import { placeOf } from '../run/request.ts'
import { tellOutputs } from '../tell/outputs.ts'
import { addSummary } from '../tell/summary.ts'
import { tellAlreadyDeployed } from '../tell/tell.ts'

/** Writes down a deployment for later, or takes that back. Nothing is deployed. */
export async function scheduleDoor(hands: Hands<'schedule'>): Promise<void> {
  const { scheduling } = hands.inputs
  return scheduling.kind === 'withdraw' ? takeBack(hands, scheduling.id) : writeDown(hands, scheduling)
}

async function writeDown(
  hands: Hands<'schedule'>,
  { release: tag, at, maxLateness }: Extract<Scheduling, { kind: 'schedule' }>,
): Promise<void> {
  const { inputs, ports, config, doer, runner } = hands
  const request = plainRequest(placeOf(hands, inputs.environment), tag)
  const asked = { request, at, maxLateness, reason: inputs.reason, by: runner.actor }
  const scheduled = await schedule(ports, config, asked, doer)
  if (scheduled.kind === 'already-deployed')
    return tellAlreadyDeployed(hands, inputs.environment, scheduled.release)
  const { plan, ledger, expected } = scheduled
  tell(hands, { outcome: 'scheduled', schedule: scheduled.schedule, ledger })
  // The other schedules have been shown already.
  const before = { ...expected, schedules: noSchedules }
  addSummary(planSummary(plan, { ledger: before, later: true }))
}

async function takeBack(hands: Hands<'schedule'>, id: string): Promise<void> {
  const { inputs, ports, config, doer, runner } = hands
  const place = placeOf(hands, inputs.environment)
  const { reason } = inputs
  const withdrawn = await withdraw(ports, config, place, { id, by: runner.actor, reason }, doer)
  tell(hands, { outcome: 'withdrawn', ...withdrawn })
}

function tell({ ports, runner }: Hands, done: Pick<ScheduleView, 'outcome' | 'schedule' | 'ledger'>): void {
  const view: ScheduleView = { ...done, run: runner.run.url, now: ports.clock.now().toISOString() }
  ports.voice.line(scheduleLine(view))
  addSummary(scheduleSummary(view))
  const { id, release } = view.schedule
  tellOutputs({
    outcome: view.outcome,
    schedule: id,
    release: release.tag,
    sha: release.sha,
    result: JSON.stringify(scheduleResult(view)),
  })
}
