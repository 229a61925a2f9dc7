import { emptyLedger, type Ledger } from '../../src/domain/ledger/ledger.ts'
import type { Past } from '../../src/domain/ledger/past.ts'
import type { Release } from '../../src/domain/release/release.ts'
import { releaseStanding } from '../../src/domain/release/release-state.ts'
import type { HistoryView } from '../../src/report/history/view.ts'
import type { ListedView, ReleasesView } from '../../src/report/releases/view.ts'
import { nothingMore } from '../domain/a-ledger.ts'
import { failure, planOf, play } from './scenario.ts'

/** Releases in every state that a list can find, and an environment to which everything has happened. */

export const now = '2026-11-21T12:00:00.000Z'
const run = (id: number) => `https://github.com/acme/shop/actions/runs/${id}`
const release = (tag: string, letter: string): Release => ({
  tag,
  sha: letter.repeat(40),
  baseVersion: '2026.1',
  schemaVersion: '41',
})
const [v0, v1, v2, v3, v4] = [
  release('v1.0.0', 'c'),
  release('v1.1.0', 'd'),
  release('v1.2.0', 'a'),
  release('v1.3.0', 'b'),
  release('v1.4.0', 'e'),
]
const selfTest = failure('self-test-failed', 'The self test of web-3 failed: it answered 500.')
const good = { kind: 'succeeded', forced: [], excluded: [], failed: [], afterwards: null } as const
const block = { reason: 'it loses orders', by: 'rhea', at: '2026-11-20T17:00:00.000Z' }

const past = (number: number, of: Release, change: Partial<Past> = {}): Past => ({
  number,
  mode: 'deploy',
  release: of,
  from: null,
  outcome: good,
  startedAt: `2026-11-${String(number + 9).padStart(2, '0')}T09:00:00.000Z`,
  endedAt: `2026-11-${String(number + 9).padStart(2, '0')}T09:04:10.000Z`,
  by: ['dora'],
  run: run(number),
  record: 100 + number,
  ...nothingMore,
  ...change,
})

const ran = { where: 'production', deployment: 5, at: '2026-11-14T09:02:00.000Z' }

export const production: Ledger = {
  ...play(planOf(), { failures: { 'web-3': [selfTest] } }).ledger,
  blocked: [{ tag: v0.tag, sha: v0.sha, ...block }],
  history: [
    past(6, v2, {
      mode: 'rollback',
      from: v1,
      by: ['nora'],
      unsafe: 'not safe: the checks of v1.2.0 failed',
    }),
    past(5, v1, {
      from: v2,
      override: { by: 'dora', reason: 'the shop is down' },
      migrated: 'expand',
      compatibility: { passed: false, at: now, forced: { by: 'nora', reason: 'they | are out of date' } },
    }),
    past(4, v3, {
      from: v2,
      outcome: { kind: 'rolled-back', forced: [], excluded: [], failure: selfTest },
      decisions: [
        { decision: 'approve', by: 'rhea', reason: '', at: now },
        { decision: 'roll-back', by: 'nora', reason: 'web-3 <b>fails</b> | again', at: now },
      ],
    }),
    past(3, v2, { from: v1, migrated: 'contract' }),
    past(2, v1, {
      from: v0,
      outcome: { ...good, excluded: ['web/web-2'] },
      migrated: 'expand',
      compatibility: { passed: true, at: now },
    }),
    past(1, v0),
  ],
}

const staging: Ledger = {
  ...emptyLedger('shop', 'staging'),
  serving: {
    release: v4,
    deployment: 1,
    since: now,
    record: 1,
    preDeploy: null,
    build: null,
    checkCompatibility: null,
    hosts: null,
    outputs: {},
    images: {},
  },
  history: [past(1, v4)],
}

const listed = (of: Release, change: Partial<ListedView> = {}): ListedView => ({
  ...releaseStanding(of, [production, staging]),
  tag: 'there',
  fitness: { kind: 'suits', relation: 'ahead', acknowledge: false },
  ...change,
})

export const everyRelease = (): ReleasesView => ({
  app: 'shop',
  environments: [
    { name: 'production', class: 'production', memory: { kind: 'read', ledger: production } },
    { name: 'staging', class: 'staging', memory: { kind: 'read', ledger: staging } },
    {
      name: 'eu',
      class: 'production',
      memory: { kind: 'unknown', failure: failure('ledger-newer', 'The ledger of eu has schema 2.') },
    },
  ],
  releases: [
    listed(release('v1.5.0-rc.1', '1'), { fitness: { kind: 'unreadable', why: 'It has one mistake.' } }),
    listed(v4),
    listed(v3),
    listed(v2, { fitness: { kind: 'serves' } }),
    listed(v1, { tag: 'moved', fitness: { kind: 'suits', relation: 'behind', acknowledge: true } }),
    listed(v0, { tag: 'gone', fitness: { kind: 'blocked', block: { tag: v0.tag, sha: v0.sha, ...block } } }),
  ],
  further: 3,
  wanted: {
    environment: 'production',
    otherBase: [{ tag: 'v2.0.0', sha: '2'.repeat(40) }],
    waysBack: [
      { release: v4, feasibility: { kind: 'safe', because: 'both have schema 41' }, block: null },
      {
        release: release('v1.3.1', '3'),
        feasibility: {
          kind: 'safe',
          because: 'only expand migrations ran since',
          proven: { kind: 'proven', ...ran },
        },
        block: null,
      },
      {
        release: release('v1.2.1', '5'),
        feasibility: {
          kind: 'incompatible',
          checks: { kind: 'refuted', checked: null, on: 'v1.3.0', ...ran },
        },
        block: null,
      },
      {
        release: v3,
        feasibility: {
          kind: 'config-differs',
          because: 'only expand migrations ran since',
          differences: ['steps.post-deploy', 'services.web.fleet'],
        },
        block: null,
      },
      {
        release: v1,
        feasibility: { kind: 'crosses-contract', since: '2026-11-12T09:00:00.000Z', deployments: [3] },
        block: null,
      },
      {
        release: v0,
        feasibility: { kind: 'config-unreadable', why: 'It has one mistake.' },
        block: { tag: v0.tag, sha: v0.sha, ...block },
      },
      {
        release: release('v0.9.0', '9'),
        feasibility: { kind: 'other-base', target: '2025.4', current: '2026.1' },
        block: null,
      },
    ],
  },
  run: run(99),
  now,
})

export const everyDeployment = (change: Partial<HistoryView> = {}): HistoryView => ({
  ledger: production,
  limit: 5,
  run: run(99),
  now,
  ...change,
})
