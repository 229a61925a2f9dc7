import type { Failure } from '../question/decision.ts'
import type { DetourAct, DetourNote } from './deed.ts'
import type { DetourSeen } from './detour-seen.ts'

/** The next thing to do with a detour, chosen after a look at it. */
export type DetourTurn =
  | { readonly kind: 'do'; readonly act: DetourAct }
  /** The world is not as the journal says, or not good enough: nothing further is done. */
  | { readonly kind: 'stop'; readonly failure: Failure }
  | { readonly kind: 'over' }

/** Everything that a turn is chosen from. */
export interface DetourState {
  readonly mode: 'read-only' | 'read-write'
  readonly seen: DetourSeen
  /** Every deed of the detour so far, the oldest first. */
  readonly notes: readonly DetourNote[]
  /** The deeds of this run, which has seen them itself. */
  readonly fresh: readonly DetourAct[]
}

export const doing = (act: DetourAct): DetourTurn => ({ kind: 'do', act })

export const over: DetourTurn = { kind: 'over' }

export const stopping = (code: string, what: string, next?: string): DetourTurn => ({
  kind: 'stop',
  failure: { code, what, tail: [], ...(next === undefined ? {} : { next }) },
})

/** True if a deed is noted, and no later one of the others. */
export function stands(
  { notes }: Pick<DetourState, 'notes'>,
  act: DetourAct,
  ...undone: DetourAct[]
): boolean {
  const last = (one: DetourAct) => notes.findLastIndex((note) => note.act === one)
  return last(act) >= 0 && undone.every((one) => last(one) < last(act))
}
