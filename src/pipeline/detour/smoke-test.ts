import type { SmokeTest } from '../../domain/config/detour-recipe.ts'
import type { Failure } from '../../domain/question/decision.ts'
import type { Variables } from '../ports.ts'
import type { Context } from '../run/context.ts'
import { answerInWords } from '../run/failure.ts'
import { failureWhere, runWhere } from '../run/where.ts'

/** Tries until everything passes, as often as the config says. */
export async function passSmokeTest(
  context: Context,
  smokeTest: SmokeTest,
  seen: Variables,
): Promise<Failure | null> {
  const { ports, stop } = context
  await ports.clock.sleep(smokeTest.delay, stop.asked)
  for (let tries = 1; ; tries += 1) {
    if (stop.asked.aborted) return interrupted
    const failure = await tryOnce(context, smokeTest, seen)
    if (failure === null || failure.code === 'interrupted') return failure
    if (tries >= smokeTest.attempts)
      return { ...failure, what: `${failure.what} It was tried ${tries} times.` }
    ports.voice.line(`try ${tries} of ${smokeTest.attempts}: ${failure.what}`)
    await ports.clock.sleep(smokeTest.interval, stop.asked)
  }
}

async function tryOnce(
  context: Context,
  { http, command }: SmokeTest,
  seen: Variables,
): Promise<Failure | null> {
  const { ports, stop } = context
  for (const probe of http) {
    const answer = await ports.prober.ask(probe, seen, stop.forced)
    if (stop.forced.aborted) return interrupted
    if (answer.kind !== 'yes') return failed(`${probe.url}: ${answerInWords(answer)}.`)
  }
  if (command === null) return null
  const failure = failureWhere('smoke-test', await runWhere(context, { command, seen, shown: true }))
  return failure === null || failure.code === 'interrupted'
    ? failure
    : { ...failed(failure.what), tail: failure.tail }
}

const failed = (what: string): Failure => ({
  code: 'inspection-failed',
  what: `The smoke test did not pass: ${what}`,
  tail: [],
})

/** The step is left open: the next run tests again. */
const interrupted: Failure = {
  code: 'interrupted',
  what: 'The smoke test was ended because the run was cancelled.',
  tail: [],
}
