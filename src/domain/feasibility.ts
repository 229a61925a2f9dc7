import type { Past } from './ledger.ts'
import type { Release } from './release.ts'

/** Whether an environment can go back to a release without harm to its data. */
export type Feasibility =
  | { readonly kind: 'safe'; readonly because: string }
  | { readonly kind: 'crosses-contract'; readonly since: string; readonly deployments: readonly number[] }
  | { readonly kind: 'other-base'; readonly target: string; readonly current: string }

/**
 * Judged from what ran since the target served: an equal schema is safe, and so are *expand* migrations,
 * which the older release can live with. A *contract* migration is not, even one that may only have begun.
 */
export function feasibility(target: Release, current: Release, history: readonly Past[]): Feasibility {
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
  const served = history.findIndex(
    (past) => past.outcome.kind === 'succeeded' && past.release.sha === target.sha,
  )
  return history.slice(0, served < 0 ? history.length : served).filter((past) => past.migrated !== null)
}

export function describeFeasibility(verdict: Feasibility): string {
  switch (verdict.kind) {
    case 'safe':
      return `safe: ${verdict.because}`
    case 'crosses-contract':
      return `crosses a contract migration (deployment ${verdict.deployments.join(', ')}): needs a restore and loses what was written since ${verdict.since}`
    case 'other-base':
      return `other base version: ${verdict.target}, here it is ${verdict.current}`
  }
}
