import type { CommandName, InputName } from '../definitions.ts'
import type { WordRow } from './word-row.ts'

const same = <const Name extends InputName>(...names: readonly Name[]): { readonly [N in Name]: N } =>
  Object.fromEntries(names.map((name) => [name, name])) as { readonly [N in Name]: N }

const planOf = (mode: string): Pick<WordRow, 'look' | 'gate' | 'planned' | 'job'> => ({
  job: 'act',
  look: { command: 'plan', inputs: { mode } },
  gate: mode,
  planned: true,
})

/** A deployment that does one thing, which the input `only` names. */
const deployOnly = <const Only extends string>(only: Only) => ({
  command: 'deploy' as const,
  inputs: { only },
  ...planOf('deploy'),
})

/** The options for a lock of a lost run, and for a ledger under another name. */
const lock = same('run-is-over', 'ledger')
/** The options of a word that a freeze holds. */
const held = { ...same('override-freeze'), ...lock }
/** The options of a word that brings a release forward. */
const overriding = {
  ...same('override-freeze', 'override-verified', 'override-rehearsed', 'override-halt'),
  ...lock,
}

/** The words of `do`: everything that depends on a word stands in its row. */
export const words = {
  deploy: {
    title: 'deploy',
    meaning: 'takes the release to the environment',
    command: 'deploy',
    ...planOf('deploy'),
    fields: same('release', 'confirm'),
    options: {
      ...same('redeploy', 'only', 'change-base', 'reset', 'detour', 'schedule', 'test-bed'),
      ...overriding,
    },
  },
  'roll-forward': {
    title: 'roll forward',
    meaning: 'takes another release to the environment while its visitors are on the stand-in of a detour',
    command: 'deploy',
    inputs: { 'roll-forward': 'true' },
    ...planOf('deploy'),
    fields: same('release', 'confirm'),
    options: { ...same('change-base'), ...overriding },
  },
  'roll-back': {
    title: 'roll back',
    meaning: 'takes the environment back to a release that served it',
    command: 'rollback',
    ...planOf('rollback'),
    fields: same('release', 'confirm'),
    options: held,
  },
  restart: {
    title: 'restart',
    meaning: 'stops and starts the instances of the serving release',
    command: 'restart',
    ...planOf('restart'),
    fields: same('services'),
    options: held,
  },
  task: {
    title: 'run a task',
    meaning: 'runs the task that the option `task` names',
    command: 'task',
    ...planOf('task'),
    fields: same('confirm'),
    options: { ...same('task'), ...held },
  },
  'maintenance-on': {
    title: 'show the maintenance page',
    meaning: 'shows visitors the maintenance page, until it is taken off',
    ...deployOnly('maintenance-on'),
    fields: {},
    options: held,
  },
  'maintenance-off': {
    title: 'take the maintenance page off',
    meaning: 'lets visitors see the application again',
    ...deployOnly('maintenance-off'),
    fields: {},
    options: held,
  },
  'close-detour': {
    title: 'close a detour',
    meaning: 'brings visitors home from a detour that was abandoned, which the option `detour` names',
    ...deployOnly('close-detour'),
    fields: same('confirm'),
    options: { detour: 'open-detour', ...same('as'), ...held },
  },
  'discard-failed-home': {
    title: 'remove a failed home',
    meaning: 'removes the database that failed at home, which the detour of the option `detour` has left',
    ...deployOnly('discard-failed-home'),
    fields: {},
    options: { detour: 'open-detour', ...held },
  },
  restore: {
    title: 'restore the database',
    meaning:
      'restores a backup of the database, behind the maintenance page or a detour; what was written since is lost',
    ...deployOnly('restore'),
    fields: same('confirm'),
    options: { ...same('backup', 'detour'), ...held },
  },
  'complete-migration': {
    title: 'complete the migration',
    meaning: 'completes the open two-phase migration; no way back across it is left',
    ...deployOnly('complete-migration'),
    fields: same('confirm'),
    options: held,
  },
  decide: {
    title: 'decide',
    meaning: 'answers the open question of a deployment',
    command: 'decide',
    job: 'act',
    look: { command: 'plan', inputs: { mode: 'decision' } },
    gate: 'decision',
    fields: { question: 'pause', ...same('decision', 'instances', 'reason') },
    options: held,
  },
  compare: {
    title: 'compare',
    meaning: 'compares every instance with the ledger',
    command: 'reconcile',
    job: 'act',
    look: { command: 'status', inputs: { observe: 'false' } },
    gate: 'compare',
    fields: {},
    options: { ...same('fail-on-drift'), ...lock },
  },
  reconcile: {
    title: 'reconcile',
    meaning: 'brings instances that differ back to the serving release',
    command: 'reconcile',
    inputs: { converge: 'true' },
    job: 'act',
    look: { command: 'status', inputs: { observe: 'false' } },
    gate: 'converge',
    fields: {},
    options: lock,
  },
  rehearse: {
    title: 'rehearse',
    meaning: 'rehearses a rollback: back, and forward again',
    command: 'rollback',
    job: 'act',
    look: { command: 'rehearse' },
    planned: true,
    gate: 'rollback',
    again: { command: 'deploy', verdict: 'rehearse' },
    fields: same('release'),
    options: held,
  },
  status: {
    title: 'status',
    meaning: 'shows what serves, and the open questions',
    command: 'status',
    job: 'none',
    fields: {},
    options: same('observe', 'await', 'expect'),
    everywhere: true,
  },
  history: {
    title: 'history',
    meaning: 'shows who did what, when and why',
    command: 'history',
    job: 'none',
    fields: {},
    options: same('limit'),
  },
  releases: {
    title: 'releases',
    meaning: 'lists the releases, and where the environment may go',
    command: 'releases',
    job: 'none',
    fields: {},
    options: same('limit'),
    everywhere: true,
  },
  doctor: {
    title: 'doctor',
    meaning: 'asks what GitHub really does here, and keeps the answers',
    command: 'doctor',
    job: 'act',
    look: { command: 'doctor' },
    gate: 'doctor',
    withoutFiles: true,
    fields: {},
    options: {},
  },
  block: {
    title: 'block',
    meaning: 'keeps a release away, or every one that has a commit',
    command: 'block',
    job: 'note',
    fields: same('release', 'reason'),
    options: { ...same('commit', 'fixed-by'), ...lock },
    everywhere: true,
  },
  unblock: {
    title: 'unblock',
    meaning: 'removes the block',
    command: 'block',
    inputs: { unblock: 'true' },
    job: 'note',
    fields: same('release', 'reason'),
    options: { ...same('commit'), ...lock },
    everywhere: true,
  },
  halt: {
    title: 'halt',
    meaning: 'stops the deployment under way before its next batch, or the next one before it begins',
    command: 'halt',
    job: 'note',
    fields: same('reason'),
    options: {},
  },
  'lift-halt': {
    title: 'lift a halt',
    meaning: 'lifts the halts that stand for the environment',
    command: 'halt',
    inputs: { lift: 'true' },
    job: 'note',
    fields: same('reason'),
    options: {},
  },
  schedule: {
    title: 'schedule',
    meaning: 'deploys the release at a later time',
    command: 'schedule',
    job: 'note',
    fields: same('release', 'at', 'reason'),
    options: { ...same('timezone', 'max-lateness'), ...lock },
  },
  withdraw: {
    title: 'withdraw a schedule',
    meaning: 'takes back the schedule that the option `schedule` names',
    command: 'schedule',
    job: 'note',
    fields: same('reason'),
    options: { schedule: 'withdraw', ...lock },
  },
} as const satisfies Record<string, WordRow>

export type FormWord = keyof typeof words
export const formWords = Object.keys(words) as FormWord[]

/** Commands that no word reaches, each with its reason. */
export const notInTheForm: { readonly [Command in CommandName]?: string } = {
  plan: 'the look of an acting word makes the plan',
  gate: 'it is the first step of the acting job',
  watch: 'the clock runs it',
  dispatch: 'the clock runs it',
  check: 'it runs on pull requests',
  release: 'it has a workflow of its own: the job that builds must not write',
}
