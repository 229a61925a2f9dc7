import type { Doer } from '../lock/doer.ts'
import type { ConfigReader } from '../plan/survey.ts'
import type { Ports } from '../ports.ts'
import type { Stop } from '../run/context.ts'

/** A run that may change an environment: its ports, its config, its actors, and the ways to stop it. */
export interface ActingRun {
  readonly ports: Ports
  readonly config: ConfigReader
  readonly doer: Doer
  readonly stop: Stop
  /** Called before the environment is locked, with the names by which the post step finds it. */
  beforeLock(app: string, environment: string): void
}
