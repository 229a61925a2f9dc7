import { asProblem } from '../../domain/problem.ts'
import { type Reading, unknown } from '../../domain/reading.ts'
import { type StateSeen, stateSeen, unexpected } from '../../domain/shown/state-words.ts'
import type { OutputName } from '../../inputs/definitions.ts'
import { lookAround } from '../../pipeline/look/status.ts'
import { lookUntilStill } from '../../pipeline/look/until-still.ts'
import { doctorNote } from '../../report/doctor/page.ts'
import { statusLines } from '../../report/status/lines.ts'
import { statusResult } from '../../report/status/output.ts'
import type { StatusResult } from '../../report/status/result.ts'
import { statusSummary } from '../../report/status/summary.ts'
import type { StatusView } from '../../report/status/view.ts'
import type { Hands } from '../run/hands.ts'
import { answersOf, withoutSecrets } from '../run/wire.ts'
import { tellOutputs } from '../tell/outputs.ts'
import { addSummary } from '../tell/summary.ts'

/** Shows the serving releases of environments, and their state. Changes nothing; only an expectation can fail. */
export async function statusDoor(hands: Hands<'status'>): Promise<void> {
  const { ports } = hands
  const { expected } = hands.inputs
  const view = expected?.wait == null ? await lookAt(hands) : await lookOn(hands, expected.wait)
  for (const line of statusLines(view)) ports.voice.line(line)
  addSummary(statusSummary(view))
  const { inputs, app, runner } = hands
  addSummary(doctorNote(await answersOf(inputs, runner).read(view.environments[0]?.app ?? app)))
  const result = statusResult(view)
  tellOutputs({ outcome: result.outcome, ...(hands.inputs.environment === null ? {} : ofTheOnly(result)) })
  tellOutputs({ result: JSON.stringify(result) })
  const fault = expected === null ? null : unexpected(expected, stateOf(view))
  if (fault !== null) throw asProblem(fault)
}

/** Looks until nothing changes at the named environment before a person acts. The log has each change once. */
const lookOn = (hands: Hands<'status'>, wait: number): Promise<StatusView> =>
  lookUntilStill(
    hands.ports.clock,
    wait,
    {
      look: () => lookAt(hands),
      stateOf,
      changed: (words, { environments, now }) =>
        hands.ports.voice.line(`${now}: ${environments[0]?.name ?? ''} is ${words}`),
    },
    hands.stop.asked,
  )

/** An environment that could not be read is unknown. */
function stateOf({ environments: [only] }: StatusView): Reading<StateSeen> {
  const memory = only?.memory
  if (memory?.kind === 'read') return stateSeen(memory)
  return unknown({
    code: 'status-unknown',
    what: `The state of ${only?.name ?? 'the environment'} could not be read: ${memory?.failure.what ?? 'it is not there'}`,
    why: 'Without it nothing is as expected.',
    next: 'Ask again. Nothing was changed.',
  })
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
