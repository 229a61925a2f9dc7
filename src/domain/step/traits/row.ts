import type { Step } from '../step.ts'
import type { Bracket, Traits } from '../step-traits.ts'
import { cannot, nothingToUndo } from './undo.ts'

export const always = () => true
export const never = () => false

/** The end of the words for a step of the proof that a person counts as done. */
export const noProof = 'the release then has no proof for other environments'

/** A step about which nothing is special. */
export const plain = {
  files: 'planned',
  asks: (): 'never' => 'never',
  turnsBack: never,
  proves: false,
  destroys: null,
  neededWhere: 'always',
  notForcible: null,
  repeatsUndo: always,
  whenForced: 'count the step as done, because someone has seen to it, and go on',
  whenStopped: 'nothing',
  brackets: [],
  remembers: 'nothing',
  undoneWhere: 'begun',
} satisfies Partial<Traits>

/** A step that users cannot notice: it may be repeated, and leaves nothing to undo. */
export const quiet = {
  ...plain,
  impact: false,
  repeatable: always,
  save: 'none',
  undo: nothingToUndo,
} satisfies Partial<Traits>

/** A command of the user's own, which may do anything. */
export const userCommand = {
  ...plain,
  repeatable: never,
  save: 'before',
  undo: cannot('what the hook did stays done'),
} satisfies Partial<Traits>

/** While a database may be half migrated no job starts, and visitors stay on the page where one was shown. */
export const aroundMigration: readonly Bracket<Step>[] = [
  { part: 'needs', lease: 'scheduler', who: 'the migration', pins: true },
  { part: 'needs', lease: 'maintenance', who: 'the migration', pins: true },
]
