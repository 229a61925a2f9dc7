import { nextReturn } from '../../domain/detour/closing.ts'
import { hasChangedHome } from '../../domain/detour/going-back.ts'
import { nextOpening } from '../../domain/detour/opening.ts'
import {
  nextGoingHome,
  nextJoining,
  nextOnward,
  nextRejoining,
  nextRestoring,
} from '../../domain/detour/reverting.ts'
import { nextTakingBack } from '../../domain/detour/taking-back.ts'
import { backInCode } from '../../domain/journal/direction.ts'
import type { Failure } from '../../domain/question/decision.ts'
import type { DetourStep } from '../../domain/step/step.ts'
import type { Context } from '../run/context.ts'
import type { StepEnd } from '../run/step-end.ts'
import { proceed } from './proceed.ts'
import { detourWork } from './work.ts'

/** Has the stand-in serve: from the look at what speaks against it to a home that is free for its change. */
export async function openDetour(context: Context, step: DetourStep): Promise<StepEnd> {
  const work = await detourWork(context, step, { direction: backInCode })
  if (work === null) throw new Error('the ledger has no detour for the step that opens it')
  const failure = await proceed(work, nextOpening)
  return failure === null
    ? { kind: 'succeeded', note: `the stand-in serves ${context.plan.from?.tag ?? ''}` }
    : { kind: 'failed', failure }
}

/** Goes on in a detour that an earlier deployment has opened: visitors must be seen on its stand-in. */
export async function joinDetour(context: Context, step: DetourStep): Promise<StepEnd> {
  const way = step.named?.database === 'restored' ? 'revert' : 'return'
  const work = await detourWork(context, step, { direction: backInCode, way })
  if (work === null) return { kind: 'failed', failure: noneOpen }
  const failure = await proceed(work, joiningBy(step))
  return failure === null
    ? { kind: 'succeeded', note: `the stand-in of ${work.id} serves ${context.plan.from?.tag ?? ''}` }
    : { kind: 'failed', failure }
}

/** Another release goes on where the stand-in serves; a closing ends what an abandoned deployment has left. */
function joiningBy({ named }: DetourStep): Parameters<typeof proceed>[1] {
  if (named === undefined) return nextOnward
  return named.database === 'restored' ? nextRejoining : nextJoining
}

const noneOpen: Failure = {
  code: 'detour-gone',
  what: 'The detour that this deployment was to go on in is not open any more.',
  tail: [],
  next: 'Abandon, and deploy again: without an open detour it is an ordinary deployment.',
}

/** Sends visitors home, and removes the stand-in. */
export async function closeDetour(context: Context, step: DetourStep): Promise<StepEnd> {
  const { named = null } = step
  const work = await detourWork(context, step, named === null ? {} : { way: 'revert-code' })
  if (work === null) return { kind: 'skipped', note: 'no detour is open' }
  const failure = await proceed(work, named?.left === 'untouched' ? nextTakingBack : nextReturn)
  return failure === null
    ? { kind: 'succeeded', note: closedInWords(context, step) }
    : { kind: 'failed', failure }
}

/** Visitors who came home before keep what they found there, whatever that is. */
const closedInWords = ({ plan }: Context, { named }: DetourStep): string =>
  named?.left === 'returned'
    ? 'the stand-in is gone, and home is as it was left'
    : `visitors are home on ${plan.release.tag}`

/** Brings the database back to where visitors left it, before the services come back. */
export async function restoreDatabase(context: Context, step: DetourStep): Promise<Failure | null> {
  const work = await detourWork(context, step, { direction: backInCode, way: 'revert' })
  return work === null ? null : proceed(work, nextRestoring)
}

/** Ends a detour on the way back. Where home is unchanged the opening is undone; otherwise home is brought back first. */
export async function undoOpening(context: Context, step: DetourStep): Promise<Failure | null> {
  const { plan, session } = context
  const { direction } = session.standing
  const way = direction.database === 'restored' ? 'revert' : 'revert-code'
  const work = await detourWork(context, step, { direction: backInCode, way })
  if (work === null) return null
  return proceed(work, hasChangedHome(plan, session.standing) ? nextGoingHome : nextTakingBack)
}
