import { all, locking, online, running } from './actions.ts'
import { flag, type InputDefinition } from './input-definition.ts'

/** The inputs of looks, notes and rehearsals, and those of every command. */
export const otherInputs = {
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
  lift: flag('Lift the halts that stand, in place of a new one.', ['halt']),
  'fixed-by': {
    description:
      'The commit that fixes the blocked one: a full SHA, or the name of a branch. Releases that have it are not blocked.',
    of: ['block'],
  },
  unblock: flag('Remove the block.', ['block']),
  observe: {
    description: 'Ask the instances; `false` reads only the ledgers.',
    default: 'true',
    of: ['status'],
  },
  await: {
    description:
      'The longest time to wait until nothing changes in the named environment without a person, like `4h`. Fails with `status-late` after that time, and takes nothing back.',
    of: ['status'],
  },
  expect: {
    description:
      'The states of which the named environment must have one, separated by spaces, like `inspection` or `succeeded`; docs/status.md lists them. Fails for any other, and for an unknown one.',
    of: ['status'],
  },
  converge: flag(
    'Deploy the serving release again if there is drift. Only instances that do not serve it are changed.',
    ['reconcile'],
  ),
  'fail-on-drift': flag('Fail with `drift-found` if drift is found and not corrected.', ['reconcile']),
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
