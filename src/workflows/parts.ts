import type { YamlLines } from './lines.ts'
import { expr, scalar, step } from './lines.ts'

/** Foreign actions, each pinned to a commit. */
export const foreign = {
  checkout: 'actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1',
  download: 'actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c # v8.0.1',
  upload: 'actions/upload-artifact@bbbca2ddaa5d8feaa63e36b76fdaad77386f024f # v7.0.0',
  attest: 'actions/attest@1e69f48acb82d1966a394da916b4c1698aa569d6 # v4.2.2',
} as const

/** A permission with its reason. */
type GrantedScopes = Readonly<Record<string, string>>

export const permissions = (granted: GrantedScopes): YamlLines => [
  'permissions:',
  Object.entries(granted).map(([scope, access]) => `${scope}: ${access}`),
]

/** The permissions of a job that only reads. */
export const reading: GrantedScopes = {
  contents: 'read # reads the tags, the configs and the ledgers',
  deployments: 'read # reads whether the records agree with the ledger',
  issues: 'read # reads the open issues with a label that halts, where the config has one',
  actions: 'read # reads the rules of the environment, and whether the run that holds a ledger is live',
}

/** The permissions of a job that writes a ledger, and runs no command of a release. */
export const writing: GrantedScopes = {
  contents: 'write # the ledger is a git ref',
  deployments: 'write # the GitHub Deployment and its statuses',
  actions: 'read # reads the rules of the environment, and whether the run that holds the ledger is live',
}

/** The permissions of a job behind the gate. */
export const acting: GrantedScopes = {
  contents: 'write # the ledger is a git ref',
  deployments: 'write # the GitHub Deployment and its statuses',
  issues: 'write # opens, continues and closes an issue, where the config asks for that',
  actions:
    'read # reads the rules of the environment, who approved, and whether the run that holds the ledger is live',
  'id-token': 'write # lets the commands and the set-up log in to a cloud without a stored secret',
}

/**
 * The permissions of a job in the user's own repository that may have to start the next environment. GitHub lets the
 * token of a workflow start one by `workflow_dispatch` alone. A reusable workflow does not ask for it: every caller would
 * have to grant it.
 */
export const startingNext: GrantedScopes = {
  ...acting,
  actions:
    'write # reads the rules of the environment, who approved, and whether a run is live; starts the next environment where the config has `then`',
}

/** The environment of a job: its secrets and its reviewers. */
export const environment = (name: string): YamlLines => [
  'environment:',
  [`name: ${name}`, 'deployment: false # the record is written by the action, for the commit of the release'],
]

/** Checks out one commit, and leaves no credentials behind. */
export const checkout = (ref: string, condition: string): YamlLines =>
  step(
    ...when(condition),
    `uses: ${foreign.checkout}`,
    `with: { ref: ${scalar(ref, 'flow')}, persist-credentials: false }`,
  )

/** The user's own set-up action, where the checkout has one. */
export const setUp = (condition: string): YamlLines =>
  step(
    ...when(
      [condition, "hashFiles('.github/actions/rollgate-setup/action.y*ml') != ''"]
        .filter((part) => part !== '')
        .join(' && '),
    ),
    'uses: ./.github/actions/rollgate-setup # zizmor: ignore[self-repository] of the checkout, where it may be missing',
  )

const when = (condition: string): string[] => (condition === '' ? [] : [`if: ${condition}`])

/** Hands the secret of the environment and the variables of the job to a step. */
export const rollgateEnvLines: YamlLines = [
  'env:',
  [
    `ROLLGATE_ENV: ${expr('secrets.ROLLGATE_ENV')}`,
    `ROLLGATE_VARS: ${expr('toJSON(vars)')} # no secrets: commands see those that the config names under vars`,
  ],
]

/** The lines of `rollgateEnvLines` as one. */
export const rollgateEnv = `env: { ROLLGATE_ENV: ${scalar(expr('secrets.ROLLGATE_ENV'), 'flow')}, ROLLGATE_VARS: ${scalar(expr('toJSON(vars)'), 'flow')} }`

/** A run that waits for approval would hold a concurrency group for days: the lock is the ledger, after it. */
export const lockedByTheLedger = 'on: # zizmor: ignore[concurrency-limits] the lock is the ledger'
