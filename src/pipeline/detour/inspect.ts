import type { SmokeTest } from '../../domain/config/detour-recipe.ts'
import { backInCode, onward } from '../../domain/journal/direction.ts'
import type { Failure } from '../../domain/question/decision.ts'
import { askAboutInspection, askAboutReversion } from '../../domain/question/inspection.ts'
import { filledBy } from '../../domain/rolling/rollout-order.ts'
import type { DetourStep } from '../../domain/step/step.ts'
import type { Variables } from '../ports.ts'
import { type Context, variables } from '../run/context.ts'
import { answerInWords } from '../run/failure.ts'
import type { StepEnd, UndoEnd } from '../run/step-end.ts'
import { failureWhere, runWhere } from '../run/where.ts'
import { openIn } from './work.ts'

/** Looks at the changed side by machine, then has people look: nothing goes on before their answer. */
export async function inspect(context: Context, step: DetourStep): Promise<StepEnd> {
  const { smokeTest, links } = step.detour
  const seen = await variables(context, onward)
  const failure = smokeTest === null ? null : await tested(context, smokeTest, seen)
  if (failure?.code === 'interrupted') return { kind: 'failed', failure }
  // With on-failure: revert it goes back unasked, and the page has the failure.
  if (failure !== null && smokeTest?.onFailure === 'revert') return { kind: 'failed', failure }
  const { plan, session } = context
  const about = { failure, links: links.map((link) => filledBy(seen, link)), since: awaySince(context) }
  return { kind: 'asks', question: askAboutInspection(plan, session.standing, step, about) }
}

/** Has people look at the older release at home, before visitors come back to it. */
export async function inspectBack(context: Context, step: DetourStep): Promise<UndoEnd> {
  const { plan, session } = context
  const seen = await variables(context, backInCode)
  const links = step.detour.links.map((link) => filledBy(seen, link))
  return { question: askAboutReversion(plan, session.standing, step, { links, since: awaySince(context) }) }
}

const awaySince = (context: Context): string =>
  openIn(context)?.notes.findLast(({ act }) => act === 'at-stand-in')?.at ?? ''

/** Tries until everything passes, as often as the config says. */
async function tested(context: Context, smokeTest: SmokeTest, seen: Variables): Promise<Failure | null> {
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
