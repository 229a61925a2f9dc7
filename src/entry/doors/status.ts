import type { OutputName } from '../../inputs/definitions.ts'
import { lookAround } from '../../pipeline/look/status.ts'
import { doctorNote } from '../../report/doctor/page.ts'
import { statusLines } from '../../report/status/lines.ts'
import { statusResult } from '../../report/status/output.ts'
import type { StatusResult } from '../../report/status/result.ts'
import { statusSummary } from '../../report/status/summary.ts'
import type { StatusView } from '../../report/status/view.ts'
import { answersOf, type Hands, withoutSecrets } from '../run/wire.ts'
import { tellOutputs } from '../tell/outputs.ts'
import { addSummary } from '../tell/summary.ts'

/** Shows the serving releases of environments, and their state. Changes nothing, and no finding is a failure. */
export async function statusDoor(hands: Hands<'status'>): Promise<void> {
  const { ports } = hands
  const view = await lookAt(hands)
  for (const line of statusLines(view)) ports.voice.line(line)
  addSummary(statusSummary(view))
  const { inputs, app, runner } = hands
  addSummary(doctorNote(await answersOf(inputs, runner).read(view.environments[0]?.app ?? app)))
  const result = statusResult(view)
  tellOutputs({ outcome: result.outcome, ...(hands.inputs.environment === null ? {} : ofTheOnly(result)) })
  tellOutputs({ result: JSON.stringify(result) })
}

/** Returns the data of the page and of the result. */
export async function lookAt(hands: Hands<'status'>): Promise<StatusView> {
  const { inputs, ports, config, doer, stop, app, runner } = hands
  const asked = {
    environment: inputs.environment,
    app,
    configPath: inputs.config,
    observe: inputs.observe,
  }
  const environments = await lookAround(ports, config, asked, doer, stop.asked)
  return {
    environments: withoutSecrets(environments),
    run: runner.run.url,
    now: ports.clock.now().toISOString(),
    form: await hands.forms.find(),
  }
}

/** The outputs about the one named environment, for later steps. */
function ofTheOnly({ environments: [only] }: StatusResult): Partial<Record<OutputName, string>> {
  return {
    release: only?.serving?.tag ?? '',
    sha: only?.serving?.sha ?? '',
    pause: only?.pause?.id ?? '',
  }
}
