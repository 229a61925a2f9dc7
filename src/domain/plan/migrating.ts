import { hasTwoPhases, isSettled } from '../config/recipe.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { isStarted, knows, type OpenMigration, soakedAt } from '../ledger/open-migration.ts'
import type { ProblemWords } from '../problem.ts'
import type { Feasibility } from '../release/feasibility.ts'
import type { Step } from '../step/step.ts'
import { migrateStep } from '../step/steps-in.ts'
import { modes } from './modes.ts'
import { resetsData, soakedOf, type Undertaking } from './undertaking.ts'
import { safeWaysBack } from './way-back.ts'
import type { World } from './wish.ts'

type WorldAsked = Pick<World, 'release' | 'recipe' | 'ledger' | 'policy' | 'timetable'>

/** Returns the reasons against a plan that come from a two-phase migration, or from an unknown phase. */
export function migrationRefusals(undertaking: Undertaking, world: WorldAsked): ProblemWords[] {
  const { migration } = world.ledger
  if (modes[undertaking.mode].needs === 'migration') return completionRefusals(undertaking, world)
  const { migrate } = world.recipe.steps
  if (!modes[undertaking.mode].goesForward || resetsData(undertaking) || migrate === null) return []
  if (migration !== null && !isStarted(migration, world.release)) return startRefusals(migration, world)
  return isSettled(migrate) ? [] : [phaseUnknown(world)]
}

function completionRefusals(
  undertaking: Undertaking,
  { ledger, policy, timetable }: WorldAsked,
): ProblemWords[] {
  const { migration, serving } = ledger
  const soaked = soakedOf(undertaking)
  if (migration === null || (soaked !== null && soaked !== migration.deployment))
    return [notOpen(policy.name, soaked)]
  const { state } = migration
  if (state === 'starting' || state === 'rolling-back') return [notKnown(migration, policy.name)]
  if (serving === null || !knows(migration, serving.release)) return [notServed(migration, ledger)]
  const at = soakedAt(migration)
  return soaked !== null && (at === null || Date.parse(timetable.now) < Date.parse(at))
    ? [soaking(migration, policy.name, at)]
    : []
}

const notOpen = (environment: string, soaked: number | null): ProblemWords => ({
  code: 'migration-not-open',
  what:
    soaked === null
      ? `No migration is open in ${environment}.`
      : `The migration of deployment ${soaked} is no longer open in ${environment}.`,
  why: 'Only a two-phase migration that was started, and neither completed nor rolled back, can be completed.',
  next: 'Look at the history of the environment. Nothing was changed.',
})

const notKnown = (
  { release: { tag }, state, deployment }: OpenMigration,
  environment: string,
): ProblemWords => ({
  code: 'migration-not-open',
  what: `It is not known if the migration of ${tag} in ${environment} was ${state === 'starting' ? 'started' : 'rolled back'}: deployment ${deployment} is the one that started it.`,
  why: 'A command of it began, and its end was never seen, or it failed.',
  next: `Run roll-back with the release that served before ${tag}: that runs the rollback of the migration. Then deploy ${tag} again. Nothing was changed.`,
})

const notServed = ({ release: { tag } }: OpenMigration, { serving, environment }: Ledger): ProblemWords => ({
  code: 'migration-not-open',
  what: `The migration of ${tag} cannot be completed: ${serving?.release.tag ?? 'nothing'} serves ${environment}, and is not built on it.`,
  why: 'After the completion only releases that are built on the migration work on the database.',
  next: `Deploy ${tag} or a newer release first; or take the migration back: run roll-back with release: ${serving?.release.tag ?? 'the one that serves'}. Nothing was changed.`,
})

const soaking = (
  { release: { tag } }: OpenMigration,
  environment: string,
  at: string | null,
): ProblemWords => ({
  code: 'migration-not-open',
  what: `The soak of the migration of ${tag} in ${environment} ${at === null ? 'has no end' : `lasts until ${at}`}.`,
  why: 'The clock completes a migration after the soak that the config of its release asks for.',
  next: 'Wait for that, or run complete-migration by the form. Nothing was changed.',
})

/** A second start while one is open would leave the tool with two, of which it could take back neither. */
function startRefusals(
  migration: OpenMigration,
  { release, recipe, policy, ledger }: WorldAsked,
): ProblemWords[] {
  const { tag, sha } = migration.release
  if (sha === release.sha && recipe.steps.migrate?.repeatable === true) return []
  const before =
    ledger.serving === null || knows(migration, ledger.serving.release) ? null : ledger.serving.release
  const back = `run roll-back${before === null ? '' : ` with release: ${before.tag}`}`
  const complete =
    before === null && migration.state === 'open'
      ? 'Complete it with complete-migration, or take it back: '
      : 'Take it back: '
  return [
    {
      code: 'migration-open',
      what:
        sha === release.sha
          ? `It is not known if the migration of ${tag} was started in ${policy.name}, by deployment ${migration.deployment}.`
          : `The migration of ${tag} is open in ${policy.name} since deployment ${migration.deployment}, and ${release.tag} migrates too.`,
      why: 'One two-phase migration at a time: each is completed, or rolled back, before the next one starts.',
      next: `${complete}${back}. Then deploy ${release.tag}. Nothing was changed.`,
    },
  ]
}

const phaseUnknown = ({ release: { tag }, recipe }: WorldAsked): ProblemWords => ({
  code: 'phase-unknown',
  what: `The phase of the migration of ${tag} is not known: its config has a command for it, and no manifest keeps the answer.`,
  why: 'The command runs when a release is made by the release workflow, and never at a deployment. A tag alone was not made so.',
  next: `Make a release with the release workflow, under a new tag; or write steps.migrate.phase: expand or contract in the config${recipe.schema === null ? '' : ', as a new commit'}. Nothing was changed.`,
})

/** Returns the verdict on the way back once a plan is done, which may have opened a migration. */
export function openAfter(steps: readonly Step[], verdict: Feasibility): Feasibility {
  const opens = steps.some(hasTwoPhases)
  if (!opens || (verdict.kind !== 'safe' && verdict.kind !== 'config-differs')) return verdict
  return { ...verdict, because: 'the migration stays open, and going back runs its rollback' }
}

/** Returns the warnings about a migration that is open, or that is completed. */
export function migrationWarnings(
  undertaking: Undertaking,
  steps: readonly Step[],
  { ledger, release, relation, timetable }: WorldAsked & Pick<World, 'relation'>,
): string[] {
  const { migration } = ledger
  if (migration === null) return []
  if (modes[undertaking.mode].needs === 'migration')
    return completionWarnings(undertaking, ledger, timetable.now)
  const stranger = modes[undertaking.mode].goesForward && relation !== 'ahead' && !knows(migration, release)
  const { tag } = migration.release
  return stranger && migrateStep(steps) === null
    ? [
        `The migration of ${tag} is open, and ${release.tag} is not built on it: it works on the schema from before ${tag}.`,
      ]
    : []
}

function completionWarnings(undertaking: Undertaking, ledger: Ledger, now: string): string[] {
  const { migration } = ledger
  if (migration === null) return []
  const lost = safeWaysBack(ledger).filter((release) => !knows(migration, release))
  const at = soakedAt(migration)
  const early = soakedOf(undertaking) === null && at !== null && Date.parse(now) < Date.parse(at)
  return [
    ...(lost.length === 0
      ? []
      : [
          `Once the migration of ${migration.release.tag} is completed there is no safe rollback to ${lost.map(({ tag }) => tag).join(', ')}: their schema is gone.`,
        ]),
    ...(early ? [`The soak of the migration lasts until ${at}: it is completed before that.`] : []),
  ]
}
