import { outcomeWord } from '../journal/outcome.ts'
import type { Past } from '../ledger/past.ts'
import type { ProblemWords } from '../problem.ts'
import { awaits, gateOf, type Pause } from '../question/pause.ts'
import { found, known, type Reading, unknown } from '../reading.ts'
import type { Memory } from '../rolling/sight.ts'
import { activityIn } from './activity.ts'

/** The words for an environment that a step may expect: of the deployment under way, and of the end of the last one. */
export const stateWords = [
  ...(['idle', 'running', 'waiting', 'inspection', 'interrupted'] as const),
  ...(['succeeded', 'converged', 'succeeded-post-deploy-failed', 'rolled-back', 'failed'] as const),
  ...(['rejected', 'cancelled', 'abandoned', 'superseded'] as const),
] as const

export type StateWord = (typeof stateWords)[number]

export interface StateSeen {
  /** Every word that is true of the environment. */
  readonly words: readonly StateWord[]
  /** True if nothing changes there before a person acts. */
  readonly still: boolean
}

/** Reads the state of an environment. Unknown where GitHub does not tell if the run at work is live. */
export function stateSeen(memory: Memory): Reading<StateSeen> {
  const { history, environment } = memory.ledger
  const activity = activityIn(memory)
  switch (activity.kind) {
    case 'idle':
      return found({ words: ['idle', ...history.slice(0, 1).map(endWord)], still: true })
    case 'waiting':
      return found(waiting(activity.pause))
    case 'interrupted':
      return found({ words: ['interrupted'], still: true })
    case 'running':
      return found({ words: ['running'], still: false })
    case 'unknown':
      return unknown(unseen(activity.deployment, environment))
  }
}

const endWord = ({ outcome }: Past): StateWord => outcomeWord(outcome)

const waiting = (pause: Pause): StateSeen => ({
  words: gateOf(pause) === 'inspect' ? ['waiting', 'inspection'] : ['waiting'],
  still: awaits(pause) !== 'time',
})

const unseen = (number: number, environment: string): ProblemWords => ({
  code: 'status-unknown',
  what: `Deployment ${number} of ${environment} is held by a run, and GitHub does not tell if that run is live.`,
  why: 'A live run would continue the deployment; after a lost one it waits for the next run.',
  next: 'Look at the run, then ask again. Nothing was changed.',
})

/** The wish of a step: to wait until nothing changes, to find the environment in a state, or both. */
export interface Expected {
  readonly environment: string
  /** Milliseconds for which it waits; null to look once. */
  readonly wait: number | null
  /** The words of which one must be true; empty without an expectation. */
  readonly words: readonly StateWord[]
}

/** Returns the reason why an environment is not as expected; null if it is. Unknown is never as expected. */
export function unexpected(
  { environment, wait, words }: Expected,
  seen: Reading<StateSeen>,
): ProblemWords | null {
  if (seen.kind === 'unknown') return seen.why
  const now = known(seen)
  if (now === null) return null
  const state = now.words.join(', ')
  if (wait !== null && !now.still)
    return {
      code: 'status-late',
      what: `${environment} is ${state} still, and the time to wait for it is over.`,
      why: 'Its deployment takes longer than this step waits. Nothing was stopped or taken back for that.',
      next: 'Look at its run; give await a longer time if that is right.',
    }
  if (words.length === 0 || words.some((word) => now.words.includes(word))) return null
  return {
    code: 'status-unexpected',
    what: `${environment} is ${state}, and not ${words.join(' or ')}.`,
    why: 'The step expects another state.',
    next: 'Look at the status of the environment. Nothing was changed.',
  }
}
