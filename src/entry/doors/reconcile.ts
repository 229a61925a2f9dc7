import {
  compare,
  converge,
  type DriftFound,
  mayConverge,
  refuseToConverge,
  servingToConverge,
} from '../../pipeline/act/reconcile.ts'
import { logLine } from '../../report/outcome/log-lines.ts'
import { driftResult } from '../../report/status/drift-output.ts'
import { driftedWords, driftLine, driftSummary } from '../../report/status/drift-summary.ts'
import type { DriftView } from '../../report/status/drift-view.ts'
import { recordSentences } from '../../report/status/view.ts'
import type { Hands } from '../run/hands.ts'
import { forgetLock } from '../run/remembered.ts'
import { placeOf } from '../run/request.ts'
import { voice, withoutSecrets } from '../run/wire.ts'
import { leaveWith } from '../tell/leave.ts'
import { tellOutputs } from '../tell/outputs.ts'
import { addSummary } from '../tell/summary.ts'
import { tellAlreadyDeployed } from '../tell/tell.ts'

/** Compares the instances with the ledger, and on request brings them back to the serving release. */
export async function reconcileDoor(hands: Hands<'reconcile'>): Promise<void> {
  const { inputs, ports, config, doer, stop } = hands
  const asked = placeOf(hands, inputs.environment)
  if (inputs.converge && (await mayConverge(ports, config, asked, doer)).kind === 'asks')
    return askToConverge(hands)
  const compared = await compare(ports, config, asked, doer, stop.asked)
  const drifted = tellComparison(hands, compared)
  if (inputs.converge) refuseToConverge(compared)
  const { serving } = compared.ledger
  if (drifted.length === 0 || serving === null) return
  if (!inputs.converge) return tellDrift(hands, drifted)
  const deployed = await converge(hands, asked, serving)
  if (deployed.kind === 'done') return leaveWith(hands, deployed)
  forgetLock()
  tellAlreadyDeployed(hands, asked.environment, deployed.release)
}

/** Writes the question for named people; no instance is asked before one of them approved. */
export async function askToConverge(hands: Hands<'reconcile' | 'gate'>): Promise<void> {
  const { inputs, ports, config, doer } = hands
  const asked = placeOf(hands, inputs.environment)
  const serving = await servingToConverge(ports, config, asked, doer)
  const deployed = await converge(hands, asked, serving)
  if (deployed.kind === 'done') return leaveWith(hands, deployed)
  forgetLock()
  tellAlreadyDeployed(hands, asked.environment, deployed.release)
}

/** Returns the drift in words. */
function tellComparison({ ports, runner, forms }: Hands, compared: DriftFound): readonly string[] {
  const view: DriftView = {
    ...withoutSecrets(compared),
    form: forms.own,
    run: runner.run.url,
    now: ports.clock.now().toISOString(),
  }
  const result = driftResult(view)
  const drifted = driftedWords(view)
  ports.voice.line(driftLine(view))
  for (const words of recordSentences(view.records)) ports.voice.warning('The record is behind', words)
  for (const words of drifted) ports.voice.line(`  ${logLine(words)}`)
  addSummary(driftSummary(view))
  tellOutputs({
    outcome: result.outcome,
    drift: String(result.drift),
    release: result.serving?.tag ?? '',
    sha: result.serving?.sha ?? '',
    result: JSON.stringify(result),
  })
  return drifted
}

/** An annotation names the instances; it turns the step red where that was asked for. */
function tellDrift({ inputs, ports, forms }: Hands<'reconcile'>, drifted: readonly string[]): void {
  const title = `${inputs.environment} has drifted`
  const how =
    forms.own?.kind === 'whole'
      ? `fill in the form ${forms.own.title} with do: reconcile, ${forms.own.url}`
      : 'run this with converge: true.'
  const text = `${drifted.join('\n')}\nTo bring it back ${how}`
  if (!inputs.failOnDrift) {
    ports.voice.warning(title, text)
    return
  }
  voice.error(title, text)
  tellOutputs({ 'reason-code': 'drift-found' })
  process.exitCode = 1
}
