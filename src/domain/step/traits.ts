import { describeBackup } from '../backup/backup.ts'
import { jobOf } from '../config/command-fleet.ts'
import type { SmokeTest } from '../config/detour-recipe.ts'
import { hasTwoPhases } from '../config/recipe.ts'
import { duration } from '../durations.ts'
import { sameCommit } from '../release/release.ts'
import type { HandOverStep, RollStep, Step, StepKind, StepOf } from './step.ts'
import type { Bracket, Traits, Undo, Undoing } from './step-traits.ts'
import { contracts } from './steps-in.ts'

const always = () => true
const never = () => false
const withDatabase: Undo = {
  kind: 'with-database',
  words: 'with the whole database, by the answer revert',
}
const staysMigrated: Undo = { kind: 'cannot', words: 'a migrated database stays migrated' }
const nothingToUndo = (): Undo => ({ kind: 'nothing-to-undo' })
const cannot = (words: string) => (): Undo => ({ kind: 'cannot', words })
const nowhere = (words: string): Undo => ({ kind: 'nowhere', words })
const by = (words: string): Undo => ({ kind: 'by', words })

/** Returns why there is no other release to go back to, or null. */
export function noneBefore({ from, release }: Pick<Undoing, 'from' | 'release'>): string | null {
  if (from === null) return 'nothing served here before'
  return sameCommit(from, release) ? `${from.tag} served here before, too` : null
}

function bringingBack(plan: Undoing): Undo {
  const none = noneBefore(plan)
  return none === null ? by('bringing the previous scheduler back') : nowhere(none)
}

function rollingBack({ restart, unvisited }: RollStep, plan: Undoing): Undo {
  if (restart || unvisited) return { kind: 'nothing-to-undo' }
  const none = noneBefore(plan)
  if (none !== null) return nowhere(none)
  return contracts(plan.steps) && !inDetour(plan)
    ? nowhere(`${plan.from?.tag ?? ''} does not work on the migrated database`)
    : by('rolling the changed instances back')
}

/** In a detour the database can come back as well, or a person accepts that it does not. */
const inDetour = ({ steps }: Undoing): boolean => steps.some((step) => 'detour' in step)

/** True if a side that did not pass its smoke test is gone back from without a question. */
const revertsUnasked = (smokeTest: SmokeTest | null, code: string): boolean =>
  smokeTest?.onFailure === 'revert' && code === 'inspection-failed'

/** The side that visitors left serves the release from before still. */
function movingBack(plan: Undoing): Undo {
  const none = noneBefore(plan)
  return none === null ? by('sending visitors back to the side that they left') : nowhere(none)
}

/** The digests from before are handed over, never the engine's own word for going back. */
function handingBack({ restart }: HandOverStep, plan: Undoing): Undo {
  if (restart) return { kind: 'nothing-to-undo' }
  const none = noneBefore(plan)
  if (none !== null) return nowhere(none)
  return contracts(plan.steps) && !inDetour(plan)
    ? nowhere(`${plan.from?.tag ?? ''} does not work on the migrated database`)
    : by('handing over the digests that served before')
}

/** A step about which nothing is special. */
const plain = {
  files: 'planned',
  asks: (): 'never' => 'never',
  turnsBack: never,
  proves: false,
  destroys: null,
  neededWhere: 'always',
  notForcible: null,
  repeatsUndo: always,
  whenForced: 'count the step as done, because someone has seen to it, and go on',
  whenStopped: 'nothing',
  brackets: [],
  remembers: 'nothing',
  undoneWhere: 'begun',
} satisfies Partial<Traits>

/** A command of the user's own, which may do anything. */
const hook = {
  ...plain,
  repeatable: never,
  save: 'before',
  undo: cannot('what the hook did stays done'),
} satisfies Partial<Traits>

/** While a database may be half migrated no job starts, and visitors stay on the page where one was shown. */
const aroundMigration: readonly Bracket<Step>[] = [
  { part: 'needs', lease: 'scheduler', who: 'the migration', pins: true },
  { part: 'needs', lease: 'maintenance', who: 'the migration', pins: true },
]

/** One row for each kind, in the standard order. */
const traits: { readonly [Kind in StepKind]: Traits<StepOf<Kind>> } = {
  source: {
    ...plain,
    what: () => 'verify that the checkout is the release commit',
    impact: false,
    repeatable: always,
    files: 'none',
    save: 'none',
    undo: nothingToUndo,
    onFailure: 'end',
  },
  approve: {
    ...plain,
    what: () => 'check the approval',
    impact: false,
    repeatable: always,
    files: 'none',
    asks: ({ rule }) => (rule.kind === 'named' ? 'before' : 'never'),
    save: 'none',
    undo: nothingToUndo,
    onFailure: 'end',
  },
  build: {
    ...plain,
    what: () => 'build the artifact, unless it exists',
    impact: false,
    repeatable: always,
    files: 'made',
    save: 'none',
    undo: nothingToUndo,
    onFailure: 'end',
  },
  prepare: {
    ...plain,
    what: ({ prepares }) => `bring the release to every instance of ${prepares}, which serves as before`,
    impact: false,
    repeatable: always,
    files: 'fleet',
    save: 'none',
    undo: nothingToUndo,
    onFailure: 'end',
  },
  'configure-broker': {
    ...hook,
    what: () => 'set vhosts, users and permissions of the broker',
    impact: true,
    undo: cannot('the broker keeps its new settings'),
    onFailure: 'ask',
  },
  'pre-deploy': {
    ...hook,
    what: () => 'run the hook of the serving release',
    impact: true,
    files: 'serving',
    neededWhere: 'serving',
    onFailure: 'ask',
  },
  'suspend-scheduler': {
    ...plain,
    what: ({ scheduler: { running } }) =>
      running === null ? 'let no new job start' : 'let no new job start, and wait until none runs',
    impact: true,
    repeatable: always,
    // If its run is lost, the next run must know of the lease to give back.
    save: 'before',
    undo: () => by('resuming the scheduler'),
    onFailure: 'take-back',
    whenStopped: 'take-back',
    brackets: [
      {
        part: 'opens',
        lease: 'scheduler',
        terms: ({ scheduler: { lease, resume } }) => ({ lasts: lease, giveBack: resume }),
      },
    ],
  },
  'pre-configure': {
    ...hook,
    what: () => 'run the hook before the migration',
    impact: false,
    onFailure: 'take-back',
  },
  'deploy-scheduler': {
    ...plain,
    what: () => 'deploy the new scheduler, still paused',
    impact: true,
    repeatable: always,
    save: 'none',
    undo: (_, plan) => bringingBack(plan),
    onFailure: 'take-back',
    whenStopped: 'take-back',
    brackets: [{ part: 'needs', lease: 'scheduler', who: 'the new scheduler', pins: false }],
  },
  'open-maintenance': {
    ...plain,
    what: () => 'show visitors the maintenance page',
    impact: true,
    repeatable: always,
    // If its run is lost, the next run must know of the page to take off.
    save: 'before',
    undo: () => by('taking the maintenance page off'),
    neededWhere: 'maintained',
    onFailure: 'take-back',
    whenStopped: 'take-back',
    brackets: [
      {
        part: 'opens',
        lease: 'maintenance',
        terms: ({ maintenance: { lease, close } }) => ({ lasts: lease, giveBack: close }),
      },
    ],
  },
  'close-maintenance': {
    ...plain,
    what: () => 'take the maintenance page off',
    impact: true,
    repeatable: always,
    save: 'none',
    undo: nothingToUndo,
    neededWhere: 'maintained',
    onFailure: 'ask',
    whenStopped: 'keep-all',
    brackets: [{ part: 'closes', lease: 'maintenance' }],
  },
  backup: {
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
  },
  restore: {
    ...plain,
    what: ({ backup }) => `restore the database to ${describeBackup(backup)}`,
    impact: true,
    repeatable: never,
    save: 'before',
    undo: cannot('what was written since the backup is lost'),
    onFailure: 'ask',
    whenStopped: 'keep-all',
    brackets: aroundMigration,
    remembers: 'migration',
    destroys: 'restore brings the database back to a backup: what was written since is lost.',
  },
  'open-detour': {
    ...plain,
    what: () => 'have the stand-in serve visitors while home is changed',
    impact: true,
    repeatable: always,
    // If its run is lost, the next run must know of the copy, of the fence, and of the visitors' place.
    save: 'before-and-after',
    undo: () => by('sending visitors home, and removing the stand-in'),
    onFailure: 'take-back',
    notForcible: 'only what is seen tells where visitors are',
    whenStopped: 'take-back',
    remembers: 'detour',
  },
  'join-detour': {
    ...plain,
    what: () => 'go on in the open detour, without another copy',
    impact: false,
    repeatable: always,
    // If its run is lost, the next run must know that the way back leads out of the detour.
    save: 'before',
    undo: () => by('sending visitors home, and removing the stand-in'),
    onFailure: 'ask',
    notForcible: 'only what is seen tells where visitors are',
    whenStopped: 'keep-all',
    remembers: 'detour-joined',
  },
  migrate: {
    ...plain,
    what: (step) => (hasTwoPhases(step) ? 'start the migration of the database' : 'migrate the database'),
    impact: true,
    repeatable: ({ repeatable }) => repeatable,
    save: 'before',
    neededWhere: 'not-started',
    undo: (step, plan) =>
      hasTwoPhases(step)
        ? by('running the rollback of the migration')
        : inDetour(plan)
          ? withDatabase
          : staysMigrated,
    repeatsUndo: (step) => step.repeatable || !hasTwoPhases(step),
    onFailure: 'ask',
    whenStopped: 'keep-all',
    brackets: aroundMigration,
    remembers: 'migration',
  },
  reset: {
    ...plain,
    what: () => 'set all data up anew',
    impact: true,
    repeatable: never,
    save: 'before',
    undo: (_, plan) =>
      inDetour(plan) ? withDatabase : { kind: 'cannot', words: 'the data that was there is gone' },
    onFailure: 'ask',
    whenStopped: 'keep-all',
    brackets: aroundMigration,
    remembers: 'migration',
    destroys: 'reset sets all data up anew: what is there now is lost.',
  },
  'check-compatibility': {
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
  },
  'resume-scheduler': {
    ...plain,
    what: () => 'let the scheduler start jobs again',
    impact: true,
    repeatable: always,
    save: 'none',
    undo: nothingToUndo,
    onFailure: 'ask',
    whenStopped: 'keep-all',
    brackets: [{ part: 'closes', lease: 'scheduler' }],
  },
  'roll-services': {
    ...plain,
    what: ({ restart }) =>
      restart ? 'stop and start the instances, batch by batch' : 'change the instances, batch by batch',
    impact: true,
    repeatable: always,
    save: 'none',
    undo: rollingBack,
    neededWhere: 'named',
    onFailure: 'ask',
    whenStopped: 'keep-all',
    remembers: 'desired',
  },
  'hand-over': {
    ...plain,
    what: ({ restart }) =>
      restart
        ? 'have the engine replace every replica, and watch it'
        : 'have the engine roll to these digests, and watch it',
    impact: true,
    // A run that repeats it reads the engine first: what the engine wants already is not handed over again.
    repeatable: always,
    save: 'before',
    undo: handingBack,
    neededWhere: 'named',
    onFailure: 'ask',
    // Over the rollout of another author, or without an answer, only a person goes back.
    turnsBack: ({ service }, { code }) =>
      service.onFailure === 'roll-back' && !['engine-superseded', 'engine-unknown'].includes(code),
    whenForced: 'count the service as done, because someone has seen to it, and go on',
    whenStopped: 'keep-all',
    remembers: 'desired',
  },
  inspect: {
    ...plain,
    what: () => 'have people look at the release before visitors see it',
    impact: false,
    repeatable: always,
    asks: () => 'during',
    save: 'none',
    undo: ({ detour }) =>
      detour.validateBeforeSwap
        ? by('having people look at the older release before visitors come back to it')
        : nothingToUndo(),
    undoneWhere: 'inspected',
    onFailure: 'ask',
    turnsBack: ({ detour: { smokeTest } }, { code }) => revertsUnasked(smokeTest, code),
    notForcible: 'complete is the answer of a person who has looked',
    whenStopped: 'keep-all',
  },
  'move-over': {
    ...plain,
    what: ({ to }) => `move visitors to ${to}, which has the release`,
    impact: true,
    repeatable: always,
    // If its run is lost, the next run must know that visitors may be on either side.
    save: 'before',
    undo: (_, plan) => movingBack(plan),
    onFailure: 'ask',
    turnsBack: ({ moving, to }, { code }) => revertsUnasked(moving.smokeTest?.[to] ?? null, code),
    notForcible: 'only what is seen tells where visitors are',
    whenStopped: 'keep-all',
    remembers: 'side',
  },
  'close-detour': {
    ...plain,
    what: () => 'send visitors home to the release, and remove the stand-in',
    impact: true,
    repeatable: always,
    save: 'before-and-after',
    undo: () => by('bringing the database back to where visitors left it, if that is decided'),
    undoneWhere: 'restored',
    onFailure: 'ask',
    notForcible: 'only what is seen tells where visitors are',
    whenStopped: 'keep-all',
    remembers: 'detour-end',
  },
  'roll-back-migration': {
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
  },
  verify: {
    ...plain,
    what: () => 'ask the front door if it serves the release',
    impact: false,
    repeatable: always,
    save: 'none',
    undo: nothingToUndo,
    onFailure: 'ask',
    turnsBack: ({ onFailure }) => onFailure === 'roll-back',
    proves: true,
    whenForced:
      'continue although the front door did not pass; the release then has no proof for other environments',
  },
  bake: {
    ...plain,
    what: ({ lasts }) => `watch the whole environment for ${duration(lasts)}`,
    impact: false,
    repeatable: always,
    save: 'none',
    undo: nothingToUndo,
    onFailure: 'ask',
    // Without a verdict only a person may take a release back.
    turnsBack: ({ onFailure }, { code }) => onFailure === 'roll-back' && code !== 'bake-inconclusive',
    proves: true,
    whenForced: 'watch no longer, and let the release serve; it then has no proof for other environments',
  },
  'record-version': {
    ...plain,
    what: () => 'record that the environment serves this release',
    impact: false,
    repeatable: always,
    files: 'none',
    save: 'none',
    undo: nothingToUndo,
    onFailure: 'ask',
    notForcible: 'the record can only be written by trying again',
    remembers: 'serving',
  },
  'complete-migration': {
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
  },
  task: {
    ...plain,
    what: () => 'run the task of the release that serves',
    impact: true,
    repeatable: never,
    save: 'before',
    undo: cannot('what the task did stays done'),
    onFailure: 'ask',
  },
  hook: {
    ...hook,
    what: ({ when, beside }) => `run the hook ${when} ${beside}`,
    impact: true,
    onFailure: 'ask',
  },
  'post-configure': {
    ...hook,
    what: () => 'run the hook after the rollout',
    impact: false,
    onFailure: 'note',
  },
  'post-deploy': {
    ...hook,
    what: () => 'run the last hook',
    impact: false,
    onFailure: 'note',
  },
}

/** Every kind of step there is. */
export const allStepKinds = Object.keys(traits) as readonly StepKind[]

export const traitsOf = (step: Step): Traits => traits[step.kind]

/** Returns true if a resumed deployment may repeat a step that may or may not have finished. */
export const repeatable = (step: Step): boolean => traitsOf(step).repeatable(step)

/**
 * True if a step that a lost run began can be carried on: its command is a job of an engine, which is followed by its name
 * and never run twice.
 */
export const isFollowed = (step: Step): boolean =>
  'command' in step && step.command !== null && jobOf(step.command) !== null

/** True if the undo of a step takes its lease once more: the scheduler that comes back must find no job running. */
export const isReopened = (step: Step): boolean =>
  traitsOf(step).brackets.some(({ part }) => part === 'needs')

/** True if the effect of a step stays, whatever is decided later. */
export const staysDone = (plan: Undoing, step: Step): boolean =>
  ['cannot', 'nowhere'].includes(traitsOf(step).undo(step, plan).kind)
