import { backupIn } from '../backup/backups.ts'
import { restoredBy, revertedBy } from '../backup/restored-by.ts'
import type { Journal } from '../journal/journal.ts'
import type { Outcome } from '../journal/outcome.ts'
import { standing } from '../journal/standing.ts'
import { resets, subjectOf } from '../plan/plan.ts'
import { answersIn } from '../question/answers.ts'
import { compatibilityIn, instanceCheckIn } from '../release/compatibility.ts'
import { overrideIn } from '../release/override.ts'
import type { Release } from '../release/release.ts'
import type { Overridden } from '../schedule/freeze-words.ts'
import { latenessAt } from '../schedule/schedule.ts'
import { copyOverStep, migrateStep } from '../step/steps-in.ts'
import { leftNothing, partOf } from './migration-part.ts'
import { frozenOutputs } from './outputs.ts'
import type { Past, PastDecision } from './past.ts'
import type { Underway } from './underway.ts'

/** Returns a deployment that has ended, as the history keeps it. */
export function pastOf(underway: Underway, outcome: Outcome, endedAt: string): Past {
  const { plan, journal } = underway
  const opened = journal.find((event) => event.kind === 'opened')
  const migrate = migrateStep(plan.steps)
  const migrated =
    migrate !== null && journal.some((event) => event.kind === 'step-started' && event.step === migrate.id)
  const migration = partOf(underway)
  const undone =
    leftNothing(underway, migration) || revertedBy(underway) !== null || isOnUnvisitedCopy(underway)
  const { verification, rehearsal, guard, schedule, unsafe, older } = plan
  const startedAt = opened?.at ?? endedAt
  return {
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
    migrated: migrated && !undone ? migrate.phase : null,
    migrationDone: migrated && !undone && isDone(underway, migrate.id),
    migration,
    backup: backupIn(journal, underway.number),
    restored: restoredBy(underway),
    reset: migrated && resets(plan),
    compatibility: undone ? null : compatibilityIn(plan, journal),
    instanceCheck: instanceCheckIn(journal),
    overridden: overriddenBy(underway),
    artifacts: artifactsIn(plan.release, journal),
    outputs: frozenOutputs(journal, plan.release) ?? {},
    decisions: decisionsIn(journal),
    override: overrideIn(verification),
    overrideRehearsed: overrideIn(rehearsal),
    overrideHalt: underway.plan.overriddenHalt,
    apart: underway.compatible === false,
    unsafe,
    older,
    subject: subjectOf(plan),
    confirmed: guard?.confirmed === true ? guard.reasons : [],
    schedule: schedule && { ...schedule, late: latenessAt(schedule, startedAt) },
  }
}

/** True if a migration was of a copy that no visitor has been on: the database that serves has none of it. */
const isOnUnvisitedCopy = ({ plan, journal }: Underway): boolean =>
  copyOverStep(plan.steps) !== null &&
  !journal.some((event) => event.kind === 'detour-deed' && event.deed === 'pointed')

/** Returns the holds overridden for a deployment: when it was planned, and when it was approved. */
export const overriddenBy = ({
  plan,
  journal,
}: Pick<Underway, 'plan' | 'journal'>): readonly Overridden[] => [
  ...(plan.overridden === null ? [] : [plan.overridden]),
  ...journal.flatMap((event) => (event.kind === 'decided' ? (event.overridden ?? []) : [])),
]

function isDone({ plan, journal }: Underway, id: string): boolean {
  const state = standing(plan, journal).steps.get(id)?.state
  return state === 'succeeded' || state === 'forced'
}

/** Returns the decisions in a deployment so far, each approval of several and each withdrawal among them. */
export const decisionsIn = (journal: Journal): PastDecision[] =>
  answersIn(journal).map(({ decision, by, reason, at }) => ({ decision, by, reason, at }))

const artifactsIn = ({ sha }: Release, journal: Journal): Record<string, string> =>
  Object.fromEntries(
    journal.flatMap((event) =>
      event.kind === 'artifact-frozen' && event.sha === sha ? [[event.path, event.sha256]] : [],
    ),
  )
