import { halt, liftHalt } from '../../pipeline/act/halt.ts'
import { recall } from '../../pipeline/plan/survey.ts'
import {
  type HaltView,
  haltLine,
  haltOutcome,
  haltResult,
  haltSummary,
} from '../../report/act/halt-report.ts'
import type { Hands } from '../run/hands.ts'
import { placeOf } from '../run/request.ts'
import { tellOutputs } from '../tell/outputs.ts'
import { addSummary } from '../tell/summary.ts'

/** Halts an environment, or lifts the halt. Writes beside the ledger, which a run may hold, and runs no command. */
export async function haltDoor(hands: Hands<'halt'>): Promise<void> {
  const { inputs, ports, config, runner } = hands
  const { environment, reason, lift } = inputs
  const recalled = await recall(ports, config, placeOf(hands, environment))
  const halting = { reason, by: runner.actor, run: runner.run.url }
  const there = await (lift ? liftHalt : halt)(ports, recalled, halting)
  const view: HaltView = { environment, ...halting, there, now: ports.clock.now().toISOString() }
  ports.voice.line(haltLine(view))
  addSummary(haltSummary(view))
  tellOutputs({ outcome: haltOutcome(view), result: JSON.stringify(haltResult(view)) })
}
