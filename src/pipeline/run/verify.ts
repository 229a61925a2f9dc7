import type { Command, Probe } from '../../domain/config/command.ts'
import { onward } from '../../domain/journal/direction.ts'
import type { Failure } from '../../domain/question/decision.ts'
import type { StepOf } from '../../domain/step/step.ts'
import { type Context, variables } from './context.ts'
import { answerInWords } from './failure.ts'
import type { StepEnd } from './step-end.ts'
import { failureWhere, type RanCommand } from './where.ts'

/** Runs a command of the step where it belongs. */
type RunCommand = (command: Command) => Promise<RanCommand>

/** Asks the front door if it serves the release: the address first, then the smoke test. */
export async function verify(context: Context, step: StepOf<'verify'>, run: RunCommand): Promise<StepEnd> {
  const { http, command } = step
  const failure =
    (http === null ? null : await tried(context, step, () => asked(context, http))) ??
    (command === null ? null : await tried(context, step, async () => smokeTest(context, await run(command))))
  if (failure !== null) return { kind: 'failed', failure }
  const passed = [
    http === null ? [] : [`${http.url} answered 200`],
    command === null ? [] : ['the smoke test passed'],
  ]
  return { kind: 'succeeded', note: `${context.plan.environment.name}: ${passed.flat().join(', ')}` }
}

/** Tries until it passes, as often as the step says. A run that is told to stop tries no more. */
async function tried(
  { ports: { clock, voice }, stop }: Context,
  { attempts, interval }: StepOf<'verify'>,
  attempt: () => Promise<Failure | null>,
): Promise<Failure | null> {
  for (let tries = 1; ; tries += 1) {
    const failure = await attempt()
    if (failure === null || failure.code === 'interrupted') return failure
    if (stop.asked.aborted) return interrupted
    if (tries >= attempts)
      return attempts === 1
        ? failure
        : { ...failure, what: `${failure.what} It was tried ${attempts} times.` }
    voice.line(`try ${tries} of ${attempts}: ${failure.what}`)
    await clock.sleep(interval, stop.asked)
  }
}

async function asked(context: Context, probe: Extract<Probe, { kind: 'http' }>): Promise<Failure | null> {
  const { ports, plan, stop } = context
  const answer = await ports.prober.ask(probe, await variables(context, onward), stop.forced)
  if (answer.kind === 'yes') return null
  const text = 'text' in answer ? answer.text.trimEnd() : ''
  return {
    code: 'verify-failed',
    what: `The front door of ${plan.environment.name} did not pass: ${probe.url}: ${answerInWords(answer)}.`,
    tail: text === '' ? [] : text.split('\n').slice(0, 20),
  }
}

function smokeTest({ plan }: Context, ran: RanCommand): Failure | null {
  const failure = failureWhere('verify', ran)
  if (failure === null || failure.code === 'interrupted') return failure
  return {
    ...failure,
    code: 'verify-failed',
    what: `The smoke test of ${plan.environment.name} did not pass: ${failure.what}`,
  }
}

/** The step is left open: the next run verifies again. */
const interrupted: Failure = {
  code: 'interrupted',
  what: 'Verifying was ended because the run was cancelled.',
  tail: [],
}
