import * as z from 'zod/mini'
import { allStepKinds } from '../../../domain/step/traits.ts'
import { listed } from '../wording.ts'
import { command, commandKeys, hook, hookKeys, orLine, retryable, stepCommandKeys } from './command.ts'
import { detour } from './detour.ts'
import { maintenance } from './maintenance.ts'
import { name } from './names.ts'
import { scheduler } from './scheduler.ts'
import { expected, flag, mapping, named, oneOf, text, union } from './shapes.ts'
import { duration } from './values.ts'
import { verify } from './verify.ts'
import { byDefault, key, meaning, required, vocabulary } from './vocabulary.ts'

const build = orLine(
  'a command, or a mapping with `run`',
  mapping('a command, or a mapping with `run`', {
    ...commandKeys('10m'),
    ...retryable,
    unless: key(command, 'Exits with 0 if the artifact exists already; then nothing is built.'),
    on: key(
      oneOf(
        ['runner'],
        'its files and outputs are taken from the machine of the job. Have the command reach another machine itself, like `docker --context builder build`',
      ),
      'A build runs on the machine of the job, and nowhere else.',
    ),
  }),
)

const repeatable = byDefault(
  flag(),
  false,
  'True if running it twice is harmless, so that a run may repeat it without asking.',
)

const phaseWords = '`expand`, `contract`, or a mapping with `run`'

const whyPhase =
  'say whether the release before still works on the migrated database (`expand`) or not (`contract`), for that decides whether a rollback is safe'

const phase = meaning(
  z.union([oneOf(['expand', 'contract']), mapping(phaseWords, commandKeys('1m'))], {
    error: (issue) => `${expected(phaseWords)(issue)}: ${whyPhase}`,
  }),
  { words: phaseWords },
)

const onePhase = mapping('a mapping with `run` and `phase`', {
  ...hookKeys('20m'),
  phase: required(
    phase,
    'The effect on the older release, which still works on the migrated database after `expand`, and not after `contract`. A command prints the word when the release is made, and the manifest keeps it.',
  ),
  repeatable,
})

const migrationWords = 'a command, or a mapping with `run`'

const longHook = orLine(migrationWords, mapping(migrationWords, hookKeys('20m'))).register(vocabulary, {
  id: 'migration',
  words: migrationWords,
  description: 'A command of a migration: one line of shell, or a mapping with `run` and its settings.',
})

const twoPhases = mapping('a mapping with `start`, `complete` and `rollback`', {
  start: required(longHook, 'Starts the migration: the schemas of both releases are usable afterwards.'),
  complete: required(
    longHook,
    'Completes the migration, in an undertaking of its own: the older schema goes.',
  ),
  rollback: required(
    longHook,
    'Takes the migration back, when the environment goes back before it is completed.',
  ),
  'complete-after': key(
    duration,
    'The time after `start` at which the clock asks to complete the migration, behind the gate of the environment; default: a person completes it.',
  ),
  repeatable,
})

const migrate = union('a mapping with `run` and `phase`, or with `start`, `complete` and `rollback`', [
  onePhase,
  twoPhases,
])

const backup = mapping('a mapping with `create` and `restore`', {
  create: required(
    longHook,
    'Makes a backup, and prints its name on its last line, with the position of the database after a space. Without a name nothing is migrated.',
  ),
  restore: required(
    longHook,
    'Restores the backup that `ROLLGATE_BACKUP` names, in an undertaking of its own, behind the maintenance page.',
  ),
})

const resetWords = 'a command, or a mapping with `run`'
const reset = orLine(resetWords, mapping(resetWords, stepCommandKeys('2h')))

/** Nothing runs before the approval, and a task is a plan of its own. */
const withoutHooks: readonly string[] = ['source', 'approve', 'task', 'hook']
const anchors = allStepKinds.filter((kind) => !withoutHooks.includes(kind))
const anchorWords = 'the name of a step, like `migrate` or `roll-services/web`'
const anchor = text(
  anchorWords,
  new RegExp(`^(?:${anchors.join('|')}|(?:prepare|roll-services|hand-over)/[A-Za-z0-9][A-Za-z0-9._-]*)$`),
  `${anchorWords}; there is ${listed(anchors)}, and \`prepare\`, \`roll-services\` and \`hand-over\` of one service`,
)

const hookWords = 'a mapping with `run`, and with `before` or `after`'
const besideSteps = named(
  'a mapping of hooks by name',
  name,
  mapping(hookWords, {
    before: key(anchor, 'The step that it runs before.'),
    after: key(anchor, 'The step that it runs after.'),
    ...hookKeys('10m'),
  }).check(
    z.refine(({ before, after }) => (before === undefined) !== (after === undefined), {
      error: ({ input }) =>
        (input as { before?: string }).before === undefined
          ? 'has no place: add `before` or `after` with the name of a step'
          : 'has two places: keep `before` or `after`',
      when: ({ issues }) => issues.length === 0,
    }),
  ),
)

const checks = orLine(
  'a command, or a mapping with `run`',
  mapping('a command, or a mapping with `run`', {
    ...stepCommandKeys('10m'),
    against: byDefault(
      oneOf(['schema', 'instance', 'both']),
      'schema',
      'The schema of the next release, its first new instance before that gets requests, or both.',
    ),
  }).check(
    z.refine(({ on, against }) => against === 'schema' || on === undefined || on === 'runner', {
      error: 'runs on the runner where it meets an instance: leave `on` out, or set `against: schema`',
      path: ['on'],
      when: ({ issues }) => issues.length === 0,
    }),
  ),
)

export const steps = mapping('a mapping of steps', {
  build: key(build, 'Makes the artifact of the release.'),
  'configure-broker': key(hook, 'Sets up virtual hosts, users and permissions of the message broker.'),
  'pre-deploy': key(hook, 'A hook before anything changes, as the serving release defines it.'),
  scheduler: key(scheduler, 'Suspends the scheduler around the migration, and drains it.'),
  'pre-configure': key(hook, 'A hook before the new scheduler and the migration.'),
  maintenance: key(
    maintenance,
    'Shows visitors a page in place of the application while the database is migrated.',
  ),
  backup: key(backup, 'Backs the database up before it is migrated, and restores it on request.'),
  migrate: key(migrate, 'Migrates the database.'),
  detour: key(
    detour,
    'Has another side serve visitors while this one is changed. The default is `when: asked`.',
  ),
  'check-compatibility': key(
    checks,
    'The checks of this release on the next one, whose deployment runs them: on its schema, after the migration and before the new release serves, or against its first instance.',
  ),
  reset: key(
    reset,
    'Recreates all data in place of `migrate`, if the deployment asks for a reset. It always counts as destructive.',
  ),
  verify: key(
    verify,
    'Asks the front door of the environment, after the services and before the release counts as serving. A failure is no proof for `verified-in`.',
  ),
  hooks: key(
    besideSteps,
    'Hooks between any two steps, in this order. They run in every plan that has the step; a failure asks.',
  ),
  'slow-after': key(
    duration,
    'The time after which a step that runs commands is warned of; default: 30m. Long work belongs outside of a deployment.',
  ),
  'post-configure': key(hook, 'A hook once the release serves.'),
  'post-deploy': key(hook, 'A last hook; its failure causes no rollback.'),
})

export type StepsValue = z.output<typeof steps>
