import { migrationsKept } from '../backup/restored.ts'
import { apartBetween } from '../ledger/apart.ts'
import type { Block } from '../ledger/blocking.ts'
import { databaseSchema } from '../ledger/database-schema.ts'
import { sinceServed } from '../ledger/history.ts'
import { knows, type Migrating, openInWords, takenBackBy } from '../ledger/open-migration.ts'
import type { Past, Remembered } from '../ledger/past.ts'
import { type Compatibility, compatibilityOf, describeCompatibility } from './compatibility.ts'
import type { Release } from './release.ts'

/** The verdict on going back to a release without harm to the data. */
export type Feasibility =
  | ({ readonly kind: 'safe' } & Safe)
  /** Safe for the data; the rollback would run other commands. `differences`: paths of the config. */
  | ({ readonly kind: 'config-differs'; readonly differences: readonly string[] } & Safe)
  /** A rollback would be refused: today's policy does not fit the config of that release. */
  | { readonly kind: 'config-unreadable'; readonly why: string }
  | { readonly kind: 'crosses-contract'; readonly since: string; readonly deployments: readonly number[] }
  /** A migration declared as *expand*, on which the checks of the older release failed. */
  | { readonly kind: 'incompatible'; readonly checks: Refuted }
  /** It is built on a two-phase migration that a rollback took back: only a deployment starts that again. */
  | { readonly kind: 'migration-undone'; readonly by: string; readonly deployment: number }
  | { readonly kind: 'other-base'; readonly target: string; readonly current: string }

interface Safe {
  readonly because: string
  /** The environment whose own checks passed on this very schema; left out without one. */
  readonly proven?: ProvenCompatibility
  /** The release by whose word the two must not serve together; left out without one. */
  readonly apart?: string
}

export type ProvenCompatibility = Extract<Compatibility, { kind: 'proven' }>
type Refuted = Extract<Compatibility, { kind: 'refuted' }>

/** A release to go back to, and the verdict on that. */
export interface WayBack {
  readonly release: Release
  readonly feasibility: Feasibility
  /** The block of the release here. */
  readonly block: Block | null
}

/** The config of a release to go back to, compared with the config that it would replace. */
export type ConfigThere =
  | { readonly kind: 'read'; readonly differences: readonly string[] }
  | { readonly kind: 'unreadable'; readonly why: string }

/**
 * Judges going back by the history since the target served: an equal schema is safe, and so are *expand*
 * migrations, which the older release still works with. A *contract* migration is not, even one that may only
 * have begun; nor one on which the checks of an older release failed. Checks can only refute a safe way, and
 * never make one. The comparison of the two configs tells safe ways apart; null if they were not read.
 * `elsewhere`: the result of checks in another environment, if none ran here. `database`: the future schema
 * of the database, if it differs from that of the history.
 */
export function feasibility(
  target: Release,
  current: Release,
  there: Remembered & Migrating,
  config: ConfigThere | null = null,
  elsewhere: Compatibility | null = null,
  database: KnownSchema = schemaNow(current, there.history),
): Feasibility {
  const safe = feasibilityOfData(target, current, there, database)
  if (safe.kind !== 'safe') return safe
  const declared = withWord(safe, apartBetween(current, target, there.history))
  const checks = compatibilityOf(there, target, current) ?? elsewhere
  if (checks?.kind === 'refuted') return { kind: 'incompatible', checks }
  const ofData = checks === null ? declared : { ...declared, proven: checks }
  if (config === null) return ofData
  switch (config.kind) {
    case 'unreadable':
      return { kind: 'config-unreadable', why: config.why }
    case 'read': {
      const { differences } = config
      return differences.length === 0 ? ofData : { ...ofData, kind: 'config-differs', differences }
    }
  }
}

/** Adds the release that keeps two releases apart to a safe verdict. */
export const withWord = <V extends Feasibility>(verdict: V, says: Pick<Release, 'tag'> | null): V =>
  says === null || !('because' in verdict) ? verdict : { ...verdict, apart: says.tag }

/** Returns the comparison of two configs in a verdict; null without one. */
export function configIn(verdict: Feasibility): ConfigThere | null {
  switch (verdict.kind) {
    case 'safe':
      return { kind: 'read', differences: [] }
    case 'config-differs':
      return { kind: 'read', differences: verdict.differences }
    case 'config-unreadable':
      return { kind: 'unreadable', why: verdict.why }
    case 'crosses-contract':
    case 'incompatible':
    case 'migration-undone':
    case 'other-base':
      return null
  }
}

/** Returns the checks in a verdict; null without them. */
export function checksIn(verdict: Feasibility): Compatibility | null {
  if (verdict.kind === 'incompatible') return verdict.checks
  return verdict.kind === 'safe' || verdict.kind === 'config-differs' ? (verdict.proven ?? null) : null
}

/** Returns true if going back would harm the data, so that it needs an acknowledgement. */
export const isUnsafe = (
  verdict: Feasibility,
): verdict is Extract<Feasibility, { kind: 'crosses-contract' | 'incompatible' }> =>
  verdict.kind === 'crosses-contract' || verdict.kind === 'incompatible'

function feasibilityOfData(
  target: Release,
  current: Release,
  { history, migration }: Remembered & Migrating,
  { version, told }: KnownSchema,
): Extract<Feasibility, { kind: 'safe' | 'crosses-contract' | 'migration-undone' | 'other-base' }> {
  if (target.baseVersion !== current.baseVersion)
    return {
      kind: 'other-base',
      target: target.baseVersion ?? 'none',
      current: current.baseVersion ?? 'none',
    }
  const undone = undoneSince(target, history)
  if (undone !== null) return { kind: 'migration-undone', by: undone.release.tag, deployment: undone.number }
  const since = migrationsSince(target, history)
  const sameSchema = target.schemaVersion !== null && target.schemaVersion === version
  // A contract migration that did not end well may have changed a schema that still is declared the same.
  const contracts = since.filter(
    (past) =>
      past.migrated === 'contract' &&
      !isBuiltOn(past.migration, target) &&
      !(sameSchema && past.outcome.kind === 'succeeded'),
  )
  const completing = migration?.state === 'completing' && !knows(migration, target) ? migration : null
  const first = contracts.at(-1)
  if (first !== undefined)
    return {
      kind: 'crosses-contract',
      since: first.startedAt,
      deployments: contracts.map((past) => past.number),
    }
  if (completing !== null)
    return { kind: 'crosses-contract', since: completing.since, deployments: [completing.deployment] }
  const open = takenBackBy({ migration }, target)
  if (open !== null) return { kind: 'safe', because: openInWords(open) }
  if (sameSchema) return { kind: 'safe', because: sameInWords(target, told) }
  return {
    kind: 'safe',
    because: since.length === 0 ? 'no migration ran since' : 'only expand migrations ran since',
  }
}

/** The schema of a database; null where it is doubtful or unknown. */
interface KnownSchema {
  readonly version: string | null
  /**
   * `history`: told by the last migration. `release`: no migration is remembered, and the serving release
   * declares it.
   */
  readonly told: 'history' | 'release'
}

/**
 * Returns the schema that a database has: a rollback brings an older release back, and no older schema. Unknown after the
 * contract migration of an older release: most do nothing to a newer database, and 0.1.0 did not tell a reset from one.
 */
function schemaNow(current: Release, history: readonly Past[]): KnownSchema {
  const last = migrationsKept(history).find(({ migrated }) => migrated !== null)
  if (last?.migrated === 'contract' && last.older !== null && !last.reset)
    return { version: null, told: 'history' }
  const known = databaseSchema({ history, serving: { release: current } })
  switch (known.kind) {
    case 'migrated':
      return { version: known.version, told: 'history' }
    case 'doubtful':
      return { version: null, told: 'history' }
    case 'unknown':
      return { version: known.declared?.version ?? null, told: 'release' }
  }
}

/** Returns the schema that the migration of a release will leave. */
export const schemaAfter = ({ schemaVersion }: Release): KnownSchema => ({
  version: schemaVersion,
  told: 'release',
})

const sameInWords = ({ tag, schemaVersion }: Release, told: KnownSchema['told']): string =>
  told === 'release'
    ? `both have schema ${schemaVersion}`
    : `the database has schema ${schemaVersion}, which ${tag} is made for`

/** True if a release is built on the migration of a deployment, whose completion takes nothing from it. */
const isBuiltOn = (migration: Past['migration'], target: Pick<Release, 'sha'>): boolean =>
  migration !== null && knows(migration, target)

const undoneSince = (target: Release, history: readonly Past[]): Past | null =>
  sinceServed(target, history).find(
    ({ migration }) => migration?.part === 'rolled-back' && knows(migration, target),
  ) ?? null

const migrationsSince = (target: Release, history: readonly Past[]): Past[] =>
  sinceServed(target, migrationsKept(history)).filter((past) => past.migrated !== null)

const proofOf = ({ proven, apart }: Safe): string =>
  [
    proven === undefined ? '' : `; ${describeCompatibility(proven)}`,
    apart === undefined ? '' : `; ${apart} says that it and the release before it must not serve together`,
  ].join('')

export function describeFeasibility(verdict: Feasibility): string {
  switch (verdict.kind) {
    case 'safe':
      return `safe: ${verdict.because}${proofOf(verdict)}`
    case 'config-differs':
      return `safe (${verdict.because}${proofOf(verdict)}), but the config differs in ${verdict.differences.join(', ')}`
    case 'config-unreadable':
      return `refused, because its config cannot be read: ${verdict.why}`
    case 'crosses-contract':
      return `crosses a contract migration (deployment ${verdict.deployments.join(', ')}): needs a restore and loses what was written since ${verdict.since}`
    case 'incompatible':
      return `not safe: ${describeCompatibility(verdict.checks)}; it needs a restore`
    case 'migration-undone':
      return `not possible: the migration that it is built on was rolled back (deployment ${verdict.deployment}, to ${verdict.by}); deploy it, so that it migrates again`
    case 'other-base':
      return `other base version: ${verdict.target}, here it is ${verdict.current}`
  }
}
