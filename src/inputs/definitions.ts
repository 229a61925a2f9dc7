/**
 * The face of every command: its inputs and outputs. The action.yml files, the tables in the docs and the
 * reader of inputs are all made from this page.
 */

import { allModes } from '../domain/plan/modes.ts'
import { either } from './config/wording.ts'

export const commands = [
  'plan',
  'gate',
  'deploy',
  'rollback',
  'restart',
  'task',
  'decide',
  'status',
  'reconcile',
  'watch',
  'releases',
  'history',
  'block',
  'halt',
  'release',
  'rehearse',
  'schedule',
  'dispatch',
  'check',
  'doctor',
] as const
export type CommandName = (typeof commands)[number]

/** The actions that take the whole form of an own workflow, and find the command in it. */
export const formActions = ['look', 'note', 'act'] as const
export type FormAction = (typeof formActions)[number]

export const actionNames = [...commands, ...formActions] as const
export type ActionName = CommandName | FormAction

export interface InputDefinition {
  readonly description: string
  /** True if the input is required: by all commands that take it, or by these. */
  readonly required?: boolean | readonly ActionName[]
  /** The default in words, for commands that do not require it. */
  readonly leftOut?: string
  readonly default?: string
  /** The commands that take it. */
  readonly of: readonly ActionName[]
}

const all: readonly ActionName[] = actionNames
/** Actions that ask GitHub. The others read the checkout alone, without a token, and may run for a fork. */
const online = actionNames.filter((name) => name !== 'check')
/** Commands that may change an environment. */
const moving: readonly CommandName[] = ['deploy', 'rollback', 'restart', 'task', 'decide', 'reconcile']
/** Commands about one deployment. */
const deploying: readonly CommandName[] = ['plan', 'gate', ...moving]
/** Commands that may find an open question. */
const asking: readonly CommandName[] = [...deploying, 'status', 'watch']
/** Commands that write a ledger, or plan to. */
const locking: readonly CommandName[] = [...deploying, 'watch', 'block', 'schedule', 'dispatch']
/** Commands that run commands of the config, if only to ask an instance. */
const running: readonly CommandName[] = [...moving, 'status', 'watch']

export const inputs = {
  form: {
    description:
      'The filled-in form as JSON: `toJSON(inputs)` of the workflow. It has the command and its inputs. Fails if the form is wrong.',
    required: formActions,
    of: ['gate', ...formActions],
  },
  environment: {
    description: 'The name of the GitHub environment in the config.',
    leftOut: 'the default is every environment',
    required: [...deploying, 'history', 'halt', 'rehearse', 'schedule'],
    of: commands.filter((command) => command !== 'release' && command !== 'check'),
  },
  tag: {
    description: 'The tag of the new release, like `v1.2.0`.',
    required: true,
    of: ['release'],
  },
  description: {
    description:
      'The purpose of the release; the text stands before the generated notes. With a description the tag is annotated.',
    of: ['release'],
  },
  commit: {
    description:
      'The commit to release or to block: a full SHA, or the name of a branch. A block of a commit hits every release that has it. Default for a release: the newest commit of the default branch; with `from`, the commit of the candidate.',
    of: ['release', 'block'],
  },
  artifacts: {
    description:
      'The files of the release: one pattern a line, relative to `working-directory`. They are attached to the GitHub Release, and the manifest has their digests.',
    of: ['release'],
  },
  outputs: {
    description:
      'The outputs of the build, `NAME=value` a line, like digests of images. They stand in the manifest, and commands see them.',
    of: ['release'],
  },
  from: {
    description:
      'The tag of a candidate to make final. The release gets the commit and the artifacts of the candidate; nothing is built.',
    of: ['release'],
  },
  prerelease: {
    description: 'Make a candidate: a prerelease, which a production refuses.',
    default: 'false',
    of: ['release'],
  },
  'require-checks': {
    description: 'Refuse a commit unless all its checks and statuses are green.',
    default: 'true',
    of: ['release'],
  },
  checks: {
    description:
      'The names of the required checks, one a line; `*` stands for any letters. Default: all checks of the commit. Fails if a name matches no check.',
    of: ['release'],
  },
  'deploy-after': {
    description:
      'The environment to deploy the release to next. It is checked before anything is created, and becomes the output `deploy-to`.',
    of: ['release'],
  },
  release: {
    description:
      'The tag to deploy, to schedule or to block; a block takes `commit` instead. Default for a rollback and a rehearsal: the release that served before the present one. A staging, a sandbox and a schedule take `latest`: the newest release at the time of the request; of a schedule a final one.',
    of: ['plan', 'gate', 'deploy', 'rollback', 'block', 'rehearse', 'schedule'],
  },
  mode: {
    description:
      '`deploy`, `rollback`, `restart`, `task`, or `decision` for a deployment with an open question; the gate also takes `converge`, `compare` and `doctor`.',
    default: 'deploy',
    of: ['plan', 'gate'],
  },
  plan: {
    description:
      'The output `plan` of the plan command: digests. Fails with `plan-changed` if the plan, made again, is another one.',
    of: ['gate', 'deploy', 'rollback', 'restart', 'task', 'act'],
  },
  services: {
    description: 'The names of the services to restart, separated by spaces; empty for all services.',
    of: ['plan', 'gate', 'restart'],
  },
  task: {
    description: 'The name of the task under `tasks` in the config of the serving release.',
    required: ['task'],
    of: ['plan', 'gate', 'task'],
  },
  only: {
    description:
      '`scheduler` deploys the scheduler of the serving release again; `build` only builds the release; `maintenance-on` and `maintenance-off` show the maintenance page and take it off; `close-detour` closes the open detour that `open-detour` names; `restore` restores a backup of the database; `complete-migration` completes the open two-phase migration. Services and version do not change.',
    of: ['plan', 'gate', 'deploy'],
  },
  backup: {
    description:
      'The name of the backup to restore, as its deployment shows it; empty for the newest one. Fails for a name that the history does not have.',
    of: ['plan', 'gate', 'deploy'],
  },
  'change-base': {
    description: 'Deploy a release for another base version, and change the base version of the environment.',
    default: 'false',
    of: ['plan', 'gate', 'deploy'],
  },
  reset: {
    description:
      'Run `steps.reset` instead of the migration: it recreates all data. Fails unless `confirm` is given.',
    default: 'false',
    of: ['plan', 'gate', 'deploy'],
  },
  'roll-forward': {
    description:
      'Take the place of the deployment that waits in an open detour: the stand-in goes on serving, and no second copy is made. Without an open detour it changes nothing.',
    default: 'false',
    of: ['plan', 'gate', 'deploy'],
  },
  detour: {
    description:
      'Have the stand-in of `steps.detour` serve visitors while the release is brought. Fails where the config or the environment has none.',
    default: 'false',
    of: ['plan', 'gate', 'deploy'],
  },
  'open-detour': {
    description:
      'The name of the open detour to close, like `shop-production-7`, as status shows it. Fails for another one.',
    of: ['plan', 'gate', 'deploy'],
  },
  as: {
    description:
      'The end of a detour that is closed by name, for the database of home: `revert-code` leaves it as it is, `revert` brings it back to where visitors left it. Default: `revert-code`, which is refused across a contract migration unless data loss is acknowledged.',
    of: ['plan', 'gate', 'deploy'],
  },
  confirm: {
    description: 'The exact name of the environment, to confirm a destructive plan.',
    of: ['plan', 'gate', 'deploy', 'rollback', 'task'],
  },
  schedule: {
    description:
      'The ID of the schedule to start, like `s3`, or of a migration to complete after its soak, like `m7`; the release comes from there. Fails if the schedule was withdrawn, is not due, is too late, or if another release was deployed since the request.',
    of: ['gate', 'deploy'],
  },
  at: {
    description:
      'The local time in `timezone`, like `2026-12-01T09:00`, or a time with an offset, like `2026-12-01T09:00+01:00`.',
    of: ['schedule'],
  },
  timezone: {
    description:
      'The time zone of `at`, as an IANA name like `Europe/Berlin`; no default. Fails if `at` has neither a zone nor an offset.',
    of: ['schedule'],
  },
  'max-lateness': {
    description:
      'The longest delay of the start, like `90m`. A later schedule becomes *missed* and is not deployed.',
    default: '1h',
    of: ['schedule'],
  },
  withdraw: {
    description: 'The ID of the schedule to withdraw, like `s3`; nothing new is scheduled.',
    of: ['schedule'],
  },
  pause: {
    description:
      'The ID of the question to answer, like `7.1`. The job summary and the message about the question show it.',
    required: ['decide'],
    of: ['plan', 'gate', 'decide'],
  },
  decision: {
    description:
      '`approve`, `withdraw`, `reject`, `retry`, `force-next`, `exclude`, `roll-back`, `revert`, `revert-code`, `complete` or `abandon`.',
    required: ['decide'],
    of: ['plan', 'gate', 'decide'],
  },
  instances: {
    description:
      'The instances of the decision, separated by spaces; empty for all instances of the question.',
    of: ['plan', 'gate', 'decide'],
  },
  reason: {
    description: 'The reason; the ledger keeps it and pages show it.',
    required: ['block', 'schedule'],
    of: ['plan', 'gate', 'decide', 'block', 'halt', 'schedule'],
  },
  redeploy: {
    description: 'Deploy the serving release again. Only instances that do not serve it are changed.',
    default: 'false',
    of: ['plan', 'gate', 'deploy'],
  },
  'acknowledge-older': {
    description:
      'Allow a release that is older than the serving release, or cannot be compared with it. A sandbox does not need this.',
    default: 'false',
    of: ['plan', 'gate', 'deploy'],
  },
  'acknowledge-data-loss': {
    description:
      'Allow an unsafe rollback: the data was restored, or may be lost. A rollback is unsafe across a contract migration, or if the checks of its release failed on the present schema. A safe rollback does not need this. Fails for another base version. The command `releases` lists the verdict on each release. Closing a detour by name takes it too, where home keeps a contract migration.',
    default: 'false',
    of: ['plan', 'gate', 'deploy', 'rollback'],
  },
  'override-freeze': {
    description:
      'The reason for deploying during a freeze. Only people listed in `freeze-override` may use it.',
    of: ['plan', 'gate', 'deploy', 'rollback', 'restart', 'task', 'decide'],
  },
  'override-verified': {
    description:
      'The reason for deploying without the proof of `verified-in`. The ledger keeps the reason and the actor, and pages show both.',
    of: ['plan', 'gate', 'deploy'],
  },
  'override-halt': {
    description:
      'The reason for bringing a release forward while signals halt: a fix for the incident itself. The ledger keeps the reason and the actor, and pages show both. A halt by a person of this very deployment still holds.',
    of: ['plan', 'gate', 'deploy'],
  },
  'test-bed': {
    description:
      'The instances that try the release out first, like `web-2`, separated by spaces; empty for those of the config. Fails if a service with a `test-bed` has none of them.',
    of: ['plan', 'gate', 'deploy'],
  },
  'override-rehearsed': {
    description:
      'The reason for deploying without the rehearsal of `rehearsed-in`. The ledger keeps the reason and the actor, and pages show both.',
    of: ['plan', 'gate', 'deploy'],
  },
  rehearsed: {
    description:
      'The tag of the release whose rollback should be rehearsed; the run reports whether it is. Default: the run reports whether a rehearsal may start.',
    of: ['rehearse'],
  },
  again: {
    description:
      'The tag of the release to deploy again: the second half of a rehearsal. Empty for everything else.',
    of: ['act'],
  },
  limit: {
    description: 'The number of entries, newest first: 1 to 100.',
    default: '20',
    of: ['releases', 'history'],
  },
  lift: {
    description: 'Lift the halts that stand, in place of a new one.',
    default: 'false',
    of: ['halt'],
  },
  'fixed-by': {
    description:
      'The commit that fixes the blocked one: a full SHA, or the name of a branch. Releases that have it are not blocked.',
    of: ['block'],
  },
  unblock: {
    description: 'Remove the block.',
    default: 'false',
    of: ['block'],
  },
  observe: {
    description: 'Ask the instances; `false` reads only the ledgers.',
    default: 'true',
    of: ['status'],
  },
  converge: {
    description:
      'Deploy the serving release again if there is drift. Only instances that do not serve it are changed.',
    default: 'false',
    of: ['reconcile'],
  },
  'fail-on-drift': {
    description: 'Fail with `drift-found` if drift is found and not corrected.',
    default: 'false',
    of: ['reconcile'],
  },
  'run-is-over': {
    description:
      'The ID of the run that holds the lock. Use it if GitHub does not show that run and you are sure that it ended.',
    of: locking,
  },
  ledger: {
    description:
      '`new` starts an empty ledger although the environment has a history under another name. `moved` takes over the ledger of a config whose path changed.',
    of: locking,
  },
  config: {
    description: 'Path of the config in the repository.',
    default: '.github/rollgate.yml',
    of: all,
  },
  app: {
    description:
      'The expected app of the config; default: the repository. Fails if the config names another app.',
    of: online,
  },
  'working-directory': {
    description:
      'The folder in which commands of the config run, relative to the checkout. Fails if it is outside the workspace.',
    default: '.',
    of: [...running, 'release', 'act'],
  },
  'workflow-repository': {
    description: 'The repository with the workflow file of the job; do not change it.',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub's, not of this file
    default: '${{ job.workflow_repository }}',
    of: ['doctor', 'look', 'act'],
  },
  token: {
    description: 'A token with the permissions that the README lists.',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub's, not of this file
    default: '${{ github.token }}',
    of: online,
  },
} as const satisfies Record<string, InputDefinition>

export type InputName = keyof typeof inputs

/** True if a command reads the checkout alone: it gets no token, and may run for a pull request from a fork. */
export const isOffline = (command: CommandName): boolean =>
  !(inputs.token.of as readonly ActionName[]).includes(command)

export interface OutputDefinition {
  readonly description: string
  readonly of: readonly ActionName[]
}

export const outputs = {
  job: {
    description:
      'The job that does what the form asks for: `note`, `act`, or `none` if there is nothing to do. Empty if the form is refused.',
    of: ['look'],
  },
  outcome: {
    description:
      'The outcome of the run: `planned`, `looked`, `checked`, `watched`, `released`, `scheduled`, `withdrawn`, `dispatched`, `blocked`, `unblocked`, `halted`, `lifted`, `unchanged`, `asked`, `rehearsed`, `already-deployed`, `succeeded`, `converged`, `succeeded-post-deploy-failed`, `rolled-back`, `waiting`, `interrupted`, `failed`, `rejected`, `cancelled`, `abandoned` or `refused`.',
    of: all,
  },
  'reason-code': {
    description: 'The code of the problem that ended the run, as in docs/problems.md; otherwise empty.',
    of: all,
  },
  plan: {
    description:
      'The digests of the plan and of its sections, for the input `plan` of the command that executes it: JSON of at most 1 KB, without a value of yours.',
    of: ['plan', 'look'],
  },
  digest: { description: 'The digest of the plan.', of: ['plan', 'look'] },
  mode: {
    description: `${either(allModes)}.`,
    of: [...deploying, 'look', 'act'],
  },
  release: { description: 'The tag of the release.', of: online },
  sha: { description: 'The full commit SHA of the release, to check out.', of: online },
  again: {
    description:
      'The full commit SHA of the release to deploy again, for the second half of a rehearsal; otherwise empty.',
    of: ['look'],
  },
  'previous-release': {
    description:
      'The tag of the release that served before; empty for the first. For a rehearsal: the release of the rollback.',
    of: [...deploying, 'rehearse', 'look', 'act'],
  },
  approval: {
    description:
      'The approval before anything of the release runs: `none`, `reviewers`, `named` or `given`. With `named`, the run behind the gate only asks the named people; `given` means that they approved.',
    of: ['plan', 'look'],
  },
  go: {
    description:
      '`true` if the steps after the gate may run: make checkout and set-up depend on it. Empty if named people are asked first, if `reject` or `abandon` ended the deployment, or if there is nothing to do.',
    of: ['gate'],
  },
  'deployment-id': {
    description: 'The ID of the GitHub Deployment; empty while there is none.',
    of: ['gate', ...moving, 'act'],
  },
  pause: {
    description: 'The ID of the open question, like `7.1`; empty if there is none.',
    of: [...asking, 'look', 'act'],
  },
  'deploy-to': {
    description: 'The environment to deploy the release to next, from `deploy-after`; otherwise empty.',
    of: ['release'],
  },
  manifest: { description: 'The SHA-256 of the manifest, in hexadecimal.', of: ['release'] },
  checksums: {
    description:
      'The SHA-256 and the name of the manifest and of every artifact, one a line, in the format of `sha256sum`.',
    of: ['release'],
  },
  url: { description: 'The address of the GitHub Release.', of: ['release'] },
  due: {
    description:
      'The work that needs commands of a release, as a JSON list of `environment`, `release` and `sha`. A watch adds `why`: check out the release, and watch that environment by name. A dispatch adds `schedule`: check out the release, and deploy that schedule.',
    of: ['watch', 'dispatch'],
  },
  schedule: {
    description: 'The ID of the schedule that was made or withdrawn, like `s3`.',
    of: ['schedule', 'note'],
  },
  drift: {
    description: '`true` if an instance or the ledger differs from the serving release; otherwise `false`.',
    of: ['reconcile', 'act'],
  },
  result: {
    description:
      'The whole result of the run as versioned JSON, described in docs/result.md. See docs/status.md and docs/releases-list.md for a look, docs/releases.md for a release, docs/schedules.md for schedules.',
    of: all,
  },
} as const satisfies Record<string, OutputDefinition>

export type OutputName = keyof typeof outputs

export const isRequired = ({ required = false }: InputDefinition, command: ActionName): boolean =>
  typeof required === 'boolean' ? required : required.includes(command)

export const inputsOf = (command: ActionName): [InputName, InputDefinition][] =>
  (Object.entries(inputs) as [InputName, InputDefinition][]).filter(([, { of }]) => of.includes(command))

export const outputsOf = (command: ActionName): [OutputName, OutputDefinition][] =>
  (Object.entries(outputs) as [OutputName, OutputDefinition][]).filter(([, { of }]) => of.includes(command))
