import { noSources } from '../../src/domain/config/commands/variable-sources.ts'
import type { Outcome } from '../../src/domain/journal/outcome.ts'
import type { Lease } from '../../src/domain/ledger/lease.ts'
import type { Past } from '../../src/domain/ledger/past.ts'
import type { Release } from '../../src/domain/release/release.ts'
import { aTime } from './a-journal.ts'

const succeeded: Outcome = { kind: 'succeeded', forced: [], excluded: [], failed: [], afterwards: null }
const failed: Outcome = { kind: 'failed', failure: { code: 'x', what: 'x', tail: [] }, stays: [] }

/** The fields of an ended deployment that say nothing. */
export const nothingMore = {
  migrated: null,
  migrationDone: false,
  migration: null,
  reset: false,
  compatibility: null,
  instanceCheck: null,
  overridden: [],
  backup: null,
  restored: null,
  artifacts: {},
  outputs: {},
  decisions: [],
  override: null,
  overrideRehearsed: null,
  overrideHalt: null,
  apart: false,
  unsafe: null,
  older: null,
  subject: [],
  confirmed: [],
  schedule: null,
} as const

export const aPast = (release: Release, change: Partial<Past> = {}): Past => ({
  number: 1,
  mode: 'deploy',
  release,
  from: null,
  outcome: succeeded,
  startedAt: aTime(0),
  endedAt: aTime(60),
  by: ['alice'],
  run: '',
  record: null,
  ...nothingMore,
  ...change,
})

export const aSuspension = (change: Partial<Lease> = {}): Lease => ({
  kind: 'scheduler',
  deployment: 5,
  since: aTime(0),
  until: aTime(3_600),
  release: { tag: 'v1.0.0', sha: 'a'.repeat(40) },
  giveBack: { run: 'resume', shell: 'bash', env: {}, workingDirectory: '.', timeout: 60_000 },
  fleets: [],
  sources: noSources,
  pinned: false,
  givenBackBy: null,
  ...change,
})

export const aFailed = (release: Release, change: Partial<Past> = {}): Past =>
  aPast(release, { outcome: failed, ...change })

/** A history from deployments in the order that they happened in, numbered from one. */
export const aHistory = (...pasts: readonly Past[]): Past[] =>
  pasts.map((past, at) => ({ ...past, number: at + 1 })).reverse()
