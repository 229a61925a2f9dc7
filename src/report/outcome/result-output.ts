import type { EnvironmentClass } from '../../domain/config/policy.ts'
import type { Outcome } from '../../domain/journal/outcome.ts'
import type { StepStanding } from '../../domain/journal/standing.ts'
import { suspensionIn } from '../../domain/ledger/lease.ts'
import type { Mode } from '../../domain/plan/undertaking.ts'
import type { Decision } from '../../domain/question/decision.ts'
import { countApprovals } from '../../domain/question/gate.ts'
import {
  awaits,
  expiryOf,
  failureOf,
  type Gate,
  gateOf,
  instancesOf,
  type Pause,
} from '../../domain/question/pause.ts'
import type { Release, ReleaseId } from '../../domain/release/release.ts'
import type { InstanceStanding } from '../../domain/rolling/roll-standing.ts'
import { latenessAt } from '../../domain/schedule/schedule.ts'
import { type EngineLookResult, enginesIn } from './engine-output.ts'
import { instanceRows } from './instance-table.ts'
import { type OverriddenResult, overriddenOf } from './overridden-output.ts'
import { stateWord } from './state-in-words.ts'
import { stepTimes } from './step-table.ts'
import { recordOf, type State, standingOf, stateOf, type View } from './view.ts'

/** The `result` output: JSON on one line, its keys in this order. A change of its shape gets another `schema`. */
export interface Result {
  readonly schema: 1
  /** The value of the output `outcome`: an outcome, or `waiting`, `interrupted`, `running`. */
  readonly outcome: string
  /** A code of docs/problems.md; null when nothing went wrong. */
  readonly 'reason-code': string | null
  readonly mode: Mode
  readonly app: string
  readonly environment: {
    readonly name: string
    readonly class: EnvironmentClass
    readonly url: string | null
    /** Left out where the policy names none. */
    readonly logs?: string
  }
  readonly release: ReleaseId
  /** The serving release when the plan was made. */
  readonly previous: ReleaseId | null
  /** The serving release now. */
  readonly serving: ReleaseId | null
  readonly deployment: { readonly number: number; readonly record: number | null; readonly plan: string }
  readonly pause: {
    readonly id: string
    readonly gate: Gate
    readonly step: string
    readonly instances: readonly string[]
    readonly 'reason-code': string | null
    readonly options: readonly Decision[]
    /** The expiry of the question (an ISO time in UTC), and the decision then; null if it only waits. */
    readonly expires: ReturnType<typeof expiryOf>
    /** The approvals so far, where several people must approve; left out for every other question. */
    readonly approvals?: { readonly needed: number; readonly by: readonly string[] }
  } | null
  readonly steps: readonly {
    readonly id: string
    readonly state: StepStanding['state']
    readonly undo: StepStanding['undo'] | 'forced'
    /** Worked on it, all its tries together, without waiting; null when it did not begin. */
    readonly seconds: number | null
  }[]
  readonly instances: readonly {
    readonly service: string
    readonly name: string
    readonly state: InstanceStanding['state']
    /** The release that it is known to run; null if unknown. */
    readonly version: string | null
    /** The way in which its release came there; left out where its service prepares none. */
    readonly prepared?: { readonly how: 'there' | 'brought'; readonly seconds: number }
  }[]
  /** The services on engines that this deployment looked at; left out where there are none. */
  readonly engines?: readonly EngineLookResult[]
  /** The suspension of the scheduler, if any. */
  readonly scheduler: { readonly state: 'suspended'; readonly since: string; readonly until: string } | null
  /** The schedule that it was started by; left out where a person started it. `late`: seconds after its time. */
  readonly schedule?: {
    readonly id: string
    readonly planned: string
    readonly started: string
    readonly late: number
  }
  /** Instances as `service/instance`; `forced` also names the steps and services on engines that a person counted as done. */
  readonly forced: readonly string[]
  readonly excluded: readonly string[]
  readonly failed: readonly string[]
  /** The warnings of the plan. */
  readonly warnings: readonly string[]
  /** The newer release that served, over which an older one was deployed; null for any other. */
  readonly older: string | null
  /** The overridden rules. */
  readonly overridden: readonly OverriddenResult[]
  readonly run: string
}

/** Returns the result of the run, for the steps and workflows after it. */
export function resultOf(view: View): Result {
  const { plan, ledger } = view
  const now = standingOf(view)
  const state = stateOf(view, now)
  const seconds = stepTimes(view)
  const rows = instanceRows(view, now)
  const named = (wanted: InstanceStanding['state']) =>
    rows.filter(({ standing }) => standing.state === wanted).map(({ service, name }) => `${service}/${name}`)
  const { name, class: kind, url, logs } = plan.environment
  return {
    schema: 1,
    outcome: stateWord(state),
    'reason-code': reasonCode(state),
    mode: plan.mode,
    app: plan.app,
    environment: { name, class: kind, url, ...(logs === null ? {} : { logs }) },
    release: idOf(plan.release),
    previous: plan.from === null ? null : idOf(plan.from),
    serving: ledger.serving === null ? null : idOf(ledger.serving.release),
    deployment: { number: now.number, record: recordOf(view, now.number), plan: plan.digest },
    pause: state.kind === 'waiting' ? pauseOf(state.pause, view) : null,
    steps: [...now.steps].map(([id, step]) => ({
      id,
      state: step.state,
      undo: step.undoForced ? 'forced' : step.undo,
      seconds: rounded(seconds.get(id)),
    })),
    instances: rows.map(({ service, name, standing, version, prepared }) => ({
      service,
      name,
      state: standing.state,
      version,
      ...(prepared === null ? {} : { prepared: { how: prepared.how, seconds: prepared.took / 1000 } }),
    })),
    ...enginesIn(view, now),
    scheduler: schedulerIn(ledger),
    ...scheduleOf(view),
    forced: forcedIn(state) ?? named('forced'),
    excluded: named('excluded'),
    failed: named('failed'),
    warnings: plan.warnings,
    older: plan.older,
    overridden: overriddenOf(view),
    run: view.run,
  }
}

/** The outcome also names the steps that were counted as done; null before there is one. */
const forcedIn = (state: State): readonly string[] | null =>
  state.kind === 'ended' && 'forced' in state.outcome ? state.outcome.forced : null

function scheduleOf({ plan: { schedule }, journal }: View): Pick<Result, 'schedule'> {
  const started = journal.find((event) => event.kind === 'opened')?.at
  if (schedule === null || started === undefined) return {}
  const late = Math.round(latenessAt(schedule, started) / 1_000)
  return { schedule: { id: schedule.id, planned: schedule.at.at, started, late } }
}

const idOf = ({ tag, sha }: Release): ReleaseId => ({ tag, sha })

const rounded = (milliseconds: number | undefined): number | null =>
  milliseconds === undefined ? null : Math.round(milliseconds) / 1000

const pauseOf = (pause: Pause, view: View): Result['pause'] => ({
  id: pause.id,
  gate: gateOf(pause),
  step: pause.step,
  instances: instancesOf(pause),
  'reason-code': failureOf(pause)?.code ?? null,
  options: pause.options,
  expires: expiryOf(pause),
  ...approvalsOf(pause, view),
})

function approvalsOf(pause: Pause, view: View) {
  const count = awaits(pause) === 'approval' ? countApprovals(view) : null
  if (count === null || count.needed === 1) return {}
  return { approvals: { needed: count.needed, by: count.given.map(({ by }) => by) } }
}

function reasonCode(state: State): string | null {
  switch (state.kind) {
    case 'ended':
      return outcomeCode(state.outcome)
    case 'waiting':
      return awaits(state.pause) === 'time' ? null : 'decision-needed'
    case 'interrupted':
      return 'interrupted'
    case 'running':
      return null
  }
}

function outcomeCode(outcome: Outcome): string | null {
  switch (outcome.kind) {
    case 'succeeded':
      return outcome.afterwards?.code ?? null
    case 'rolled-back':
      return outcome.failure?.code ?? null
    case 'failed':
      return outcome.failure.code
    case 'rejected':
      return 'approval-rejected'
    case 'cancelled':
      return 'interrupted'
    case 'abandoned':
      return null
  }
}

function schedulerIn(ledger: View['ledger']): Result['scheduler'] {
  const suspension = suspensionIn(ledger)
  if (suspension === null) return null
  const { since, until } = suspension
  return { state: 'suspended', since, until }
}
