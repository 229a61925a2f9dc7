import type { EnvironmentClass } from '../domain/config.ts'
import type { Failure, Pause } from '../domain/decision.ts'
import type { Ledger } from '../domain/ledger.ts'
import { standing } from '../domain/standing.ts'

/** What one look found, for the page, the log and the output alike. */
export interface StatusView {
  readonly environments: readonly EnvironmentView[]
  /** Address of the run that looked. */
  readonly run: string
  /** When it looked: ISO time in UTC. */
  readonly now: string
  /** Address of the form that takes decisions. */
  readonly decide: string
}

export interface EnvironmentView {
  readonly name: string
  readonly class: EnvironmentClass
  readonly url: string | null
  readonly app: string
  readonly memory: ({ readonly kind: 'read' } & MemoryView) | UnknownView
  readonly instances: SightingView
}

export interface MemoryView {
  readonly ledger: Ledger
  /** Whether the run that holds it is live; null where nobody holds it, or that is not known. */
  readonly live: boolean | null
  /** What a person may answer now, asked or not. */
  readonly question: Pause | null
}

export type SightingView =
  | { readonly kind: 'seen'; readonly services: readonly ServiceView[] }
  | { readonly kind: 'unasked'; readonly why: string }
  | UnknownView

interface UnknownView {
  readonly kind: 'unknown'
  readonly failure: Failure
}

export interface ServiceView {
  readonly name: string
  readonly instances: readonly InstanceView[]
  /** Why its instances were not asked; null when they were. */
  readonly unasked: string | null
}

export interface InstanceView {
  readonly name: string
  readonly version: FindingView<string>
  readonly healthy: FindingView<boolean>
  readonly inTraffic: FindingView<boolean>
  readonly deviations: readonly Deviation[]
}

export type Deviation = 'other-release' | 'mute' | 'unhealthy' | 'out-of-traffic'

export type FindingView<T> =
  | { readonly kind: 'found'; readonly value: T; readonly why: string | null }
  | { readonly kind: 'unanswered' | 'unasked'; readonly why: string }
  /** The config has no question for it. */
  | { readonly kind: 'none'; readonly why: string }

/** What is under way. `interrupted`: its run is over, and nobody was asked. */
export type Activity = 'idle' | 'running' | 'waiting' | 'interrupted'

export function activityOf({ ledger: { deployment }, live }: MemoryView): Activity {
  if (deployment === null) return 'idle'
  if (standing(deployment.plan, deployment.journal).pause !== null) return 'waiting'
  return deployment.holder === null || live === false ? 'interrupted' : 'running'
}

/** An instance that answered whatever there is to ask, and nothing differs. */
export const isRight = ({ version, healthy, inTraffic, deviations }: InstanceView): boolean => {
  const kinds = [version, healthy, inTraffic].map(({ kind }) => kind).filter((kind) => kind !== 'none')
  return deviations.length === 0 && kinds.length > 0 && kinds.every((kind) => kind === 'found')
}

export const isWrong = ({ deviations }: InstanceView): boolean => deviations.length > 0

/** What the ledger wants to serve, where that is not what serves and no deployment brings it. */
export const wantedInstead = ({ serving, desired, deployment }: Ledger): Ledger['desired'] =>
  deployment !== null || desired === null || desired.sha === serving?.release.sha ? null : desired

/** Whether anybody may resume the scheduler. */
export const leaseIsOver = ({ scheduler }: Ledger, now: string): boolean =>
  scheduler !== null && Date.parse(scheduler.until) <= Date.parse(now)
