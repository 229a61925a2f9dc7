import type { Failure } from '../question/decision.ts'
import type { Pause } from '../question/pause.ts'
import type { BakeWatch } from '../rolling/roll-standing.ts'
import type { RollStep, SingleStep } from '../step/step.ts'
import type { Direction } from './direction.ts'
import type { Outcome } from './outcome.ts'

/** The next move. The executor obeys it and writes the journal. */
export type Move =
  | { readonly kind: 'run'; readonly step: SingleStep }
  /** Look at the instances of a step that rolls; its first look also begins the step. */
  | { readonly kind: 'observe'; readonly step: RollStep; readonly direction: Direction }
  | {
      readonly kind: 'roll'
      readonly step: RollStep
      readonly instances: readonly string[]
      readonly direction: Direction
    }
  /** Every instance of the step has been seen to. */
  | { readonly kind: 'finish'; readonly step: RollStep; readonly direction: Direction }
  | { readonly kind: 'undo'; readonly step: SingleStep }
  /** Watch the test bed, from now on or until a time that was set before, and judge it. */
  | {
      readonly kind: 'bake'
      readonly step: RollStep
      readonly watched: readonly string[]
      /** Null where the bake has yet to begin. */
      readonly over: BakeWatch | null
    }
  /** `database`: left out where it stays as it is. */
  | { readonly kind: 'turn-back'; readonly failure: Failure; readonly database?: 'restored' }
  /** The release serves: an unknown end of a later hook is noted, and keeps nothing open. */
  | { readonly kind: 'give-up'; readonly step: SingleStep; readonly failure: Failure }
  /** `asked`: the question stands in the journal already. */
  | { readonly kind: 'pause'; readonly pause: Pause; readonly asked: boolean }
  /** This run is over; another may resume the deployment. */
  | { readonly kind: 'leave' }
  | { readonly kind: 'end'; readonly outcome: Outcome }
