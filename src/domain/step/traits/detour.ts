import type { SmokeTest } from '../../config/detour-recipe.ts'
import type { StepOf } from '../step.ts'
import type { Traits } from '../step-traits.ts'
import { always, plain, quiet } from './row.ts'
import { by, cannot, nothingToUndo, towardsBefore } from './undo.ts'

/** The traits of the steps of a detour. */

/** True if a side that did not pass its smoke test is gone back from without a question. */
const revertsUnasked = (smokeTest: SmokeTest | null, code: string): boolean =>
  smokeTest?.onFailure === 'revert' && code === 'inspection-failed'

/** A step that moves visitors, or readies their move. */
const moving = {
  ...plain,
  repeatable: always,
  notForcible: 'only what is seen tells where visitors are',
} satisfies Partial<Traits>

const homeAgain = () => by('sending visitors home, and removing the stand-in')

export const openDetour: Traits<StepOf<'open-detour'>> = {
  ...moving,
  what: () => 'have the stand-in serve visitors while home is changed',
  impact: true,
  // If its run is lost, the next run must know of the copy, of the fence, and of the visitors' place.
  save: 'before-and-after',
  undo: homeAgain,
  onFailure: 'take-back',
  whenStopped: 'take-back',
  remembers: 'detour',
}

export const joinDetour: Traits<StepOf<'join-detour'>> = {
  ...moving,
  what: () => 'go on in the open detour, without another copy',
  impact: false,
  // If its run is lost, the next run must know that the way back leads out of the detour.
  save: 'before',
  undo: homeAgain,
  onFailure: 'ask',
  whenStopped: 'keep-all',
  remembers: 'detour-joined',
}

export const inspect: Traits<StepOf<'inspect'>> = {
  ...quiet,
  what: () => 'have people look at the release before visitors see it',
  asks: () => 'during',
  undo: ({ detour }) =>
    detour.validateBeforeSwap
      ? by('having people look at the older release before visitors come back to it')
      : nothingToUndo(),
  undoneWhere: 'inspected',
  onFailure: 'ask',
  turnsBack: ({ detour: { smokeTest } }, { code }) => revertsUnasked(smokeTest, code),
  notForcible: 'complete is the answer of a person who has looked',
  whenStopped: 'keep-all',
}

export const copyOver: Traits<StepOf<'copy-over'>> = {
  ...moving,
  what: ({ to }) => `give ${to} a copy of the database, and have writers wait until visitors move`,
  impact: true,
  // If its run is lost, the next run must know of the copy, and that writers may wait.
  save: 'before-and-after',
  undo: () => by('letting writers in again, and removing the copy that no visitor has been on'),
  onFailure: 'take-back',
  whenStopped: 'take-back',
  remembers: 'pair',
}

export const moveOver: Traits<StepOf<'move-over'>> = {
  ...moving,
  what: ({ to }) => `move visitors to ${to}, which has the release`,
  impact: true,
  // If its run is lost, the next run must know that visitors may be on either side.
  save: 'before',
  // The side that visitors left still serves the release from before.
  undo: ({ own }, plan) =>
    own?.back === true
      ? { kind: 'cannot', words: 'the side that visitors left lacks what they write from then on' }
      : towardsBefore(plan, 'sending visitors back to the side that they left'),
  onFailure: 'ask',
  turnsBack: ({ moving, to }, { code }) => revertsUnasked(moving.smokeTest?.[to] ?? null, code),
  whenStopped: 'keep-all',
  remembers: 'side',
}

export const closeDetour: Traits<StepOf<'close-detour'>> = {
  ...moving,
  what: () => 'send visitors home to the release, and remove the stand-in',
  impact: true,
  save: 'before-and-after',
  undo: () => by('bringing the database back to where visitors left it, if that is decided'),
  undoneWhere: 'restored',
  onFailure: 'ask',
  whenStopped: 'keep-all',
  remembers: 'detour-end',
}

export const discardFailedHome: Traits<StepOf<'discard-failed-home'>> = {
  ...plain,
  what: ({ failed }) => `remove the failed home of ${failed.detour}`,
  impact: true,
  repeatable: always,
  // If its run is lost, the next run must know what was being removed.
  save: 'before-and-after',
  undo: cannot('a failed home that was removed is gone'),
  onFailure: 'ask',
  whenForced: 'count the failed home as removed, because someone has removed it and looked',
  remembers: 'failed-home',
}
