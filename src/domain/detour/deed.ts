import type { Failure } from '../question/decision.ts'
import type { DetourSide } from './side.ts'

/** The observations after a deed, by name: positions, counts, durations, markers. No secret is among it. */
export type DetourEvidence = Readonly<Record<string, string>>

/** The end of one deed of a detour. Done is what was observed after it, never that a call returned. */
export type DetourDeed =
  | { readonly kind: 'done'; readonly evidence: DetourEvidence }
  | { readonly kind: 'failed'; readonly failure: Failure }

/** The deeds of a detour by what is seen once they are done. */
export type DetourAct =
  | 'able'
  | 'copied'
  | 'stand-in-started'
  | 'writes-shut'
  | 'fenced'
  | 'level'
  | 'cut'
  | 'at-stand-in'
  | 'home-drained'
  | 'home-stopped'
  | 'hardened'
  | 'writable'
  | 'writes-open'
  | 'home-warm'
  | 'closed'
  | 'at-home'
  | 'stand-in-drained'
  | 'stand-in-stopped'
  | 'discarded'
  | 'rejoined'
  | 'unfenced'
  | 'home-started'
  | OwnAct

/** The deeds between two sides with a database each. */
export type OwnAct =
  | 'cleared'
  | 'opened'
  | 'held'
  | 'marked'
  | 'pointed'
  | 'left-drained'
  | 'left'
  | 'copy-fenced'
  | 'copy-unfenced'
  | 'counted'
  | 'pointed-back'
  | 'copy-drained'
  | 'copy-left'

/** The side that visitors were seen on last. `returning`: the door may have sent some of them home since. */
export type Visitors = DetourSide | 'returning'

/** Returns the place of visitors after a deed. The door is told to send them home once the databases are ended. */
export function visitorsAfter(before: Visitors, act: DetourAct, { way }: DetourEvidence): Visitors {
  if (act === 'at-stand-in') return 'stand-in'
  if (act === 'at-home') return 'home'
  return act === 'closed' && way !== 'revert' && before === 'stand-in' ? 'returning' : before
}

/** A deed that was done and observed, as the ledger remembers it for every later run. */
export interface DetourNote {
  /** ISO time in UTC. */
  readonly at: string
  readonly act: DetourAct
  readonly evidence: DetourEvidence
}

/** The possibility of a change, as far as it can be seen without changing anything. */
export interface Ability {
  /** The reasons why it must not be opened, each a sentence. */
  readonly refusals: readonly string[]
  /** Facts to know before, each a sentence. */
  readonly warnings: readonly string[]
  /** Sizes, versions and positions, by name, for the page of the plan. */
  readonly facts: DetourEvidence
}

/** The ways to end a detour for its databases. */
export type Closing = 'return' | 'move' | 'revert' | 'revert-code'

/** Writes on the stand-in that will not be at home: counted by table, no more than a bound, or counted by nothing. */
export type LostWrites =
  | { readonly kind: 'counted'; readonly byTable: Readonly<Record<string, number>> }
  | { readonly kind: 'at-most'; readonly rows: number; readonly why: string }
  | { readonly kind: 'uncounted'; readonly why: string }
