import type { Command, Probe } from '../config/command.ts'

/** The signals of an environment that hold back what brings a release forward. Policy: no release can change them. */
export interface HaltPolicy {
  /** An open issue with one of these labels holds. */
  readonly labels: readonly string[]
  /** A command that exits with 0 while all is quiet, and with 1 for an alarm; any other end is unknown. */
  readonly command: Command | null
  /** An address that answers 200 while all is quiet. */
  readonly http: Extract<Probe, { kind: 'http' }> | null
  /** The consequence of a signal that was read: a question, or the way back without one. */
  readonly onHalt: 'ask' | 'roll-back'
}
