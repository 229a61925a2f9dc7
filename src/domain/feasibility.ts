import type { Block } from './blocking.ts'
import type { Ledger, Past } from './ledger.ts'
import { hasBrought } from './mode.ts'
import type { Release } from './release.ts'

/** Whether an environment can go back to a release without harm to its data. */
export type Feasibility =
  | { readonly kind: 'safe'; readonly because: string }
  /** Safe for the data; what a rollback would run is not what runs now. `differences`: paths of the config. */
  | { readonly kind: 'config-differs'; readonly because: string; readonly differences: readonly string[] }
  /** A rollback would be refused: today's policy does not go with the config of that release. */
  | { readonly kind: 'config-unreadable'; readonly why: string }
  | { readonly kind: 'crosses-contract'; readonly since: string; readonly deployments: readonly number[] }
  | { readonly kind: 'other-base'; readonly target: string; readonly current: string }

/** A release that an environment could go back to, and whether it could. */
export interface WayBack {
  readonly release: Release
  readonly feasibility: Feasibility
  /** Who keeps it from coming here, and why. */
  readonly block: Block | null
}

/** How the config of a release to go back to stands to the config that it would take the place of. */
export type ConfigThere =
  | { readonly kind: 'read'; readonly differences: readonly string[] }
  | { readonly kind: 'unreadable'; readonly why: string }

/**
 * Judged from what ran since the target served: an equal schema is safe, and so are *expand* migrations,
 * which the older release can live with. A *contract* migration is not, even one that may only have begun.
 * What is known of the two configs tells one safe way from another; null where they were not looked at.
 */
export function feasibility(
  target: Release,
  current: Release,
  history: readonly Past[],
  config: ConfigThere | null = null,
): Feasibility {
  const ofData = feasibilityOfData(target, current, history)
  if (ofData.kind !== 'safe' || config === null) return ofData
  switch (config.kind) {
    case 'unreadable':
      return { kind: 'config-unreadable', why: config.why }
    case 'read': {
      const { differences } = config
      return differences.length === 0 ? ofData : { ...ofData, kind: 'config-differs', differences }
    }
  }
}

/** What a verdict says of the two configs; null where it says nothing of them. */
export function configIn(verdict: Feasibility): ConfigThere | null {
  switch (verdict.kind) {
    case 'safe':
      return { kind: 'read', differences: [] }
    case 'config-differs':
      return { kind: 'read', differences: verdict.differences }
    case 'config-unreadable':
      return { kind: 'unreadable', why: verdict.why }
    case 'crosses-contract':
    case 'other-base':
      return null
  }
}

function feasibilityOfData(
  target: Release,
  current: Release,
  history: readonly Past[],
): Extract<Feasibility, { kind: 'safe' | 'crosses-contract' | 'other-base' }> {
  if (target.baseVersion !== current.baseVersion)
    return {
      kind: 'other-base',
      target: target.baseVersion ?? 'none',
      current: current.baseVersion ?? 'none',
    }
  const since = migrationsSince(target, history)
  const sameSchema = target.schemaVersion !== null && target.schemaVersion === current.schemaVersion
  // A contract migration that did not end well may have changed a schema that still is declared the same.
  const contracts = since.filter(
    (past) => past.migrated === 'contract' && !(sameSchema && past.outcome.kind === 'succeeded'),
  )
  const first = contracts.at(-1)
  if (first !== undefined)
    return {
      kind: 'crosses-contract',
      since: first.startedAt,
      deployments: contracts.map((past) => past.number),
    }
  if (sameSchema) return { kind: 'safe', because: `both have schema ${target.schemaVersion}` }
  return {
    kind: 'safe',
    because: since.length === 0 ? 'no migration ran since' : 'only expand migrations ran since',
  }
}

function migrationsSince(target: Release, history: readonly Past[]): Past[] {
  const served = history.findIndex((past) => hasBrought(past) && past.release.sha === target.sha)
  return history.slice(0, served < 0 ? history.length : served).filter((past) => past.migrated !== null)
}

/** The last releases that served an environment, each once and the latest first, without the one that serves now. */
export function servedBefore({ serving, history }: Ledger, most: number): Release[] {
  const served = history.filter(hasBrought).map(({ release }) => release)
  const others = served.filter(({ sha }) => sha !== serving?.release.sha)
  return others
    .filter((release, at) => others.findIndex(({ sha }) => sha === release.sha) === at)
    .slice(0, most)
}

export function describeFeasibility(verdict: Feasibility): string {
  switch (verdict.kind) {
    case 'safe':
      return `safe: ${verdict.because}`
    case 'config-differs':
      return `safe (${verdict.because}), but the config differs in ${verdict.differences.join(', ')}`
    case 'config-unreadable':
      return `refused, because its config cannot be read: ${verdict.why}`
    case 'crosses-contract':
      return `crosses a contract migration (deployment ${verdict.deployments.join(', ')}): needs a restore and loses what was written since ${verdict.since}`
    case 'other-base':
      return `other base version: ${verdict.target}, here it is ${verdict.current}`
  }
}
