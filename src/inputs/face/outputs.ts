import { allModes } from '../../domain/plan/modes.ts'
import { either } from '../config/wording.ts'
import { type ActionName, all, asking, deploying, moving, online } from './actions.ts'

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
