import type { Ledger, PastDecision } from '../domain/ledger.ts'

/** What was done to an environment, for the page, the log and the output alike. */
export interface HistoryView {
  readonly ledger: Ledger
  /** So many of the ended deployments are shown, the newest first. */
  readonly limit: number
  /** Address of the run that looked. */
  readonly run: string
  /** When it looked: ISO time in UTC. */
  readonly now: string
}

/** `rhea: roll-back (it loses orders)` */
export const decisionInWords = ({ decision, by, reason }: PastDecision): string =>
  `${by}: ${decision}${reason === '' ? '' : ` (${reason})`}`
