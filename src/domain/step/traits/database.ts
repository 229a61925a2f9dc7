import { describeBackup } from '../../backup/backup.ts'
import { hasTwoPhases } from '../../config/recipe.ts'
import type { StepOf } from '../step.ts'
import type { Traits, Undo } from '../step-traits.ts'
import { always, aroundMigration, never, noProof, plain } from './row.ts'
import { by, cannot, inDetour, nothingToUndo, onCopy } from './undo.ts'

/** The traits of the steps that change the database, or make a way back for it. */

const withDatabase: Undo = {
  kind: 'with-database',
  words: 'with the whole database, by the answer revert',
}
const staysMigrated: Undo = { kind: 'cannot', words: 'a migrated database stays migrated' }

export const backup: Traits<StepOf<'backup'>> = {
  ...plain,
  what: () => 'back the database up before it is migrated',
  impact: false,
  repeatable: always,
  // The next run must know the backup: it may be the only way back from a migration that has begun.
  save: 'before-and-after',
  neededWhere: 'migrating',
  undo: nothingToUndo,
  notForcible: 'without the name of a backup there is no point to go back to',
  onFailure: 'take-back',
}

export const restore: Traits<StepOf<'restore'>> = {
  ...plain,
  what: ({ backup }) => `restore the database to ${describeBackup(backup)}`,
  impact: true,
  repeatable: never,
  save: 'before',
  undo: (_, plan) =>
    inDetour(plan) ? withDatabase : { kind: 'cannot', words: 'what was written since the backup is lost' },
  onFailure: 'ask',
  whenStopped: 'keep-all',
  brackets: aroundMigration,
  remembers: 'migration',
  destroys: 'restore brings the database back to a backup: what was written since is lost.',
}

export const migrate: Traits<StepOf<'migrate'>> = {
  ...plain,
  what: (step) => (hasTwoPhases(step) ? 'start the migration of the database' : 'migrate the database'),
  impact: true,
  repeatable: ({ repeatable }) => repeatable,
  save: 'before',
  neededWhere: 'not-started',
  undo: (step, plan) =>
    hasTwoPhases(step)
      ? by('running the rollback of the migration')
      : onCopy(plan)
        ? nothingToUndo()
        : inDetour(plan)
          ? withDatabase
          : staysMigrated,
  repeatsUndo: (step) => step.repeatable || !hasTwoPhases(step),
  onFailure: 'ask',
  proves: true,
  whenForced: `count the migration as done, because someone has seen to it, and go on; ${noProof}`,
  whenStopped: 'keep-all',
  brackets: aroundMigration,
  remembers: 'migration',
}

export const reset: Traits<StepOf<'reset'>> = {
  ...plain,
  what: () => 'set all data up anew',
  impact: true,
  repeatable: never,
  save: 'before',
  undo: (_, plan) =>
    onCopy(plan)
      ? nothingToUndo()
      : inDetour(plan)
        ? withDatabase
        : { kind: 'cannot', words: 'the data that was there is gone' },
  onFailure: 'ask',
  whenStopped: 'keep-all',
  brackets: aroundMigration,
  remembers: 'migration',
  destroys: 'reset sets all data up anew: what is there now is lost.',
}

export const checkCompatibility: Traits<StepOf<'check-compatibility'>> = {
  ...plain,
  what: () => 'run the checks of the release that serves now on the migrated database',
  impact: false,
  repeatable: always,
  files: 'serving',
  // The checks may take long, and the run must save the success of the migration before them. After them, jobs
  // start again.
  save: 'before-and-after',
  neededWhere: 'new-schema',
  whenForced:
    'continue to the new release anyway; from then on there is no safe rollback, as after a contract migration',
  undo: nothingToUndo,
  onFailure: 'ask',
}

export const rollBackMigration: Traits<StepOf<'roll-back-migration'>> = {
  ...plain,
  what: ({ release }) => `take back the migration that ${release.tag} has started`,
  impact: true,
  repeatable: ({ repeatable }) => repeatable,
  files: 'named',
  // If the run is lost after the record, the next run must know that the migration is gone.
  save: 'before-and-after',
  undo: cannot('the migration is taken back, and only a new deployment starts it again'),
  onFailure: 'ask',
  whenStopped: 'keep-all',
  remembers: 'migration',
}

export const completeMigration: Traits<StepOf<'complete-migration'>> = {
  ...plain,
  what: ({ release }) => `complete the migration that ${release.tag} has started`,
  impact: true,
  repeatable: ({ repeatable }) => repeatable,
  files: 'named',
  save: 'before',
  undo: cannot('a completed migration cannot be rolled back'),
  onFailure: 'ask',
  whenForced: 'count the migration as completed, because someone has seen to it',
  whenStopped: 'keep-all',
  remembers: 'migration',
}
