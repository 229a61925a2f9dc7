import { backInCode, onward } from '../../domain/journal/direction.ts'
import { askAboutInspection, askAboutReversion } from '../../domain/question/inspection.ts'
import { filledBy } from '../../domain/rolling/rollout-order.ts'
import type { DetourStep } from '../../domain/step/step.ts'
import { type Context, variables } from '../run/context.ts'
import type { StepEnd, UndoEnd } from '../run/step-end.ts'
import { passSmokeTest } from './smoke-test.ts'
import { openIn } from './work.ts'

/** Looks at the changed side by machine, then has people look: nothing goes on before their answer. */
export async function inspect(context: Context, step: DetourStep): Promise<StepEnd> {
  const { smokeTest, links } = step.detour
  const seen = await variables(context, onward)
  const failure = smokeTest === null ? null : await passSmokeTest(context, smokeTest, seen)
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
