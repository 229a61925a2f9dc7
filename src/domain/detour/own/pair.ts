import type { StepTurn } from '../../ledger/lease.ts'
import { detourId } from '../../ledger/open-detour.ts'
import type { Plan } from '../../plan/plan.ts'
import type { ReleaseId } from '../../release/release.ts'
import type { Step } from '../../step/step.ts'
import type { DetourNote } from '../deed.ts'
import type { DetourSide } from '../side.ts'
import { stands } from '../turn.ts'

/** The databases of two sides after the newest copy of one to the other. */
export interface DatabasePair {
  /** The name of the copy on both sides. */
  readonly id: string
  /** The side that has the copy. */
  readonly copied: DetourSide
  /** `copying`: visitors have not moved. `moved`: they are on the copy. `back`: they were, and are not any more. */
  readonly phase: 'copying' | 'moved' | 'back'
  /** The deployment that made the copy. */
  readonly deployment: number
  readonly since: string
  /** The release on the side that visitors left, or are about to leave. */
  readonly left: ReleaseId
  /** The names of earlier copies whose database may be found in the place of this one, and is discarded for it. */
  readonly earlier: readonly string[]
  /** The deeds so far, the oldest first. */
  readonly notes: readonly DetourNote[]
}

const phasesInWords: { readonly [Phase in DatabasePair['phase']]: (pair: DatabasePair) => string } = {
  copying: ({ copied }) => `${copied} gets a copy, and writers may wait`,
  moved: ({ copied, left }) =>
    `visitors are on the copy at ${copied}, and the other side has ${left.tag} with its database of then`,
  back: ({ copied }) => `visitors are back, and ${copied} keeps the copy until the next deployment`,
}

/** `each side has its own database since …, shop-production-7: visitors are on the copy at stand-in, …` */
export const describePair = (pair: DatabasePair): string =>
  `each side has its own database since ${pair.since}, ${pair.id}: ${phasesInWords[pair.phase](pair)}`

interface PairOwner {
  readonly number: number
  readonly plan: Pick<Plan, 'app' | 'environment' | 'from'>
}

/** Returns the pair as a turn of the step that copies leaves it. A copy that visitors have been on stays until the next one. */
export function pairAfterCopying(
  before: DatabasePair | null,
  step: Step,
  { kind, at }: StepTurn,
  owner: PairOwner,
): DatabasePair | null {
  switch (kind) {
    case 'step-started':
      return before?.deployment === owner.number ? before : begun(before, step, at, owner)
    case 'undo-succeeded':
      return before?.phase === 'copying' ? null : before
    case 'step-succeeded':
    case 'undo-started':
      return before
  }
}

/** Returns the pair as a turn of the step that moves visitors leaves it. */
export function pairAfterMoving(
  before: DatabasePair | null,
  step: Step,
  { kind }: StepTurn,
): DatabasePair | null {
  if (before === null || !('moving' in step) || step.own === undefined) return before
  if (kind === 'step-succeeded') return { ...before, phase: step.own.back ? 'back' : 'moved' }
  return kind === 'undo-succeeded' && stands(before, 'pointed-back') ? { ...before, phase: 'back' } : before
}

/** Returns the pair with one more deed. */
export const withPairNote = (
  before: DatabasePair | null,
  id: string,
  note: DetourNote,
): DatabasePair | null => (before?.id === id ? { ...before, notes: [...before.notes, note] } : before)

function begun(
  before: DatabasePair | null,
  step: Step,
  at: string,
  { number, plan: { from, app, environment } }: PairOwner,
): DatabasePair | null {
  if (!('copies' in step) || from === null) return before
  return {
    id: detourId(app, environment.name, number),
    copied: step.to,
    phase: 'copying',
    deployment: number,
    since: at,
    left: { tag: from.tag, sha: from.sha },
    earlier: before === null ? [] : [before.id, ...(before.phase === 'copying' ? before.earlier : [])],
    notes: [],
  }
}
