import { nextCopying, nextUncopying } from '../../../domain/detour/own/copying.ts'
import { nextMoving, nextMovingBack } from '../../../domain/detour/own/moving.ts'
import { afterSwitch } from '../../../domain/detour/own/own.ts'
import { otherSide } from '../../../domain/detour/side.ts'
import { stands } from '../../../domain/detour/turn.ts'
import { backInCode, type Direction, onward } from '../../../domain/journal/direction.ts'
import type { Journal } from '../../../domain/journal/journal.ts'
import type { Failure } from '../../../domain/question/decision.ts'
import type { CopyOverStep, MoveOverStep, OwnMove } from '../../../domain/step/step.ts'
import type { Context } from '../../run/context.ts'
import type { StepEnd } from '../../run/step-end.ts'
import { proceed } from '../proceed.ts'
import { evidenceOf } from '../work.ts'
import { ownWork, pairIn } from './work.ts'

/** Gives the side that changes a copy of the database, and has writers wait. */
export async function copyOver(context: Context, step: CopyOverStep): Promise<StepEnd> {
  const work = await ownWork(context, step, onward)
  if (work === null) throw new Error('the ledger has no copy for the step that makes it')
  const failure = await proceed(work, nextCopying(step.to))
  if (failure !== null) return { kind: 'failed', failure }
  const { position = '' } = evidenceOf(work, 'fenced')
  return {
    kind: 'succeeded',
    note: `${step.to} has a copy of the database at ${position}; writers wait until visitors move`,
  }
}

/** Lets writers in again, and removes the copy. One that visitors have been on stays until the next copy. */
export async function takeCopyBack(context: Context, step: CopyOverStep): Promise<Failure | null> {
  const pair = pairIn(context)
  const work = await ownWork(context, step, backInCode)
  if (work === null || pair?.phase !== 'copying') return null
  return proceed(work, nextUncopying(step.to))
}

/** Moves visitors between two databases: onward, or back to the one that they left. */
export async function moveBetween(context: Context, step: MoveOverStep, own: OwnMove): Promise<StepEnd> {
  if (own.back) {
    const failure = await back(context, step, own, onward)
    return failure === null
      ? { kind: 'succeeded', note: backInWords(context, step) }
      : { kind: 'failed', failure }
  }
  const work = await workOf(context, step, own, onward)
  if (work === null) return { kind: 'failed', failure: noCopy }
  const failure = await proceed(work, nextMoving(step.to))
  if (failure === null)
    return { kind: 'succeeded', note: `visitors are on ${step.to}, with a database of its own` }
  const moved = stands({ notes: work.notes() }, 'pointed', 'pointed-back')
  return { kind: 'failed', failure: moved ? { ...failure, code: afterSwitch } : failure }
}

/** Sends visitors back to the side that they left, unless rows would be lost that no person gives up. */
export const moveBackBetween = (
  context: Context,
  step: MoveOverStep,
  own: OwnMove,
): Promise<Failure | null> => back(context, step, own, backInCode)

async function back(
  context: Context,
  step: MoveOverStep,
  own: OwnMove,
  direction: Direction,
): Promise<Failure | null> {
  const accepts = own.accepts || isAccepted(context.session.journal)
  const pair = pairIn(context)
  const work = await workOf(context, step, own, direction)
  return work === null || pair === null ? noCopy : proceed(work, nextMovingBack(pair.copied, accepts))
}

const workOf = (
  context: Context,
  { id, moving, to }: MoveOverStep,
  { copies }: OwnMove,
  direction: Direction,
) => ownWork(context, { id, copies, over: moving, to }, direction)

/** True if the last answer of a person gives up what its question said would be lost. */
function isAccepted(journal: Journal): boolean {
  const answer = journal.findLast((event) => event.kind === 'decided')
  if (answer?.kind !== 'decided') return false
  const asked = journal.findLast((event) => event.kind === 'paused' && event.pause.id === answer.pause)
  return asked?.kind === 'paused' && answer.decision in (asked.pause.accepts ?? {})
}

function backInWords(context: Context, { to }: MoveOverStep): string {
  const counted = pairIn(context)?.notes.findLast(({ act }) => act === 'counted')?.evidence ?? {}
  const { lost = 'not counted', 'lost-by-table': tables } = counted
  const rows = tables === undefined ? lost : `${lost} (${tables})`
  return `visitors are back on ${to}; rows lost of those written on ${otherSide(to)}: ${rows}`
}

const noCopy: Failure = {
  code: 'detour-gone',
  what: 'The ledger knows no copy between the two sides any more.',
  tail: [],
  next: 'Abandon, and deploy again: the database is copied anew.',
}
