import { describeNameInTwo, namesInTwo, type VariableSources } from '../config/commands/variable-sources.ts'
import { drainWarnings } from '../config/draining.ts'
import { awayIn, supersededIn } from '../detour/joined.ts'
import { onChangedSide } from '../detour/move-over.ts'
import { moveOverRefusals } from '../detour/move-over-refusals.ts'
import { takenBackBy } from '../ledger/open-migration.ts'
import { type Release, sameCommit, sameRelease } from '../release/release.ts'
import { targetBack, wayBack, wayBackWarnings } from '../release/way-back-after.ts'
import { freezingOf } from '../schedule/freeze.ts'
import { type Overridden, overriding } from '../schedule/freeze-words.ts'
import type { PlannedFor, Schedule } from '../schedule/schedule.ts'
import { standardSlowAfter } from '../step/slow.ts'
import { chooseSteps, hookWarnings } from '../step/standard-order.ts'
import { type Step, taskId } from '../step/step.ts'
import { baseChangeOf, baseWarnings } from './base-change.ts'
import { fileRefusals, fileWarnings } from './files-there.ts'
import { guardOf, guardRefusals } from './guard.ts'
import { migrationWarnings } from './migrating.ts'
import { modes } from './modes.ts'
import { enginesOfSteps, fleetsOfSteps, jobRefusals, placeRefusals } from './places.ts'
import { type Plan, resets, servicesIn } from './plan.ts'
import { refusals } from './refusals.ts'
import { requiredVariables } from './required-variables.ts'
import { sealPlan } from './seal.ts'
import {
  changesNothing,
  type Mode,
  overridesHalt,
  resetsData,
  rollsForward,
  taskOf,
  type Undertaking,
} from './undertaking.ts'
import { warnings } from './warnings.ts'
import { acknowledgedUnsafe } from './way-back.ts'
import type { Wish, World } from './wish.ts'

export type Planning =
  | { readonly kind: 'planned'; readonly plan: Plan }
  | { readonly kind: 'already-deployed'; readonly release: Release }

/** The whole deployment as a value. Pure: the same wish gives the same plan, with the same digest. */
export function planning(asked: Wish): Planning {
  const { confirmations } = asked
  const { ledger, policy, release } = asked.world
  const begun = begunAlready(asked)
  if (begun !== null) return { kind: 'planned', plan: begun }
  const undertaking = settled(asked)
  if (changesNothing(undertaking)) return { kind: 'already-deployed', release }
  const { mode } = undertaking
  const world = onChangedSide(asked.world, mode)
  const wish = { undertaking, world, confirmations }
  const from = ledger.serving?.release ?? null
  const { steps, omitted } = chooseSteps(undertaking, world)
  const overridden = overriddenIn(wish)
  const baseChange = baseChangeOf(undertaking, world)
  const guard = guardOf(steps, baseChange, policy, confirmations)
  const back = wayBack(mode, steps, world)
  const unsafe = acknowledgedUnsafe(undertaking, world)
  const files = world.files ?? { findings: [] }
  const fleets = fleetsOfSteps(steps, world.recipe.services)
  const engines = enginesOfSteps(steps, world.recipe.services)
  const { verification, rehearsal } = modes[mode].mustBeProven ? world.proofs : unproven
  const plan = sealPlan({
    schema: 1,
    app: ledger.app,
    environment: {
      name: policy.name,
      class: policy.class,
      url: policy.url,
      logs: policy.logs ?? null,
      env: world.recipe.env ?? {},
      unanswered: policy.unanswered,
      issues: policy.issues ?? null,
      halt: policy.halt ?? null,
      notify: policy.notify ?? [],
      waves: policy.waves ?? [],
    },
    mode,
    release,
    snapshot: world.snapshot,
    from,
    relation: world.relation,
    commits: world.commits,
    steps,
    omitted,
    warnings: [
      ...warnings(undertaking, world, overridden),
      ...baseWarnings(baseChange, policy.name),
      ...wayBackWarnings(mode, back),
      ...migrationWarnings(undertaking, steps, world),
      ...drainWarnings(steps),
      ...hookWarnings(undertaking, world),
      ...namesInTwo(sourcesAhead(world)).map(describeNameInTwo),
      ...fileWarnings(mode, release.tag, files),
    ],
    refusals: [
      ...refusals(wish),
      // The world of the wish has one side alone.
      ...moveOverRefusals(undertaking, asked.world),
      ...fileRefusals(mode, release.tag, files),
      ...placeRefusals(steps, fleets, world.recipe.absent),
      ...jobRefusals(steps, engines),
      ...guardRefusals(steps, guard, policy),
    ],
    wayBack: back,
    unsafe,
    older: isOlder(mode, world) ? (from?.tag ?? null) : null,
    baseChange,
    guard,
    overridden,
    overriddenHalt: overridesHalt(undertaking),
    verification,
    rehearsal,
    supersedes: rollsForward(undertaking) ? supersededIn(ledger) : null,
    schedule: world.schedule === null ? null : plannedFor(world.schedule),
    files: world.files,
    manifests: world.manifests ?? [],
    requiresVariables: requiredVariables(mode, world),
    vars: world.recipe.vars ?? [],
    fleets,
    engines,
    slowAfter: world.recipe.steps.slowAfter ?? standardSlowAfter,
    shownAs: null,
  })
  return { kind: 'planned', plan }
}

/** The sources of variables before anything was built. */
const sourcesAhead = ({ recipe, release }: World): VariableSources => ({
  vars: recipe.vars ?? [],
  env: recipe.env ?? {},
  outputs: release.outputs ?? {},
})

const unproven = { verification: null, rehearsal: null }

/** An older release that is deployed forward leaves a trace: a later reader of the history looks for its reason. */
const isOlder = (mode: Mode, { relation }: World): boolean => modes[mode].goesForward && relation === 'behind'

const plannedFor = ({ id, at, by, reason }: Schedule): PlannedFor => ({ id, at, by, reason })

/** The end of a freeze does not remove its override from an approved plan. */
function overriddenIn({ undertaking, world, confirmations }: Wish): Overridden | null {
  const { override, overriddenBefore: before } = confirmations
  if (override === null || !override.may) return null
  const freezing = freezingOf(undertaking.mode, world.timetable)
  if (freezing !== null) return overriding(freezing, override)
  return before?.by === override.by && before.reason === override.reason ? before : null
}

/** Returns the target of a later rollback, or null; its config is read before planning. */
export function releaseBack(asked: WishAhead): Release | null {
  const undertaking = plannedAnew(asked)
  return undertaking === null ? null : (targetBack(undertaking.mode, asked.world) ?? null)
}

/** Returns the steps of a wish, for readings before it is planned; empty if nothing is planned anew. */
export function stepsAhead(asked: WishAhead): readonly Step[] {
  const undertaking = plannedAnew(asked)
  return undertaking === null
    ? []
    : chooseSteps(undertaking, onChangedSide(asked.world, undertaking.mode)).steps
}

/** Returns the undertaking to plan; null if its plan is under way, or nothing is to be done. */
function plannedAnew(asked: WishAhead): Undertaking | null {
  const undertaking = settled(asked)
  return begunAlready(asked) === null && !changesNothing(undertaking) ? undertaking : null
}

/** The part of a wish that is known before all readings. */
export interface WishAhead {
  readonly undertaking: Undertaking
  readonly world: Pick<World, 'release' | 'ledger' | 'recipe' | 'policy'>
}

/** An open deployment continues as it was planned, even if its release serves by now. */
function begunAlready(asked: WishAhead): Plan | null {
  const { ledger, release } = asked.world
  const plan =
    rollsForward(asked.undertaking) && supersededIn(ledger) !== null
      ? null
      : (ledger.deployment?.plan ?? null)
  if (plan === null || !sameRelease(plan.release, release)) return null
  return isOf(asked.undertaking, plan) || isOf(settled(asked), plan) ? plan : null
}

/** True if a plan fits the request. */
function isOf(undertaking: Undertaking, plan: Plan): boolean {
  const task = taskOf(undertaking)
  return (
    plan.mode === undertaking.mode &&
    !changesNothing(undertaking) &&
    resets(plan) === resetsData(undertaking) &&
    (!('services' in undertaking) || restartsSame(plan, undertaking.services)) &&
    (task === null || plan.steps.some(({ id }) => id === taskId(task)))
  )
}

/** A restart without named services was for all of them. */
function restartsSame(plan: Plan, services: readonly string[]): boolean {
  const rolled = servicesIn(plan)
  return services.length === 0
    ? plan.omitted.length === 0
    : rolled.length === services.length && rolled.every((name) => services.includes(name))
}

/** Returns the final undertaking: a deployment of the serving release is a redeploy. */
function settled({ undertaking, world: { release, ledger } }: WishAhead): Undertaking {
  const serves = sameCommit(release, ledger.serving?.release)
  const { bringsRelease, goesBack } = modes[undertaking.mode]
  // In an open detour home may run another release, whatever the ledger says that visitors have.
  if (!serves || !bringsRelease || awayIn(ledger) !== null) return undertaking
  // Nothing else takes back a migration whose own release never came to serve.
  if (goesBack && takenBackBy(ledger, release) !== null) return undertaking
  const asked = 'redeploy' in undertaking && undertaking.redeploy
  const again = asked || ledger.unfinished.length > 0
  return { mode: 'redeploy', again, reset: resetsData(undertaking) }
}
