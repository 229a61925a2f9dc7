import type { CommandName } from '../../inputs/definitions.ts'
import type { Inputs } from '../../inputs/inputs.ts'
import type { Runner } from '../../inputs/runner.ts'
import type { ActingRun } from '../../pipeline/act/acting-run.ts'
import type { PolicyReader } from './config-reader.ts'
import type { Forms } from './find-form.ts'

/** The inputs and ports of a door. */
export interface Hands<Command extends CommandName = CommandName> extends ActingRun {
  readonly inputs: Inputs<Command>
  readonly runner: Runner
  readonly config: PolicyReader
  /** The ledger's app where the config names none. */
  readonly app: string
  readonly forms: Forms
  /** Ends the commands that a killed main left running, and answers the pids of their groups. */
  endLeftovers(): Promise<readonly number[]>
  /** Closes the resources of a whole run: the connections to hosts. */
  letGo(): Promise<void>
  readonly startedAt: Date
  /** Requests made to GitHub so far. */
  requests(): number
}
