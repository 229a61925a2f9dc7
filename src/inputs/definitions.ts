/**
 * The face of every command: its inputs and outputs. The action.yml files, the tables in the docs and the
 * reader of inputs are all made from this page.
 */

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
  'release',
  'rehearse',
  'schedule',
  'dispatch',
] as const
export type CommandName = (typeof commands)[number]

export interface InputDefinition {
  readonly description: string
  /** Whether it must be given: to all commands that take it, or to these. */
  readonly required?: boolean | readonly CommandName[]
  /** What it means to leave it out, for commands that can do without. */
  readonly leftOut?: string
  readonly default?: string
  /** The commands that take it. */
  readonly of: readonly CommandName[]
}

const all: readonly CommandName[] = commands
/** Those that may change an environment. */
const moving: readonly CommandName[] = ['deploy', 'rollback', 'restart', 'task', 'decide', 'reconcile']
/** Those that are about one deployment. */
const deploying: readonly CommandName[] = ['plan', 'gate', ...moving]
/** Those that may find a question waiting. */
const asking: readonly CommandName[] = [...deploying, 'status', 'watch']
/** Those that write a ledger, or plan to. */
const holding: readonly CommandName[] = [...deploying, 'watch', 'block', 'schedule', 'dispatch']
/** Those that run commands of the config, if only to ask an instance. */
const running: readonly CommandName[] = [...moving, 'status', 'watch']

export const inputs = {
  environment: {
    description: 'The GitHub environment, as it is named in the config.',
    leftOut: 'it then means all of them',
    required: [...deploying, 'history', 'rehearse', 'schedule'],
    of: commands.filter((command) => command !== 'release'),
  },
  tag: {
    description: 'The tag of the release that is made, like `v1.2.0`.',
    required: true,
    of: ['release'],
  },
  description: {
    description:
      'What the release is for, in the words of whoever makes it: they stand before the generated notes. With them the tag is an annotated one.',
    of: ['release'],
  },
  commit: {
    description:
      'The commit that the release is made from: a full SHA, or the name of a branch. By default the newest commit of the default branch; with `from` the commit of the candidate.',
    of: ['release'],
  },
  artifacts: {
    description:
      'The files of the release, as patterns seen from `working-directory`, a line each: they become files of the GitHub Release, with their digests in the manifest.',
    of: ['release'],
  },
  from: {
    description:
      'The tag of a candidate that becomes final: the release has its commit and its very artifacts, and nothing is built.',
    of: ['release'],
  },
  prerelease: {
    description: 'Make a candidate: a release that productions do not take.',
    default: 'false',
    of: ['release'],
  },
  'require-checks': {
    description: 'Refuse a commit whose checks and statuses are not all green.',
    default: 'true',
    of: ['release'],
  },
  checks: {
    description:
      'The checks that count, by name, a line each, `*` for any letters; each must be there. By default all that the commit has.',
    of: ['release'],
  },
  'deploy-after': {
    description:
      'The environment that the release is deployed to next. It is checked before anything is created, and handed on as the output `deploy-to`.',
    of: ['release'],
  },
  release: {
    description:
      'The tag to deploy, to schedule, or to block. A rollback, or a rehearsal of one, may leave it out: it then goes to the release that served before the one that serves now. To schedule, `latest` is the newest release that is final, as it is when that is asked for.',
    required: ['block'],
    of: ['plan', 'gate', 'deploy', 'rollback', 'block', 'rehearse', 'schedule'],
  },
  mode: {
    description:
      '`deploy`, `rollback`, `restart`, `task`, or `decision` for the deployment that waits for a person; at the gate also `converge`.',
    default: 'deploy',
    of: ['plan', 'gate'],
  },
  plan: {
    description:
      'The output `plan` of the plan command. When given, the run refuses with `plan-changed` if the world has moved since.',
    of: ['gate', 'deploy', 'rollback', 'restart', 'task'],
  },
  services: {
    description:
      'The services to restart, by the names that the config gives them, divided by blanks; empty for all of them.',
    of: ['plan', 'gate', 'restart'],
  },
  task: {
    description:
      'The task to run, by the name that it has under `tasks` in the config of the release that serves.',
    required: ['task'],
    of: ['plan', 'gate', 'task'],
  },
  only: {
    description:
      '`scheduler` brings the scheduler of the serving release anew, drained before and resumed after; `build` only builds the release. Services, data and version stay as they are.',
    of: ['plan', 'gate', 'deploy'],
  },
  'change-base': {
    description:
      'Deploy a release that was made for another base version, and bring its base to the environment.',
    default: 'false',
    of: ['plan', 'gate', 'deploy'],
  },
  reset: {
    description:
      'Set all data up anew with `steps.reset`, in place of the migration. It is destructive, and must be confirmed.',
    default: 'false',
    of: ['plan', 'gate', 'deploy'],
  },
  confirm: {
    description:
      'The word that a plan with something destructive in it asks for, to the letter: the name of the environment.',
    of: ['plan', 'gate', 'deploy', 'rollback', 'task'],
  },
  schedule: {
    description:
      'The schedule to begin, like `s3`. It has the release, and is refused when it was withdrawn, is not due or too late, or when something else serves than when it was asked for.',
    of: ['gate', 'deploy'],
  },
  at: {
    description:
      'When, on the clocks of `timezone`, like `2026-12-01T09:00`; or an instant, like `2026-12-01T09:00+01:00`.',
    of: ['schedule'],
  },
  timezone: {
    description:
      'Whose clocks `at` is read on, as a name of the IANA list like `Europe/Berlin`. There is no default: a time without a zone is refused.',
    of: ['schedule'],
  },
  'max-lateness': {
    description: 'How late it may still begin, like `90m`; after that it is missed, and not done.',
    default: '1h',
    of: ['schedule'],
  },
  withdraw: {
    description: 'The schedule to take back, like `s3`; nothing is scheduled then.',
    of: ['schedule'],
  },
  pause: {
    description:
      'The question that is answered, like `7.1`. The message about it and the job summary name it.',
    required: ['decide'],
    of: ['plan', 'gate', 'decide'],
  },
  decision: {
    description: '`approve`, `reject`, `retry`, `force-next`, `exclude`, `roll-back` or `abandon`.',
    required: ['decide'],
    of: ['plan', 'gate', 'decide'],
  },
  instances: {
    description:
      'The instances that the decision is for, separated by blanks; empty for all that the question names.',
    of: ['plan', 'gate', 'decide'],
  },
  reason: {
    description: 'Why; it is kept in the ledger and shown.',
    required: ['block', 'schedule'],
    of: ['plan', 'gate', 'decide', 'block', 'schedule'],
  },
  redeploy: {
    description:
      'Deploy a release again that serves already: instances that do not serve it are brought to it.',
    default: 'false',
    of: ['plan', 'gate', 'deploy'],
  },
  'acknowledge-older': {
    description:
      'Deploy a release that is older than the serving one, or cannot be compared with it, to an environment other than a sandbox.',
    default: 'false',
    of: ['plan', 'gate', 'deploy'],
  },
  'acknowledge-data-loss': {
    description:
      'Go back although it is not safe: across a contract migration, or to a release whose checks failed on the schema of today. The data has been restored, or may be lost. A way back that is safe, with the same config or with another, does without; one to another base version is refused all the same. The command `releases` lists the verdict on each release of an environment.',
    default: 'false',
    of: ['plan', 'gate', 'rollback'],
  },
  'override-freeze': {
    description:
      'Why it is done all the same while a freeze holds it; only those whom `freeze-override` in the config names may.',
    of: ['plan', 'gate', 'deploy', 'rollback', 'restart', 'task', 'decide'],
  },
  'override-verified': {
    description:
      'Why a release may be deployed without the proof that `verified-in` asks for; kept in the ledger and shown, with who said it.',
    of: ['plan', 'gate', 'deploy'],
  },
  'override-rehearsed': {
    description:
      'Why a release may be deployed without the rehearsal that `rehearsed-in` asks for; kept in the ledger and shown, with who said it.',
    of: ['plan', 'gate', 'deploy'],
  },
  rehearsed: {
    description:
      'The tag whose way back should be rehearsed by now: the run then says whether it is. Left out, it says whether that may begin.',
    of: ['rehearse'],
  },
  limit: {
    description: 'How many are shown, the newest first: 1 to 100.',
    default: '20',
    of: ['releases', 'history'],
  },
  unblock: {
    description: 'Take a block back.',
    default: 'false',
    of: ['block'],
  },
  observe: {
    description: 'Ask the instances; `false` looks only at what is remembered of the environments.',
    default: 'true',
    of: ['status'],
  },
  converge: {
    description:
      'When there is drift, deploy the serving release again: instances that do not serve it are brought to it.',
    default: 'false',
    of: ['reconcile'],
  },
  'fail-on-drift': {
    description: 'Fail with `drift-found` when there is drift and it is not converged.',
    default: 'false',
    of: ['reconcile'],
  },
  'run-is-over': {
    description:
      'The id of the run that holds the environment, where GitHub does not show it and you are sure that it has ended.',
    of: holding,
  },
  ledger: {
    description:
      '`new` begins a ledger where the environment has a history under another name; `moved` takes over the ledger of a config that stood at another path.',
    of: holding,
  },
  config: {
    description: 'Path of the config in the repository.',
    default: '.github/rollgate.yml',
    of: all,
  },
  app: {
    description:
      'The app that the config is of, as a check. Fails if the config names another; without a name the app is the repository.',
    of: all,
  },
  'working-directory': {
    description:
      'Where the commands of the config run, seen from the checkout. Fails if it leads out of the workspace.',
    default: '.',
    of: [...running, 'release'],
  },
  token: {
    description: 'A token with the permissions that the README lists.',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub's, not of this file
    default: '${{ github.token }}',
    of: all,
  },
} as const satisfies Record<string, InputDefinition>

export type InputName = keyof typeof inputs

export interface OutputDefinition {
  readonly description: string
  readonly of: readonly CommandName[]
}

export const outputs = {
  outcome: {
    description:
      '`planned`, `looked`, `watched`, `released`, `scheduled`, `withdrawn`, `dispatched`, `blocked`, `unblocked`, `unchanged`, `rehearsed`, `already-deployed`, `succeeded`, `converged`, `succeeded-post-deploy-failed`, `rolled-back`, `waiting`, `interrupted`, `failed`, `rejected`, `cancelled`, `abandoned` or `refused`.',
    of: all,
  },
  'reason-code': {
    description:
      'The code of the problem that ended the run, as in docs/problems.md; empty when there is none.',
    of: all,
  },
  plan: {
    description: 'The plan as JSON, for the input `plan` of the command that executes it.',
    of: ['plan'],
  },
  digest: { description: 'The digest of the plan.', of: ['plan'] },
  mode: {
    description: '`deploy`, `rollback`, `redeploy`, `restart`, `scheduler-run`, `task` or `build`.',
    of: deploying,
  },
  release: { description: 'The tag of the release.', of: all },
  sha: { description: 'The full commit SHA of the release: check this out.', of: all },
  'previous-release': {
    description:
      'The tag of the release that served before; empty for the first. Of a rehearsal the one that it goes back to.',
    of: [...deploying, 'rehearse'],
  },
  approval: {
    description:
      'Who approves before anything of the release runs: `none`, `reviewers`, `named` where the run behind the gate will only ask named people, or `given` where they have approved.',
    of: ['plan'],
  },
  go: {
    description:
      '`true` where the steps after the gate may run: hang checkout and set-up on it. Empty where named people are asked first, where `reject` or `abandon` has ended the deployment, or where nothing is to be done.',
    of: ['gate'],
  },
  'deployment-id': {
    description: 'The id of the GitHub Deployment; empty while there is none.',
    of: ['gate', ...moving],
  },
  pause: {
    description: 'The question that waits for a person, like `7.1`; empty when none does.',
    of: asking,
  },
  'deploy-to': {
    description: 'The environment to deploy the release to next, as `deploy-after` names it; empty for none.',
    of: ['release'],
  },
  manifest: { description: 'The SHA-256 of the manifest, in hexadecimal.', of: ['release'] },
  checksums: {
    description:
      'The SHA-256 and the name of the manifest and of every artifact, a line each, as `sha256sum` writes them.',
    of: ['release'],
  },
  url: { description: 'The address of the GitHub Release.', of: ['release'] },
  due: {
    description:
      'What is to be done with the commands of a release, as a JSON list of `environment`, `release`, `sha` and, of a watch, `why`: check the release out, and watch that environment by its name; of a dispatch, `schedule`: check the release out, and deploy that schedule.',
    of: ['watch', 'dispatch'],
  },
  schedule: {
    description: 'The id of what was scheduled or withdrawn, like `s3`.',
    of: ['schedule'],
  },
  drift: {
    description: '`true` when an instance, or the ledger itself, is other than what serves; else `false`.',
    of: ['reconcile'],
  },
  result: {
    description:
      'Everything about the run as versioned JSON, described in docs/result.md; of a look in docs/status.md and docs/releases-list.md, of a release in docs/releases.md, of schedules in docs/schedules.md.',
    of: all,
  },
} as const satisfies Record<string, OutputDefinition>

export type OutputName = keyof typeof outputs

export const isRequired = ({ required = false }: InputDefinition, command: CommandName): boolean =>
  typeof required === 'boolean' ? required : required.includes(command)

export const inputsOf = (command: CommandName): [InputName, InputDefinition][] =>
  (Object.entries(inputs) as [InputName, InputDefinition][]).filter(([, { of }]) => of.includes(command))

export const outputsOf = (command: CommandName): [OutputName, OutputDefinition][] =>
  (Object.entries(outputs) as [OutputName, OutputDefinition][]).filter(([, { of }]) => of.includes(command))
