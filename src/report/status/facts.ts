import { describeFailedHome } from '../../domain/detour/by-name/failed-home.ts'
import { describePair } from '../../domain/detour/own/pair.ts'
import { describeDetour, isOverdue } from '../../domain/detour/words.ts'
import { duration } from '../../domain/durations.ts'
import { describeProgress } from '../../domain/journal/progress.ts'
import { previousRelease } from '../../domain/ledger/history.ts'
import { type Lease, leaseIn, suspensionIn } from '../../domain/ledger/lease.ts'
import { keptInWords, leaseWords } from '../../domain/ledger/lease-words.ts'
import type { Ledger } from '../../domain/ledger/ledger.ts'
import type { Underway } from '../../domain/ledger/underway.ts'
import { describeUnfinished } from '../../domain/ledger/unfinished.ts'
import { describeUntold, untoldIn } from '../../domain/notify/notice.ts'
import { describeFeasibility, type Feasibility, feasibility } from '../../domain/release/feasibility.ts'
import type { Release } from '../../domain/release/release.ts'
import { wantedInstead } from '../../domain/rolling/drift.ts'
import type { Memory } from '../../domain/rolling/sight.ts'
import { momentInWords } from '../../domain/schedule/freeze-words.ts'
import { type Activity, activityOf } from '../../domain/shown/activity.ts'
import { shortSha } from '../releases/in-words.ts'
import { commitBlocksInWords } from '../text/commit-blocks.ts'
import { code, link, table, text } from '../text/markdown.ts'
import { between, moment } from '../text/moments.ts'
import { openMigrationInWords } from './open-migration.ts'
import { leaseIsOver } from './view.ts'

/** Shows the ledger of an environment, a fact a row. */
export function factsTable(memory: Memory, now: string): string {
  const { ledger } = memory
  const { serving } = ledger
  const wanted = wantedInstead(ledger)
  const head = [
    'serves',
    serving === null ? 'nothing yet' : `**${text(serving.release.tag)}** (${shortSha(serving.release)})`,
  ]
  const rows = [
    ...(serving === null ? [] : [['since', sinceInWords(ledger, now)]]),
    ...(wanted === null
      ? []
      : [['is to serve', `**${text(wanted.tag)}** (${code(wanted.sha.slice(0, 7))})`]]),
    ['under way', underwayInWords(memory)],
    ['lock', lockInWords(memory)],
    ['scheduler', leaseInWords(suspensionIn(ledger), ledger, now) ?? 'not suspended'],
    ...maintenanceRow(ledger, now),
    ...migrationRows(ledger, now),
    ...detourRows(ledger, now),
    ...stuckRows(ledger),
    ...pairRows(ledger),
    ...failedHomeRows(ledger),
    ['rollback', wayBackInWords(ledger)],
    ...scheduledRows(ledger),
    ...untoldRows(ledger),
    ...commitBlocksInWords(ledger).map((words) => ['blocked', words]),
  ]
  return table(head, rows)
}

function sinceInWords({ serving, history }: Ledger, now: string): string {
  if (serving === null) return ''
  const people = history.find(({ number }) => number === serving.deployment)?.by ?? []
  const by = people.length === 0 ? '' : ` of ${people.map(text).join(', ')}`
  return `${moment(serving.since)} (${duration(between(serving.since, now))}), by deployment ${serving.deployment}${by}`
}

/** Left out where no migration is open. */
function migrationRows({ migration, serving }: Ledger, now: string): string[][] {
  if (migration === null) return []
  return [['migration', openMigrationInWords(migration, serving?.release ?? null, now)]]
}

/** Left out where visitors are at home. */
function detourRows({ detour }: Ledger, now: string): string[][] {
  if (detour === null) return []
  const late = isOverdue(detour, now)
    ? `it **expired** at ${moment(detour.until)}, and stays open until a person answers`
    : `reported loudly from ${moment(detour.until)}`
  return [['detour', `**${text(describeDetour(detour))}**; ${late}`]]
}

/** Left out where every change of an instance has ended well. */
const stuckRows = ({ unfinished }: Ledger): string[][] =>
  unfinished.length === 0
    ? []
    : [['stuck', unfinished.map((one) => text(describeUnfinished(one))).join('<br>')]]

/** Left out where both sides share a database, or there is one side. */
const pairRows = ({ pair }: Ledger): string[][] =>
  pair === null ? [] : [['databases', text(describePair(pair))]]

const failedHomeRows = ({ failedHomes }: Ledger): string[][] =>
  failedHomes.map((one) => [
    'failed home',
    `${text(describeFailedHome(one))}; ${code('do: discard-failed-home')} removes it`,
  ])

/** Left out where nothing is scheduled, as it mostly is. */
function scheduledRows(ledger: Ledger): string[][] {
  const { pending } = ledger.schedules
  if (pending.length === 0) return []
  const each = pending.map(
    ({ id, release, at, by }) =>
      `${code(id)} **${text(release.tag)}** at ${text(momentInWords(at))}, of ${text(by)}`,
  )
  return [['scheduled', each.join('<br>')]]
}

/** Left out where every notice was sent. */
const untoldRows = (ledger: Ledger): string[][] =>
  untoldIn(ledger).map((notice) => ['not told', text(describeUntold(notice))])

/** `deployment 8, deploy v1.3.0: waits` */
function underwayInWords(memory: Memory): string {
  const { deployment } = memory.ledger
  return deployment === null
    ? 'nothing'
    : `${describeUnderway(deployment)}, ${activityWords[activityOf(memory)]}, ${describeProgress(deployment)}`
}

export const describeUnderway = ({ number, plan }: Underway): string =>
  `deployment ${number}, ${plan.mode} of ${text(plan.release.tag)}`

export const activityWords: Readonly<Record<Activity, string>> = {
  idle: 'nothing',
  running: 'at work',
  waiting: '**waiting**',
  interrupted: '**interrupted**',
  unknown: '**unknown** if its run is live',
}

function lockInWords({ ledger: { deployment }, live }: Memory): string {
  if (deployment === null) return 'free'
  const { holder } = deployment
  if (holder === null) return 'held by no run; the deployment that is under way has to end first'
  const run = link('a run', holder.url)
  if (live === null) return `held by ${run}; whether it is live could not be asked`
  return live
    ? `held by ${run}, which is live`
    : `held by ${run}, which is **gone**: the next run may take it`
}

/** Left out while visitors see the application. */
function maintenanceRow(ledger: Ledger, now: string): string[][] {
  const words = leaseInWords(leaseIn(ledger, 'maintenance'), ledger, now)
  return words === null ? [] : [['maintenance page', words]]
}

function leaseInWords(lease: Lease | null, { detour }: Ledger, now: string): string | null {
  if (lease === null) return null
  const { kind, since, until, deployment } = lease
  const { taken, giveBack } = leaseWords[kind]
  const lasts = leaseIsOver(lease, now)
    ? `its lease **ran out** at ${moment(until)}, and any run may ${giveBack} it`
    : `its lease lasts until ${moment(until)}`
  const term = keptInWords(lease, detour) ?? lasts
  return `**${taken}** since ${moment(since)} (${duration(between(since, now))}), by deployment ${deployment}; ${term}`
}

/** Returns the target of a rollback, and the verdict on it; null without one. */
export function wayBackOf(
  ledger: Ledger,
): { readonly release: Release; readonly feasibility: Feasibility } | null {
  const { serving, history } = ledger
  const release = previousRelease(history)
  if (serving === null || release === null) return null
  return { release, feasibility: feasibility(release, serving.release, ledger) }
}

function wayBackInWords(ledger: Ledger): string {
  const way = wayBackOf(ledger)
  if (way === null) return 'none: the ledger remembers no earlier release'
  return `to ${code(way.release.tag)}: ${text(describeFeasibility(way.feasibility))}`
}
