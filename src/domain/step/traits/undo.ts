import { sameCommit } from '../../release/release.ts'
import type { Undo, Undoing } from '../step-traits.ts'
import { contracts, copyOverStep, restoreStep } from '../steps-in.ts'

export const nothingToUndo = (): Undo => ({ kind: 'nothing-to-undo' })
export const cannot = (words: string) => (): Undo => ({ kind: 'cannot', words })
export const by = (words: string): Undo => ({ kind: 'by', words })
const nowhere = (words: string): Undo => ({ kind: 'nowhere', words })

/** Returns why there is no other release to go back to, or null. A database that is restored can come back with the same one. */
export function noneBefore({ from, release, steps }: Undoing): string | null {
  if (from === null) return 'nothing served here before'
  return sameCommit(from, release) && restoreStep(steps) === null
    ? `${from.tag} served here before, too`
    : null
}

/** The undo that brings the release from before back, where there is one. */
export function towardsBefore(plan: Undoing, words: string): Undo {
  const none = noneBefore(plan)
  return none === null ? by(words) : nowhere(none)
}

/** The undo of a changed service: the release from before must also work on the database as it is by then. */
export const serviceBack = (plan: Undoing, words: string): Undo =>
  noneBefore(plan) === null && contracts(plan.steps) && !inDetour(plan)
    ? nowhere(`${plan.from?.tag ?? ''} does not work on the migrated database`)
    : towardsBefore(plan, words)

/** True if the database of the serving release is never changed: its copy is. */
export const onCopy = ({ steps }: Undoing): boolean => copyOverStep(steps) !== null

/** In a detour the database can come back as well, or a person accepts that it does not. */
export const inDetour = ({ steps }: Undoing): boolean => steps.some((step) => 'detour' in step)
