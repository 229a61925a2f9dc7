import { hasTwoPhases, type SecondPhase } from '../config/recipe.ts'
import { modes } from '../plan/modes.ts'
import type { Plan } from '../plan/plan.ts'
import { completes, isMigrationEnd, type Step } from '../step/step.ts'
import type { StepTurn } from './lease.ts'
import { knows, type OpenMigration } from './open-migration.ts'
import type { Underway } from './underway.ts'

/** Returns the open migration as an event of a step leaves it. */
export function migrationAfter(
  before: OpenMigration | null,
  step: Step,
  { kind, at }: StepTurn,
  underway: Pick<Underway, 'number' | 'plan'>,
): OpenMigration | null {
  if ('backup' in step) return kind === 'step-succeeded' ? migrationAt(before, step.backup) : before
  if (hasTwoPhases(step)) return startedBy(before, step, { kind, at }, underway)
  // A migration in one step leaves it open, and a reset leaves nothing of it.
  const resets = !('repeatable' in step)
  if (!isMigrationEnd(step)) return resets && kind === 'step-succeeded' ? null : before
  if (before === null || kind === 'step-succeeded') return null
  return { ...before, state: completes(step) ? 'completing' : 'rolling-back' }
}

/** Returns the open migration of a database that is back at a point of a deployment: one from before it is still open. */
export const migrationAt = (
  before: OpenMigration | null,
  point: { readonly deployment: number },
): OpenMigration | null => (before !== null && before.deployment >= point.deployment ? null : before)

type Starting = Extract<Step, SecondPhase>

function startedBy(
  before: OpenMigration | null,
  { complete, rollback, repeatable, completeAfter }: Starting,
  { kind, at }: StepTurn,
  { number, plan: { release } }: Pick<Underway, 'number' | 'plan'>,
): OpenMigration | null {
  switch (kind) {
    case 'step-started':
      return {
        release: { tag: release.tag, sha: release.sha, schemaVersion: release.schemaVersion },
        ...{ deployment: number, since: at, state: 'starting' },
        ...{ complete, rollback, repeatable, completeAfter },
        ...{ knownBy: [release.sha], handed: null, declined: null },
      }
    case 'step-succeeded':
      return before && { ...before, state: 'open', since: at }
    case 'undo-started':
      return before && { ...before, state: 'rolling-back' }
    case 'undo-succeeded':
      return null
  }
}

/**
 * Returns the open migration once a release serves. A newer one is built on it; a way back across it has ended it, or
 * the data was restored from before it.
 */
export function migrationOnceServing(
  before: OpenMigration | null,
  { mode, from, release, relation }: Pick<Plan, 'mode' | 'from' | 'release' | 'relation'>,
): OpenMigration | null {
  if (before === null || knows(before, release)) return before
  if (modes[mode].goesBack) return null
  const newer = relation === 'ahead' && from !== null && knows(before, from)
  return newer ? { ...before, knownBy: [...before.knownBy, release.sha] } : before
}
