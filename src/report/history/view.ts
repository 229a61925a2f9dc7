import type { Ledger } from '../../domain/ledger/ledger.ts'
import type { Past, PastDecision } from '../../domain/ledger/past.ts'
import { modes } from '../../domain/plan/modes.ts'
import { modeWords } from '../plan/mode-words.ts'

/** The history of an environment, for the page, the log and the output alike. */
export interface HistoryView {
  readonly ledger: Ledger
  /** The number of ended deployments to show, newest first. */
  readonly limit: number
  /** Address of the run that looked. */
  readonly run: string
  /** The time of the look: ISO time in UTC. */
  readonly now: string
}

/** `rhea: roll-back (it loses orders)` */
export const decisionInWords = ({ decision, by, reason }: PastDecision): string =>
  `${by}: ${decision}${reason === '' ? '' : ` (${reason})`}`

/** Returns the mode, with its subject if that is not the release: `restart (web)`, `task/warm-up`. */
export const deedInWords = ({ mode, subject }: Pick<Past, 'mode' | 'subject'>): string =>
  modeWords[mode].deed(mode, subject)

/** The release that gave way; null for none. */
export const inPlaceOf = ({ mode, from }: Pick<Past, 'mode' | 'from'>): string | null =>
  modes[mode].bringsRelease ? (from?.tag ?? null) : null
