import { describeNameInTwo, namesInTwo, type VariableSources } from '../config/commands/variable-sources.ts'
import { drainWarnings } from '../config/draining.ts'
import { supersededIn } from '../detour/joined.ts'
import { onChangedSide } from '../detour/move-over.ts'
import { moveOverRefusals } from '../detour/move-over-refusals.ts'
import type { ProblemWords } from '../problem.ts'
import type { Release } from '../release/release.ts'
import { wayBack, wayBackWarnings } from '../release/way-back-after.ts'
import { acknowledgedOverlap } from '../rolling/together.ts'
import { freezingOf } from '../schedule/freeze.ts'
import { type Overridden, overriding } from '../schedule/freeze-words.ts'
import type { PlannedFor, Schedule } from '../schedule/schedule.ts'
import { standardSlowAfter } from '../step/slow.ts'
import { chooseSteps, hookWarnings } from '../step/standard-order.ts'
import { baseChangeOf, baseWarnings } from './base-change.ts'
import { fileRefusals, fileWarnings } from './files-there.ts'
import { guardOf, guardRefusals } from './guard.ts'
import { migrationWarnings } from './migrating.ts'
import { modes } from './modes.ts'
import { enginesOfSteps, fleetsOfSteps, jobRefusals, placeRefusals } from './places.ts'
import type { Plan } from './plan.ts'
import { begunAlready, settled } from './planned-anew.ts'
import { refusals } from './refusals.ts'
import { requiredVariables } from './required-variables.ts'
import { sealPlan } from './seal.ts'
import { changesNothing, type Mode, overridesHalt, rollsForward, type Undertaking } from './undertaking.ts'
import { warnings } from './warnings.ts'
import { acknowledgedUnsafe } from './way-back.ts'
import type { Wish, World } from './wish.ts'

export type Planning =
  | { readonly kind: 'planned'; readonly plan: Plan }
  | { readonly kind: 'already-deployed'; readonly release: Release }

/** The whole deployment as a value. Pure: the same wish gives the same plan, with the same digest. */
export function planning(asked: Wish): Planning {
  const begun = begunAlready(asked)
  if (begun !== null) return { kind: 'planned', plan: begun }
  const undertaking = settled(asked)
  if (changesNothing(undertaking)) return { kind: 'already-deployed', release: asked.world.release }
  const world = onChangedSide(asked.world, undertaking.mode)
  return { kind: 'planned', plan: sealPlan(contentOf({ ...asked, undertaking, world }, asked.world)) }
}

/** Returns a plan without its digest. `both`: the world with both sides, where the wish has the changed one alone. */
function contentOf(wish: Wish, both: World): Omit<Plan, 'digest'> {
  const { undertaking, world } = wish
  const { mode } = undertaking
  const { ledger, release } = world
  const from = ledger.serving?.release ?? null
  const parts = partsOf(wish)
  const { steps, omitted, wayBack: back, baseChange, guard, overridden, fleets, engines } = parts
  const { verification, rehearsal } = modes[mode].mustBeProven ? world.proofs : unproven
  return {
    schema: 1,
    app: ledger.app,
    environment: environmentOf(world),
    mode,
    release,
    snapshot: world.snapshot,
    from,
    relation: world.relation,
    commits: world.commits,
    steps,
    omitted,
    warnings: warningsOf(wish, parts),
    refusals: refusalsOf(wish, parts, both),
    wayBack: back,
    unsafe: unsafeIn(undertaking, world),
    older: isOlder(mode, world) ? (from?.tag ?? null) : null,
    baseChange,
    guard,
    overridden,
    overriddenHalt: overridesHalt(undertaking),
    verification,
    rehearsal,
    supersedes: rollsForward(undertaking) ? supersededIn(ledger) : null,
    pinned: ledger.leases.filter(({ pinned }) => pinned).map(({ kind }) => kind),
    schedule: world.schedule === null ? null : plannedFor(world.schedule),
    files: world.files,
    manifests: world.manifests,
    requiresVariables: requiredVariables(mode, world),
    vars: world.recipe.vars ?? [],
    fleets,
    engines,
    slowAfter: world.recipe.steps.slowAfter ?? standardSlowAfter,
    shownAs: null,
  }
}

const environmentOf = ({ policy, recipe }: World): Plan['environment'] => ({
  name: policy.name,
  class: policy.class,
  url: policy.url,
  logs: policy.logs ?? null,
  env: recipe.env ?? {},
  unanswered: policy.unanswered,
  issues: policy.issues ?? null,
  halt: policy.halt ?? null,
  notify: policy.notify ?? [],
  waves: policy.waves ?? [],
})

/** The parts of a plan that its warnings and refusals are about. */
type PlanParts = Pick<
  Plan,
  'steps' | 'omitted' | 'wayBack' | 'baseChange' | 'guard' | 'overridden' | 'fleets' | 'engines'
>

function partsOf(wish: Wish): PlanParts {
  const { undertaking, world, confirmations } = wish
  const { steps, omitted } = chooseSteps(undertaking, world)
  const baseChange = baseChangeOf(undertaking, world)
  return {
    steps,
    omitted,
    wayBack: wayBack(undertaking.mode, steps, world),
    baseChange,
    guard: guardOf(steps, baseChange, world.policy, confirmations),
    overridden: overriddenIn(wish),
    fleets: fleetsOfSteps(steps, world.recipe.services),
    engines: enginesOfSteps(steps, world.recipe.services),
  }
}

const warningsOf = ({ undertaking, world }: Wish, parts: PlanParts): string[] => [
  ...warnings(undertaking, world, parts.overridden),
  ...baseWarnings(parts.baseChange, world.policy.name),
  ...wayBackWarnings(undertaking.mode, parts.wayBack),
  ...migrationWarnings(undertaking, parts.steps, world),
  ...drainWarnings(parts.steps),
  ...hookWarnings(undertaking, world),
  ...namesInTwo(sourcesAhead(world)).map(describeNameInTwo),
  ...fileWarnings(undertaking.mode, world.release.tag, filesIn(world)),
]

const refusalsOf = (
  wish: Wish,
  { steps, fleets, engines, guard }: PlanParts,
  both: World,
): ProblemWords[] => [
  ...refusals(wish),
  ...moveOverRefusals(wish.undertaking, both),
  ...fileRefusals(wish.undertaking.mode, wish.world.release.tag, filesIn(wish.world)),
  ...placeRefusals(steps, fleets, wish.world.recipe.absent),
  ...jobRefusals(steps, engines),
  ...guardRefusals(steps, guard, wish.world.policy),
]

const filesIn = ({ files }: World) => files ?? { findings: [] }

/** The sources of variables before anything was built. */
const sourcesAhead = ({ recipe, release }: World): VariableSources => ({
  vars: recipe.vars ?? [],
  env: recipe.env ?? {},
  outputs: release.outputs ?? {},
})

/** The reasons why an acknowledged rollback is not safe. */
function unsafeIn(undertaking: Undertaking, world: World): string | null {
  const reasons = [acknowledgedUnsafe(undertaking, world), acknowledgedOverlap(undertaking, world)]
  return reasons.filter((reason) => reason !== null).join('; ') || null
}

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
