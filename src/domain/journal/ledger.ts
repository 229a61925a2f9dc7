import type { BuildRecipe, Command, MigrationPhase, StepRecipes } from '../config/config.ts'
import { type ListedHosts, listedHosts } from '../config/listed-hosts.ts'
import { type Plan, subjectOf } from '../plan/plan.ts'
import type { Decision } from '../question/decision.ts'
import { type CompatibilityCheck, compatibilityIn } from '../release/compatibility.ts'
import type { Mode, Release, Run } from '../release/release.ts'
import type { Override } from '../release/verification.ts'
import type { Overridden } from '../schedule/freeze-words.ts'
import { latenessAt, type PlannedFor, type Schedules, withEnd } from '../schedule/schedule.ts'
import type { Block } from './blocking.ts'
import type { Event, Journal } from './journal.ts'
import type { Outcome } from './outcome.ts'
import { standing } from './standing.ts'
import { type Unfinished, unfinishedAfter } from './unfinished.ts'

/** What an environment remembers. Every change of it is one commit on the environment's own git ref. */
export interface Ledger {
  readonly schema: 1
  readonly app: string
  readonly environment: string
  /** Path of the config whose ledger it is; a ledger of an earlier version does not know it. */
  readonly config?: string
  readonly serving: Serving | null
  /** What the environment should serve: written before the first instance changes, for agents that pull. */
  readonly desired: Pick<Release, 'tag' | 'sha'> | null
  readonly scheduler: Suspension | null
  readonly deployment: Underway | null
  /** Ended deployments, newest first. */
  readonly history: readonly Past[]
  /** Releases that must not come here, the newest first; a ledger of an earlier version has none. */
  readonly blocked?: readonly Block[]
  /** What is to be deployed later, and what became of what was; left out until something is scheduled. */
  readonly schedules?: Schedules
  /** Instances that no deployment has changed to the end; left out where there are none, and by earlier versions. */
  readonly unfinished?: readonly Unfinished[]
}

/** What a release hands on to the deployment after it, which runs it as this release defines it. */
export interface HandedOn {
  readonly preDeploy: Command | null
  /** Builds what the release brings to its hosts, where a host has cleared it away; left out where it has none. */
  readonly build?: BuildRecipe
  /** Left out where it has none. */
  readonly checkCompatibility?: Command
}

export interface Serving extends HandedOn {
  readonly release: Release
  readonly deployment: number
  readonly since: string
  /** GitHub's id of the Deployment that shows it. */
  readonly record: number | null
  /** The hosts that inventories printed for it, by service; left out where none did. */
  readonly hosts?: ListedHosts
}

/** The suspension of a scheduler is a lease: it has an owner, and a time after which anybody may end it. */
export interface Suspension {
  readonly deployment: number
  readonly since: string
  readonly until: string
  /** Whose commands suspended it, so that theirs resume it. */
  readonly release: Pick<Release, 'tag' | 'sha'>
  readonly resume: Command
  /** A migration has begun under it and has not succeeded: then only a person may end it. */
  readonly migrating: boolean
  /** The run that is about to end it because its lease ran out; meanwhile nobody else may begin anything. */
  readonly resumedBy: Run | null
}

/** The deployment that has begun and not ended, and what its release hands on once it serves. */
export interface Underway extends HandedOn {
  readonly number: number
  readonly plan: Plan
  readonly journal: Journal
  /** The run that works on it; none while it waits for a person or was left by its run. */
  readonly holder: Run | null
  readonly record: number | null
}

export interface Past {
  readonly number: number
  readonly mode: Mode
  readonly release: Release
  readonly from: Release | null
  readonly outcome: Outcome
  readonly startedAt: string
  readonly endedAt: string
  readonly by: readonly string[]
  readonly run: string
  readonly record: number | null
  /** The phase of the migration that ran, or may have run, in it. */
  readonly migrated: MigrationPhase | null
  /** Whether that migration succeeded, or a person counted it as done; left out without one, and by 0.1.0. */
  readonly migrationDone?: boolean
  /** How the checks of `from` came out on the database that it migrated; left out where they did not run to an end. */
  readonly compatibility?: CompatibilityCheck
  /** The freezes that it went through all the same. */
  readonly overridden?: readonly Overridden[]
  /** SHA-256 of the files that it brought to hosts, by their paths; left out where it brought none. */
  readonly artifacts?: Readonly<Record<string, string>>
  /** What people decided in it, in that order; left out where nobody was asked. */
  readonly decisions?: readonly PastDecision[]
  /** Who went on without the proof that the policy asks for, and why. */
  readonly override?: Override
  /** Who went on without the rehearsal that it asks for, and why. */
  readonly overrideRehearsed?: Override
  /** Why going back was not safe, which whoever started it had acknowledged. */
  readonly unsafe?: string
  /** The newer release that served before, where an older one was deployed over it; left out for any other. */
  readonly older?: string
  /** The steps that it was about; left out where it was about its release. */
  readonly subject?: readonly string[]
  /** What whoever started it confirmed by its words. */
  readonly confirmed?: readonly string[]
  /** The schedule that it was started by; `late`: milliseconds after its time. */
  readonly schedule?: PlannedFor & { readonly late: number }
}

/** A person's answer in a deployment that has ended. */
export interface PastDecision {
  readonly decision: Decision
  readonly by: string
  readonly reason: string
  readonly at: string
}

const rememberedDeployments = 100

export const emptyLedger = (app: string, environment: string): Ledger => ({
  schema: 1,
  app,
  environment,
  serving: null,
  desired: null,
  scheduler: null,
  deployment: null,
  history: [],
})

/** The number of the next deployment: one more than any before it. */
export const nextNumber = (ledger: Ledger): number =>
  Math.max(0, ledger.deployment?.number ?? 0, ledger.history[0]?.number ?? 0) + 1

/** A ledger with one more thing having happened. Everything but the journal follows from the event. */
export function remember(ledger: Ledger, event: Event): Ledger {
  const deployment = ledger.deployment
  if (deployment === null) throw new Error(`no deployment is under way for ${event.kind}`)
  const underway: Underway = { ...deployment, journal: [...deployment.journal, event] }
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
      return startStep(remembered, underway, event)
    case 'step-succeeded':
      return succeedStep(remembered, underway, event)
    case 'undo-started':
      return startUndo(remembered, underway, event)
    case 'undo-succeeded':
      return stepKind(underway, event.step) === 'suspend-scheduler'
        ? { ...remembered, scheduler: null }
        : remembered
    case 'decided':
      return event.decision === 'force-next' ? seenTo(remembered, deployment) : remembered
    case 'ended':
      return archive(remembered, underway, event.outcome, event.at)
    default:
      return remembered
  }
}

/** In the very commit that opens the deployment, so that nobody can withdraw it or start it once more. */
function startSchedule(ledger: Ledger, { number, plan: { schedule } }: Underway, at: string): Ledger {
  if (schedule === undefined) return ledger
  const end = { kind: 'started', at, deployment: number, late: latenessAt(schedule, at) } as const
  return withEnd(ledger, schedule.id, end)
}

/** Written before the effect, for whoever finds this ledger when the run that wrote it is gone. */
function startStep(ledger: Ledger, underway: Underway, event: Event & { step: string }): Ledger {
  switch (stepKind(underway, event.step)) {
    case 'suspend-scheduler':
      return suspended(ledger, underway, event.at)
    case 'migrate':
      return migrating(ledger, true)
    case 'roll-services':
      return desiring(ledger, underway.plan.release)
    default:
      return ledger
  }
}

function startUndo(ledger: Ledger, underway: Underway, event: Event & { step: string }): Ledger {
  switch (stepKind(underway, event.step)) {
    // Another scheduler can only take its place while no job runs.
    case 'deploy-scheduler':
      return suspended(ledger, underway, event.at)
    case 'roll-services':
      return desiring(ledger, underway.plan.from)
    default:
      return ledger
  }
}

/** Suspended again, by a run that goes on or by a later deployment, the lease runs from then and is theirs. */
function suspended(ledger: Ledger, { number, plan }: Underway, at: string): Ledger {
  const step = plan.steps.find(({ kind }) => kind === 'suspend-scheduler')
  if (step?.kind !== 'suspend-scheduler') return ledger
  const since = ledger.scheduler?.since ?? at
  const until = new Date(Date.parse(at) + step.scheduler.lease).toISOString()
  const { resume } = step.scheduler
  const { tag, sha } = plan.release
  return {
    ...ledger,
    scheduler: {
      deployment: number,
      since,
      until,
      release: { tag, sha },
      resume,
      migrating: false,
      resumedBy: null,
    },
  }
}

const migrating = (ledger: Ledger, is: boolean): Ledger =>
  ledger.scheduler === null ? ledger : { ...ledger, scheduler: { ...ledger.scheduler, migrating: is } }

/** A person who counts the return of the scheduler as done has resumed it; the migration likewise. */
function seenTo(ledger: Ledger, { plan, journal }: Underway): Ledger {
  const { pause, direction } = standing(plan, journal)
  const returns = direction === 'forward' ? 'resume-scheduler' : 'suspend-scheduler'
  const step = plan.steps.find(({ kind }) => kind === returns)
  if (step !== undefined && pause?.step === step.id) return { ...ledger, scheduler: null }
  const migrated = plan.steps.some(({ kind, id }) => kind === 'migrate' && id === pause?.step)
  return migrated ? migrating(ledger, false) : ledger
}

const desiring = (ledger: Ledger, release: Release | null): Ledger => ({
  ...ledger,
  desired: release === null ? null : { tag: release.tag, sha: release.sha },
})

function succeedStep(ledger: Ledger, underway: Underway, event: Event & { step: string }): Ledger {
  switch (stepKind(underway, event.step)) {
    case 'resume-scheduler':
      return { ...ledger, scheduler: null }
    case 'migrate':
      return migrating(ledger, false)
    case 'record-version': {
      const listed = listedHosts(underway.plan)
      return {
        ...ledger,
        serving: {
          release: underway.plan.release,
          deployment: underway.number,
          since: event.at,
          record: underway.record,
          ...handedOn(underway),
          ...(listed === null ? {} : { hosts: listed }),
        },
      }
    }
    default:
      return ledger
  }
}

/** What a release hands on: of its recipe when it is brought, of the deployment that brought it once it serves. */
export const handedOn = ({
  preDeploy,
  checkCompatibility,
  build,
}: Pick<StepRecipes, 'preDeploy' | 'checkCompatibility'> & {
  readonly build?: BuildRecipe | null
}): HandedOn => ({
  preDeploy,
  ...(checkCompatibility == null ? {} : { checkCompatibility }),
  ...(build == null ? {} : { build }),
})

const stepKind = (underway: Underway, id: string) => underway.plan.steps.find((step) => step.id === id)?.kind

/** Whether anything has changed, or may have: the record is opened just before that. */
export const hasBegun = ({ record }: Pick<Underway, 'record'>): boolean => record !== null

/** What was overridden for a deployment: when it was planned, and when it was approved. */
export const overriddenBy = ({
  plan,
  journal,
}: Pick<Underway, 'plan' | 'journal'>): readonly Overridden[] => [
  ...(plan.overridden === undefined ? [] : [plan.overridden]),
  ...journal.flatMap((event) => (event.kind === 'decided' ? (event.overridden ?? []) : [])),
]

function archive(ledger: Ledger, underway: Underway, outcome: Outcome, endedAt: string): Ledger {
  const { plan, journal } = underway
  const opened = journal.find((event) => event.kind === 'opened')
  const migrate = plan.steps.find((step) => step.kind === 'migrate')
  const migrated =
    migrate !== undefined &&
    journal.some((event) => event.kind === 'step-started' && event.step === migrate.id)
  const compatibility = compatibilityIn(plan, journal)
  const overridden = overriddenBy(underway)
  const decisions = decisionsIn(journal)
  const artifacts = artifactsIn(plan.release, journal)
  const { verification, rehearsal, guard, schedule, unsafe, older } = plan
  const subject = subjectOf(plan)
  const startedAt = opened?.at ?? endedAt
  const past: Past = {
    number: underway.number,
    mode: plan.mode,
    release: plan.release,
    from: plan.from,
    outcome,
    startedAt,
    endedAt,
    by: opened?.by ?? [],
    run: opened?.run.url ?? '',
    record: underway.record,
    migrated: migrated ? migrate.phase : null,
    ...(migrated ? { migrationDone: isDone(underway, migrate.id) } : {}),
    ...(compatibility === null ? {} : { compatibility }),
    ...(overridden.length === 0 ? {} : { overridden }),
    ...(Object.keys(artifacts).length === 0 ? {} : { artifacts }),
    ...(decisions.length === 0 ? {} : { decisions }),
    ...(verification?.kind === 'overridden'
      ? { override: { by: verification.by, reason: verification.reason } }
      : {}),
    ...(rehearsal?.kind === 'overridden'
      ? { overrideRehearsed: { by: rehearsal.by, reason: rehearsal.reason } }
      : {}),
    ...(unsafe === undefined ? {} : { unsafe }),
    ...(older === undefined ? {} : { older }),
    ...(subject.length === 0 ? {} : { subject }),
    ...(guard?.confirmed === true ? { confirmed: guard.reasons } : {}),
    ...(schedule === undefined ? {} : { schedule: { ...schedule, late: latenessAt(schedule, startedAt) } }),
  }
  const { unfinished: before = [], ...rest } = ledger
  const unfinished = unfinishedAfter(before, underway)
  return {
    ...desiring(rest, ledger.serving?.release ?? null),
    ...(unfinished.length === 0 ? {} : { unfinished }),
    deployment: null,
    history: [past, ...ledger.history].slice(0, rememberedDeployments),
  }
}

function isDone({ plan, journal }: Underway, id: string): boolean {
  const state = standing(plan, journal).steps.get(id)?.state
  return state === 'succeeded' || state === 'forced'
}

/** What people have decided in a deployment so far. */
export const decisionsIn = (journal: Journal): PastDecision[] =>
  journal.flatMap((event) =>
    event.kind === 'decided'
      ? [{ decision: event.decision, by: event.by, reason: event.reason, at: event.at }]
      : [],
  )

const artifactsIn = ({ sha }: Release, journal: Journal): Record<string, string> =>
  Object.fromEntries(
    journal.flatMap((event) =>
      event.kind === 'artifact-frozen' && event.sha === sha ? [[event.path, event.sha256]] : [],
    ),
  )

/** The digest of a file of a release as a deployment last brought it here; null where no deployment kept one. */
export const artifactServed = ({ history }: Ledger, { sha }: Release, path: string): string | null =>
  history.find(({ release, artifacts }) => release.sha === sha && artifacts?.[path] !== undefined)
    ?.artifacts?.[path] ?? null
