import { planRehearsal, rehearsalDone } from '../../pipeline/act/rehearse.ts'
import {
  type RehearsalView,
  rehearsalLine,
  rehearsalResult,
  rehearsalSummary,
} from '../../report/act/rehearsal-report.ts'
import type { Hands } from '../run/hands.ts'
import { placeOf } from '../run/request.ts'
import { tellOutputs } from '../tell/outputs.ts'
import { addSummary } from '../tell/summary.ts'

/** Reports if a rollback may be rehearsed, and afterwards if it was. Changes nothing. */
export async function rehearseDoor(hands: Hands<'rehearse'>): Promise<void> {
  await tellRehearsal(hands)
}

/** Writes the page, the log and the outputs of a rehearsal, and returns it. */
export async function tellRehearsal(hands: Hands<'rehearse'>): Promise<RehearsalView> {
  const { inputs, ports, runner } = hands
  const view: RehearsalView = {
    ...(await wayOf(hands, { ...placeOf(hands, inputs.environment), to: inputs.release })),
    environment: inputs.environment,
    run: runner.run.url,
    now: ports.clock.now().toISOString(),
  }
  ports.voice.line(rehearsalLine(view))
  addSummary(rehearsalSummary(view))
  const result = rehearsalResult(view)
  tellOutputs({
    outcome: result.outcome,
    release: view.release.tag,
    sha: view.release.sha,
    'previous-release': view.to.tag,
    result: JSON.stringify(result),
  })
  return view
}

async function wayOf(
  { inputs, ports, config }: Hands<'rehearse'>,
  asked: Parameters<typeof planRehearsal>[2],
) {
  if (inputs.rehearsed === null) return { ...(await planRehearsal(ports, config, asked)), rehearsed: null }
  return { ...(await rehearsalDone(ports, config, asked, inputs.rehearsed)), back: null }
}
