import { withFailedHome, withoutFailedHome } from '../backup/failed-homes.ts'
import { isReversion } from '../backup/restored-by.ts'
import { type ListedHosts, listedHosts } from '../config/listed-hosts.ts'
import type { FailedHome } from '../detour/by-name/failed-home.ts'
import { type DatabasePair, pairAfterCopying, pairAfterMoving, withPairNote } from '../detour/own/pair.ts'
import type { DetourSide } from '../detour/side.ts'
import { sideAfter } from '../detour/side-after.ts'
import type { Images } from '../engine/engine-seen.ts'
import { imagesAfter } from '../engine/images-after.ts'
import type { Event } from '../journal/journal.ts'
import type { Outcome } from '../journal/outcome.ts'
import { standing } from '../journal/standing.ts'
import { type Notice, noticesOf, withNotices } from '../notify/notice.ts'
import { type Desired, desiredAfter, withoutGone, withoutThese } from '../pull/desired.ts'
import type { Release, ReleaseId } from '../release/release.ts'
import { latenessAt, noSchedules, type Schedules, withEnd } from '../schedule/schedule.ts'
import { isRoll, type Step } from '../step/step.ts'
import { traitsOf } from '../step/traits.ts'
import type { TakenWave } from '../wave/wave.ts'
import type { Block, CommitBlock } from './blocking.ts'
import { handedOn } from './handed-on.ts'
import { type Lease, leased, type StepTurn, withActive } from './lease.ts'
import { migrationAfter, migrationAt, migrationOnceServing } from './migration-turns.ts'
import {
  detourAfterClosing,
  detourAfterJoining,
  detourAfterOpening,
  type OpenDetour,
  withNote,
} from './open-detour.ts'
import type { OpenMigration } from './open-migration.ts'
import { outputsOf, sourcesFor } from './outputs.ts'
import { type Past, rememberedDeployments } from './past.ts'
import { pastOf } from './past-of.ts'
import type { HandedOn, Underway } from './underway.ts'
import { type Unfinished, unfinishedAfter } from './unfinished.ts'

/** The memory of an environment. Every change of it is one commit on the environment's own git ref. */
export interface Ledger {
  readonly app: string
  readonly environment: string
  /** The path of the ledger's config; null in a ledger of 0.1.0, which does not know it. */
  readonly config: string | null
  readonly serving: Serving | null
  /** The desired release: written before the first instance changes, for agents that pull. */
  readonly desired: ReleaseId | null
  /** The desired release of each instance on a host that pulls. */
  readonly pulled: readonly Desired[]
  readonly leases: readonly Lease[]
  /** The two-phase migration that is neither completed nor rolled back; null without one. */
  readonly migration: OpenMigration | null
  /** The detour that was begun and has not ended; null without one. */
  readonly detour: OpenDetour | null
  /** The databases of home that failed deployments left, the oldest first. */
  readonly failedHomes: readonly FailedHome[]
  /** The databases of two sides that have one each; null without them. */
  readonly pair: DatabasePair | null
  /** The side that visitors were seen on after the last switch; null before there was one. */
  readonly side: DetourSide | null
  readonly deployment: Underway | null
  /** Ended deployments, newest first. */
  readonly history: readonly Past[]
  /** Releases that must not come here, the newest first. */
  readonly blocked: readonly Block[]
  /** Commits that no release may bring here, unless it has their fix; the newest first. */
  readonly blockedCommits: readonly CommitBlock[]
  /** The scheduled deployments, pending and ended. */
  readonly schedules: Schedules
  /** Instances that no deployment has changed to the end. */
  readonly unfinished: readonly Unfinished[]
  /** Notices that were not sent yet, the oldest first. */
  readonly notices: readonly Notice[]
  /** The environments that were started after this one, newest first. */
  readonly waves: readonly TakenWave[]
}

export interface Serving extends HandedOn {
  readonly release: Release
  readonly deployment: number
  readonly since: string
  /** GitHub's id of the Deployment that shows it. */
  readonly record: number | null
  /** The hosts that inventories printed for it, by service; null without an inventory. */
  readonly hosts: ListedHosts | null
  /** The outputs of its build; none where it has none, or its manifest has them. */
  readonly outputs: Readonly<Record<string, string>>
  /** The images that engines were seen to run for it, by service; none without a service on an engine. */
  readonly images: Readonly<Record<string, Images>>
}

export const emptyLedger = (app: string, environment: string): Ledger => ({
  app,
  environment,
  config: null,
  serving: null,
  desired: null,
  pulled: [],
  leases: [],
  migration: null,
  detour: null,
  failedHomes: [],
  side: null,
  pair: null,
  deployment: null,
  history: [],
  blocked: [],
  blockedCommits: [],
  schedules: noSchedules,
  unfinished: [],
  notices: [],
  waves: [],
})

/** The number of the next deployment: one more than any before it. */
export const nextNumber = (ledger: Ledger): number =>
  Math.max(0, ledger.deployment?.number ?? 0, ledger.history[0]?.number ?? 0) + 1

/** A ledger with one more thing having happened. Everything but the journal follows from the event. */
export function remember(ledger: Ledger, event: Event): Ledger {
  const deployment = ledger.deployment
  if (deployment === null) throw new Error(`no deployment is under way for ${event.kind}`)
  const underway: Underway = { ...deployment, journal: [...deployment.journal, event] }
  return withNotices(followed(ledger, deployment, underway, event), noticesOf(underway, event))
}

function followed(ledger: Ledger, deployment: Underway, underway: Underway, event: Event): Ledger {
  const remembered: Ledger = { ...ledger, deployment: underway }
  switch (event.kind) {
    case 'opened':
      return startSchedule(
        { ...remembered, deployment: { ...underway, holder: event.run } },
        underway,
        event.at,
      )
    case 'resumed':
      return { ...remembered, deployment: { ...underway, holder: event.run } }
    case 'paused':
    case 'left':
      return { ...remembered, deployment: { ...underway, holder: null } }
    case 'record-opened':
      return { ...remembered, deployment: { ...underway, record: event.record } }
    case 'step-started':
    case 'step-succeeded':
    case 'undo-started':
    case 'undo-succeeded':
      return afterStep(remembered, underway, event)
    case 'cron-jobs-observed':
      return withActive(remembered, event.active)
    case 'instance-desired':
      return { ...remembered, pulled: desiredAfter(ledger.pulled, underway, event) }
    case 'detour-deed': {
      const { at, deed: act, evidence } = event
      const { detour, migration } = ledger
      return {
        ...remembered,
        detour: withNote(detour, { at, act, evidence }),
        pair: withPairNote(ledger.pair, event.detour, { at, act, evidence }),
        failedHomes: withFailedHome(ledger.failedHomes, event, { at, deployment: deployment.number }),
        migration: detour !== null && isReversion(event) ? migrationAt(migration, detour) : migration,
      }
    }
    case 'decided':
      return event.decision === 'force-next' ? seenTo(remembered, deployment, event.at) : remembered
    case 'ended':
      return archive(remembered, underway, event.outcome, event.at)
    default:
      return remembered
  }
}

/**
 * The schedule starts in the very commit that opens the deployment, so that it can be neither withdrawn nor
 * started again.
 */
function startSchedule(ledger: Ledger, { number, plan: { schedule } }: Underway, at: string): Ledger {
  if (schedule === null) return ledger
  const end = { kind: 'started', at, deployment: number, late: latenessAt(schedule, at) } as const
  return withEnd(ledger, schedule.id, end)
}

/**
 * The ledger follows the row of the step's kind. The beginning of a step is written before its effect, for the run that
 * finds this ledger after the writing run died.
 */
function afterStep(
  ledger: Ledger,
  underway: Underway,
  event: Extract<Event, { kind: StepTurn['kind'] }>,
): Ledger {
  const step = underway.plan.steps.find(({ id }) => id === event.step)
  if (step === undefined) return ledger
  const { plan } = underway
  const after = leased(ledger, step, event, ownerOf(ledger, underway))
  switch (traitsOf(step).remembers) {
    case 'nothing':
      return after
    case 'desired':
      if (event.kind === 'step-started') return desiring(after, plan.release)
      if (event.kind === 'step-succeeded' && isRoll(step))
        return { ...after, pulled: withoutGone(after.pulled, step.service) }
      return event.kind === 'undo-started' ? desiring(after, plan.from) : after
    case 'serving':
      return event.kind === 'step-succeeded' ? serving(after, underway, event.at) : after
    case 'migration':
      return { ...after, migration: migrationAfter(after.migration, step, event, underway) }
    case 'detour':
      return { ...after, detour: detourAfterOpening(after.detour, step, event, underway) }
    case 'detour-joined':
      return { ...after, detour: detourAfterJoining(after.detour, event) }
    case 'detour-end':
      return { ...after, detour: detourAfterClosing(after.detour, event) }
    case 'failed-home':
      return event.kind === 'step-succeeded' ? withoutFailed(after, step) : after
    case 'side':
      return {
        ...after,
        side: sideAfter(after.side, step, event.kind),
        pair: pairAfterMoving(after.pair, step, event),
      }
    case 'pair':
      return { ...after, pair: pairAfterCopying(after.pair, step, event, underway) }
  }
}

/** A person who counts a step as done has done its work, so its lease is as after a success. */
function seenTo(ledger: Ledger, underway: Underway, at: string): Ledger {
  const { plan, journal } = underway
  const { pause, direction } = standing(plan, journal)
  const step = plan.steps.find(({ id }) => id === pause?.step)
  const kind = direction.to === 'new' ? 'step-succeeded' : 'undo-succeeded'
  if (step === undefined) return ledger
  const after = leased(ledger, step, { kind, at }, ownerOf(ledger, underway))
  const seen = withoutFailed(after, step)
  return traitsOf(step).remembers === 'migration'
    ? { ...seen, migration: migrationAfter(seen.migration, step, { kind, at }, underway) }
    : seen
}

const withoutFailed = (ledger: Ledger, step: Step): Ledger => ({
  ...ledger,
  failedHomes: withoutFailedHome(ledger.failedHomes, step),
})

const ownerOf = (ledger: Ledger, underway: Underway) => ({
  ...underway,
  sources: sourcesFor(ledger, underway.plan, underway.plan.release),
})

const desiring = (ledger: Ledger, release: Release | null): Ledger => ({
  ...ledger,
  desired: release === null ? null : { tag: release.tag, sha: release.sha },
})

function serving(ledger: Ledger, underway: Underway, since: string): Ledger {
  return {
    ...ledger,
    migration: migrationOnceServing(ledger.migration, underway.plan),
    serving: {
      release: underway.plan.release,
      deployment: underway.number,
      since,
      record: underway.record,
      ...handedOn(underway),
      hosts: listedHosts(underway.plan),
      outputs: outputsOf(ledger, underway.plan.release) ?? {},
      images: imagesAfter(ledger.serving?.images ?? {}, underway),
    },
  }
}

function archive(ledger: Ledger, underway: Underway, outcome: Outcome, endedAt: string): Ledger {
  const unfinished = unfinishedAfter(ledger.unfinished, underway)
  return {
    ...desiring(ledger, ledger.serving?.release ?? null),
    pulled: outcome.kind === 'abandoned' ? withoutThese(ledger.pulled, unfinished) : ledger.pulled,
    unfinished,
    deployment: null,
    history: [pastOf(underway, outcome, endedAt), ...ledger.history].slice(0, rememberedDeployments),
  }
}
