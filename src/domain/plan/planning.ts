import { drainWarnings } from '../config/draining.ts'
import { lineage } from '../journal/history.ts'
import type { Outcome } from '../journal/outcome.ts'
import { describeCompatibility } from '../release/compatibility.ts'
import { type Feasibility, feasibility } from '../release/feasibility.ts'
import type { Mode, Release } from '../release/release.ts'
import { holdOn } from '../schedule/freeze.ts'
import { type Overridden, overriding } from '../schedule/freeze-words.ts'
import type { PlannedFor, Schedule } from '../schedule/schedule.ts'
import { baseChangeOf, baseWarnings } from './base-change.ts'
import { fileRefusals, fileWarnings } from './files-there.ts'
import { guardOf, guardRefusals } from './guard.ts'
import { modes } from './modes.ts'
import { type Plan, resets, servicesIn } from './plan.ts'
import { refusals } from './refusals.ts'
import { sealPlan } from './seal.ts'
import { chooseSteps, taskId } from './standard-order.ts'
import type { Step } from './step.ts'
import { contracts } from './steps-in.ts'
import { warnings } from './warnings.ts'
import { acknowledgedUnsafe } from './way-back.ts'
import type { Wish } from './wish.ts'

export type { Wish } from './wish.ts'

export type Planning =
  | { readonly kind: 'planned'; readonly plan: Plan }
  | { readonly kind: 'already-deployed'; readonly release: Release }

/** The whole deployment as a value. Pure: the same wish gives the same plan, with the same digest. */
export function planning(wish: Wish): Planning {
  const { ledger, policy, release } = wish
  const begun = begunAlready(wish)
  if (begun !== null) return { kind: 'planned', plan: begun }
  const mode = modeOf(wish)
  if (mode === 'redeploy' && !convergesAgain(wish) && wish.reset !== true)
    return { kind: 'already-deployed', release }
  const from = ledger.serving?.release ?? null
  const { steps, omitted } = chooseSteps(mode, wish)
  const overridden = overriddenIn(mode, wish)
  const baseChange = baseChangeOf(mode, wish)
  const guard = guardOf(steps, baseChange, wish)
  const back = wayBack(mode, steps, wish)
  const unsafe = acknowledgedUnsafe(mode, wish)
  const files = wish.files ?? { findings: [] }
  const plan = sealPlan({
    schema: 1,
    app: ledger.app,
    environment: {
      name: policy.name,
      class: policy.class,
      url: policy.url,
      logs: policy.logs ?? null,
      unanswered: policy.unanswered,
      issues: policy.issues ?? null,
    },
    mode,
    release,
    snapshot: wish.snapshot ?? null,
    from,
    relation: wish.relation,
    commits: wish.commits,
    steps,
    omitted,
    warnings: [
      ...warnings(mode, wish, overridden),
      ...baseWarnings(baseChange, policy.name),
      ...wayBackWarnings(mode, back),
      ...drainWarnings(steps),
      ...fileWarnings(mode, release.tag, files),
    ],
    refusals: [
      ...refusals(mode, wish),
      ...fileRefusals(mode, release.tag, files),
      ...guardRefusals(steps, guard, policy),
    ],
    wayBack: back,
    unsafe,
    older: isOlder(mode, wish) ? (from?.tag ?? null) : null,
    baseChange,
    guard,
    overridden,
    verification: modes[mode].mustBeProven ? wish.verification : null,
    rehearsal: modes[mode].mustBeProven ? (wish.rehearsal ?? null) : null,
    schedule: wish.schedule === undefined ? null : plannedFor(wish.schedule),
    files: wish.files ?? null,
    shownAs: null,
  })
  return { kind: 'planned', plan }
}

/** An older release that is deployed forward leaves a trace: a later reader of the history looks for its reason. */
const isOlder = (mode: Mode, { relation }: Wish): boolean => modes[mode].goesForward && relation === 'behind'

/** True if the release that serves is to be brought again: asked for, or because an instance was left unfinished. */
const convergesAgain = ({ redeploy, ledger }: Pick<Wish, 'redeploy' | 'ledger'>): boolean =>
  redeploy || (ledger.unfinished ?? []).length > 0

const plannedFor = ({ id, at, by, reason }: Schedule): PlannedFor => ({ id, at, by, reason })

/** A deployment that was begun and has not ended goes on as it was planned, although its release may serve by now. */
function begunAlready({
  ledger,
  release,
  wanted,
  redeploy,
  services = [],
  task,
  reset = false,
}: DeedAsked): Plan | null {
  const plan = ledger.deployment?.plan ?? null
  if (plan === null || plan.release.sha !== release.sha || plan.release.tag !== release.tag) return null
  if (plan.mode === 'deploy' && resets(plan) !== reset) return null
  if (plan.mode === 'restart' && !restartsSame(plan, services)) return null
  if (plan.mode === 'task' && !plan.steps.some(({ id }) => id === taskId(task))) return null
  return plan.mode === wanted || (plan.mode === 'redeploy' && convergesAgain({ redeploy, ledger }))
    ? plan
    : null
}

/** Asked for no service by its name, it was for all of them. */
function restartsSame(plan: Plan, services: readonly string[]): boolean {
  const rolled = servicesIn(plan)
  return services.length === 0
    ? plan.omitted.length === 0
    : rolled.length === services.length && rolled.every((name) => services.includes(name))
}

function modeOf({ wanted, release, ledger }: Pick<Wish, 'wanted' | 'release' | 'ledger'>): Mode {
  if (modes[wanted].bringsRelease && release.sha === ledger.serving?.release.sha) return 'redeploy'
  return wanted
}

/** A freeze that is over by now does not take from a plan what was approved with it. */
function overriddenIn(
  mode: Mode,
  { timetable, override, overriddenBefore: before }: Wish,
): Overridden | null {
  if (override === null || !override.may) return null
  const hold = holdOn(mode, timetable)
  if (hold !== null) return overriding(hold, override)
  return before?.by === override.by && before.reason === override.reason ? before : null
}

/** Returns the target of a later rollback once this release serves, and the verdict on it. */
function wayBack(mode: Mode, steps: readonly Step[], wish: Wish): Plan['wayBack'] {
  const target = targetBack(mode, wish)
  if (target === undefined) return null
  return { release: target, feasibility: verdictAfter(target, steps, wish) }
}

/** Once it has migrated, what serves meanwhile may not work, and that it could be gone back to is not so. */
function wayBackWarnings(mode: Mode, back: Plan['wayBack']): string[] {
  if (!modes[mode].goesForward || back?.feasibility.kind !== 'incompatible') return []
  const words = describeCompatibility(back.feasibility.checks)
  return [`Once this has migrated there is no safe way back to ${back.release.tag}: ${words}.`]
}

/** Returns the target of a later rollback, or null; its config is read before planning. */
export function releaseBack(wish: DeedAsked): Release | null {
  const mode = modeOf(wish)
  const plannedAnew = begunAlready(wish) === null && (mode !== 'redeploy' || convergesAgain(wish))
  return plannedAnew ? (targetBack(mode, wish) ?? null) : null
}

/** Returns the steps of a wish, for readings before it is planned; empty if nothing is planned anew. */
export function stepsAhead(wish: DeedAsked & Pick<Wish, 'recipe' | 'policy'>): readonly Step[] {
  const mode = modeOf(wish)
  const plannedAnew = begunAlready(wish) === null && (mode !== 'redeploy' || wish.redeploy)
  return plannedAnew ? chooseSteps(mode, wish).steps : []
}

/** As much of a wish as is known before everything was read for it. */
type DeedAsked = Pick<Wish, 'wanted' | 'release' | 'ledger' | 'redeploy' | 'services' | 'task' | 'reset'>

/** Modes that do not change the release (restart, task, …) have no way back. */
function targetBack(mode: Mode, { release, ledger }: Pick<Wish, 'release' | 'ledger'>): Release | undefined {
  const { bringsRelease, goesForward } = modes[mode]
  if (!bringsRelease) return undefined
  return goesForward ? ledger.serving?.release : nextFurtherBack(mode, release, ledger)
}

function nextFurtherBack(mode: Mode, release: Release, { history }: Wish['ledger']): Release | undefined {
  const outcome: Outcome = { kind: 'succeeded', forced: [], excluded: [], failed: [], afterwards: null }
  return lineage([{ mode, release, outcome }, ...history])[1]
}

function verdictAfter(
  target: Release,
  steps: readonly Step[],
  { release, ledger, configBack, compatibility = null }: Wish,
): Feasibility {
  const crosses = contracts(steps)
  const sameSchema = target.schemaVersion !== null && target.schemaVersion === release.schemaVersion
  if (crosses && !sameSchema) return { kind: 'crosses-contract', since: 'this deployment', deployments: [] }
  const elsewhere = target.sha === ledger.serving?.release.sha ? compatibility : null
  return feasibility(target, release, ledger, configBack, elsewhere)
}
