import { nextReturn } from '../../domain/detour/closing.ts'
import { nextOpening } from '../../domain/detour/opening.ts'
import { nextTakingBack } from '../../domain/detour/taking-back.ts'
import { hasBegun } from '../../domain/journal/deployment-standing.ts'
import { backInCode } from '../../domain/journal/direction.ts'
import type { Failure } from '../../domain/question/decision.ts'
import type { DetourStep } from '../../domain/step/step.ts'
import type { Context } from '../run/context.ts'
import type { StepEnd } from '../run/step-end.ts'
import { proceed } from './proceed.ts'
import { detourWork, openIn } from './work.ts'

/** Has the stand-in serve: from the look at what speaks against it to a home that is free for its change. */
export async function openDetour(context: Context, step: DetourStep): Promise<StepEnd> {
  const work = await detourWork(context, step, { direction: backInCode })
  if (work === null) throw new Error('the ledger has no detour for the step that opens it')
  const failure = await proceed(work, nextOpening)
  return failure === null
    ? { kind: 'succeeded', note: `the stand-in serves ${context.plan.from?.tag ?? ''}` }
    : { kind: 'failed', failure }
}

/** Sends visitors home, and removes the stand-in. */
export async function closeDetour(context: Context, step: DetourStep): Promise<StepEnd> {
  const work = await detourWork(context, step)
  if (work === null) return { kind: 'skipped', note: 'no detour is open' }
  const failure = await proceed(work, nextReturn)
  return failure === null
    ? { kind: 'succeeded', note: `visitors are home on ${context.plan.release.tag}` }
    : { kind: 'failed', failure }
}

/** Ends a detour on the way back: as if it never was, where home is unchanged; else home is brought back before. */
export async function undoOpening(context: Context, step: DetourStep): Promise<Failure | null> {
  if (openIn(context) === null) return null
  const { direction } = context.session.standing
  const way = direction.database === 'restored' ? 'revert' : 'revert-code'
  const work = await detourWork(context, step, { direction: backInCode, way })
  if (work === null) return null
  return proceed(work, isUntouched(context, step) ? nextTakingBack : nextReturn)
}

/** True if no step after the opening has begun, so that home is as it was. */
function isUntouched({ plan, session }: Context, { id }: DetourStep): boolean {
  const place = plan.steps.findIndex((step) => step.id === id)
  return !plan.steps.slice(place + 1).some((step) => hasBegun(session.standing, step))
}
