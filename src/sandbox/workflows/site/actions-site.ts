import type { InForce } from '../../rules/in-force.ts'
import type { ConcurrencyGroups } from '../run/concurrency.ts'
import type { GateKeeper } from './gate-keeper.ts'
import type { Grants } from './grants.ts'
import type { MachineFor } from './machine.ts'
import type { RunRegister } from './run-register.ts'
import type { Runners } from './runners.ts'
import type { SourceRepository } from './source-repository.ts'

/** Everything that GitHub knows when it runs a workflow: the repositories, their settings, and the machines. */
export interface ActionsSite {
  readonly inForce: InForce
  readonly product: 'github.com' | 'enterprise-server'
  /** By `owner/name`. */
  readonly repositories: Readonly<Record<string, SourceRepository>>
  readonly defaultBranch: string
  readonly runners: Runners
  readonly secrets: StoredValues
  readonly variables: StoredValues
  readonly gates: GateKeeper
  readonly groups: ConcurrencyGroups
  readonly register: RunRegister
  /** Returns the token of a job, which may do exactly this. */
  readonly token: (grants: Grants) => string
  readonly machine: MachineFor
  /** Fields of the `github` context, over those of the run. */
  readonly github: Readonly<Record<string, string>>
}

export type NamedValues = Readonly<Record<string, string>>

/** Secrets or variables of the repository that runs, at their three levels. The nearer one wins. */
export interface StoredValues {
  readonly organisation: NamedValues
  readonly repository: NamedValues
  readonly environments: Readonly<Record<string, NamedValues>>
}

export const noValues: StoredValues = { organisation: {}, repository: {}, environments: {} }
