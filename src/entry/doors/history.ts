import { recall } from '../../pipeline/plan/survey.ts'
import { historyLines } from '../../report/history/lines.ts'
import { historyResult } from '../../report/history/output.ts'
import { historySummary } from '../../report/history/summary.ts'
import type { HistoryView } from '../../report/history/view.ts'
import type { Hands } from '../run/hands.ts'
import { placeOf } from '../run/request.ts'
import { tellOutputs } from '../tell/outputs.ts'
import { addSummary } from '../tell/summary.ts'

/** Shows the history of an environment: actor, time, reason and outcome. Changes nothing. */
export async function historyDoor(hands: Hands<'history'>): Promise<void> {
  const { inputs, ports, config, runner } = hands
  const { environment, limit } = inputs
  const { ledger } = await recall(ports, config, placeOf(hands, environment))
  const view: HistoryView = { ledger, limit, run: runner.run.url, now: ports.clock.now().toISOString() }
  for (const line of historyLines(view)) ports.voice.line(line)
  addSummary(historySummary(view))
  tellOutputs({
    outcome: 'looked',
    release: ledger.serving?.release.tag ?? '',
    sha: ledger.serving?.release.sha ?? '',
    result: JSON.stringify(historyResult(view)),
  })
}
