import { flag, type InputDefinition } from './input-definition.ts'

/** The commands that a deployment goes through: its plan, its gate, and the deployment itself. */
const deploy = ['plan', 'gate', 'deploy'] as const

/** The inputs that say what to deploy, when, and what it may pass. */
export const deploymentInputs = {
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
      '`scheduler` deploys the scheduler of the serving release again; `build` only builds the release; `maintenance-on` and `maintenance-off` show the maintenance page and take it off; `close-detour` closes the open detour that `open-detour` names; `discard-failed-home` removes the failed home that the detour of this name has left; `restore` restores a backup of the database; `complete-migration` completes the open two-phase migration. Services and version do not change.',
    of: deploy,
  },
  backup: {
    description:
      'The name of the backup to restore, as its deployment shows it; empty for the newest one. Fails for a name that the history does not have.',
    of: deploy,
  },
  'change-base': flag(
    'Deploy a release for another base version, and change the base version of the environment.',
    deploy,
  ),
  reset: flag(
    'Run `steps.reset` instead of the migration: it recreates all data. Fails unless `confirm` is given.',
    deploy,
  ),
  'roll-forward': flag(
    'Take the place of the deployment that waits in an open detour: the stand-in goes on serving, and no second copy is made. Without an open detour it changes nothing.',
    deploy,
  ),
  detour: flag(
    'Have the stand-in of `steps.detour` serve visitors while the release is brought, or the database restored. Fails where the config or the environment has none.',
    deploy,
  ),
  'open-detour': {
    description:
      'The name of the detour to close, or whose failed home is removed, like `shop-production-7`. Fails for another one; status shows the name.',
    of: deploy,
  },
  as: {
    description:
      'The end of a detour that is closed by name, for the database of home: `revert-code` leaves it as it is, `revert` brings it back to where visitors left it. Default: `revert-code`, which is refused across a contract migration unless data loss is acknowledged.',
    of: deploy,
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
  redeploy: flag(
    'Deploy the serving release again. Only instances that do not serve it are changed.',
    deploy,
  ),
  'acknowledge-older': flag(
    'Allow a release that is older than the serving release, or cannot be compared with it. A sandbox does not need this.',
    deploy,
  ),
  'acknowledge-data-loss': flag(
    'Allow an unsafe rollback: the data was restored, or may be lost. A rollback is unsafe across a contract migration, if the checks of its release failed on the present schema, or if two releases serve for a while that must not. A safe rollback does not need this. Fails for another base version. The command `releases` lists the verdict on each release. Closing a detour by name takes it too, where home keeps a contract migration.',
    ['plan', 'gate', 'deploy', 'rollback'],
  ),
  'override-freeze': {
    description:
      'The reason for deploying during a freeze. Only people listed in `freeze-override` may use it.',
    of: ['plan', 'gate', 'deploy', 'rollback', 'restart', 'task', 'decide'],
  },
  'override-verified': {
    description:
      'The reason for deploying without the proof of `verified-in`. The ledger keeps the reason and the actor, and pages show both.',
    of: deploy,
  },
  'override-halt': {
    description:
      'The reason for bringing a release forward while signals halt: a fix for the incident itself. The ledger keeps the reason and the actor, and pages show both. A halt by a person of this very deployment still holds.',
    of: deploy,
  },
  'test-bed': {
    description:
      'The instances that try the release out first, like `web-2`, separated by spaces; empty for those of the config. Fails if a service with a `test-bed` has none of them.',
    of: deploy,
  },
  'override-rehearsed': {
    description:
      'The reason for deploying without the rehearsal of `rehearsed-in`. The ledger keeps the reason and the actor, and pages show both.',
    of: deploy,
  },
} as const satisfies Record<string, InputDefinition>
