import { readOutputs } from '../domain/config/commands/build-outputs.ts'
import { type CommandName, commands, isOffline } from './definitions.ts'
import { idleInputs, useOf } from './idle.ts'
import type { CommonInputs, Inputs, InputsByCommand, ReleaseInputs } from './inputs.ts'
import { readAnswer, readDeployment, readGated, readShown } from './read-deployment.ts'
import { readExpected } from './read-expected.ts'
import { readScheduling } from './scheduling.ts'
import { choose, invalidInput, type Taking, takeFrom, textOf } from './taking.ts'

/** Reads the inputs of the command that the job names, and no other. */
export function readInputs(env: NodeJS.ProcessEnv): Inputs {
  const command = choose('command', textOf(env, 'command') || 'deploy', commands)
  refuseBlanksAround(env.INPUT_ENVIRONMENT ?? '')
  const from = takeFrom(env, command)
  // The reader and the command belong together: the table ensures that, and the compiler cannot follow it here.
  const read = { command, ...readCommon(from), ...readers[command](from) } as Inputs
  return { ...read, idle: idleInputs(command, useOf(read), from.isGiven) }
}

/** To GitHub the job of such a name may be one of another environment, without reviewers. */
function refuseBlanksAround(environment: string): void {
  if (environment.trim() === '' || environment.trim() === environment) return
  const what = `is ${JSON.stringify(environment)}, with blanks around the name`
  throw invalidInput('environment', what, 'Give the name of the environment alone. Nothing was changed.')
}

const readers: { readonly [C in CommandName]: (from: Taking) => InputsByCommand[C] } = {
  plan: (from) => ({ ...inEnvironment(from), about: readShown(from) }),
  gate: (from) => ({ ...inEnvironment(from), about: readGated(from) }),
  deploy: (from) => readDeployment(from, 'deploy'),
  rollback: (from) => readDeployment(from, 'rollback'),
  restart: (from) => readDeployment(from, 'restart'),
  task: (from) => readDeployment(from, 'task'),
  decide: (from) => ({ ...inEnvironment(from), answer: readAnswer(from) }),
  status: (from) => ({
    ...inAnyEnvironment(from),
    observe: from.flag('observe'),
    expected: readExpected(from),
  }),
  reconcile: (from) => ({
    ...inEnvironment(from),
    converge: from.flag('converge'),
    failOnDrift: from.flag('fail-on-drift'),
  }),
  watch: (from) => inAnyEnvironment(from),
  releases: (from) => ({ ...inAnyEnvironment(from), limit: readLimit(from.text('limit')) }),
  history: (from) => ({ ...inEnvironment(from), limit: readLimit(from.text('limit')) }),
  block: (from) => ({
    ...inAnyEnvironment(from),
    what: readBlocked(from),
    reason: from.own('reason'),
    unblock: from.flag('unblock'),
  }),
  halt: (from) => ({ ...inEnvironment(from), reason: from.own('reason'), lift: from.flag('lift') }),
  release: (from) => ({ making: readMaking(from) }),
  rehearse: (from) => ({
    ...inEnvironment(from),
    release: from.own('release') || null,
    rehearsed: from.text('rehearsed') || null,
  }),
  schedule: (from) => ({
    ...inEnvironment(from),
    reason: from.own('reason'),
    scheduling: readScheduling(from.text),
  }),
  dispatch: (from) => inAnyEnvironment(from),
  check: () => ({}),
  doctor: (from) => ({ ...inAnyEnvironment(from), workflowRepository: from.text('workflow-repository') }),
}

const inEnvironment = (from: Taking) => ({ environment: from.own('environment') })
const inAnyEnvironment = (from: Taking) => ({ environment: from.own('environment') || null })

const readCommon = (from: Taking): CommonInputs => ({
  idle: [],
  runIsOver: readRun(from.text('run-is-over')),
  ledger: from.text('ledger') === '' ? null : from.oneOf<'new' | 'moved'>('ledger', ['new', 'moved']),
  config: from.text('config'),
  app: from.text('app') || null,
  workingDirectory: from.text('working-directory'),
  token: isOffline(from.command) ? '' : from.required('token'),
})

const readMaking = (from: Taking): ReleaseInputs => ({
  tag: from.own('tag'),
  description: from.text('description'),
  commit: from.text('commit') || null,
  artifacts: from.lines('artifacts'),
  outputs: readOutputsInput(from.text('outputs')),
  from: from.text('from') || null,
  prerelease: from.flag('prerelease'),
  requireChecks: from.flag('require-checks'),
  checks: from.lines('checks'),
  deployAfter: from.text('deploy-after') || null,
})

function readOutputsInput(written: string): Readonly<Record<string, string>> {
  const read = readOutputs(written)
  if (read.kind === 'read') return read.outputs
  throw invalidInput('outputs', `cannot be read: ${read.faults.join('; ')}`, 'Write NAME=value, one a line.')
}

/** A block is of a release or of a commit. */
function readBlocked(from: Taking): InputsByCommand['block']['what'] {
  const [tag, commit, fixedBy] = [from.text('release'), from.text('commit'), from.text('fixed-by')]
  if (tag === '' && commit === '')
    throw invalidInput('release', 'is empty', 'Give release: a tag; or commit: every release that has it.')
  if (tag !== '' && commit !== '')
    throw invalidInput('commit', `is ${commit}, beside the release ${tag}`, 'Give one of the two.')
  if (commit === '' && fixedBy !== '')
    throw invalidInput('fixed-by', `is ${fixedBy}, without a commit`, 'Give commit: the one that it fixes.')
  return commit === '' ? { tag } : { commit, fixedBy: fixedBy || null }
}

function readLimit(written: string): number {
  const limit = Number(written)
  if (Number.isInteger(limit) && limit >= 1 && limit <= 100) return limit
  throw invalidInput('limit', `is ${JSON.stringify(written)}`, 'Use a whole number from 1 to 100.')
}

function readRun(written: string): number | null {
  if (written === '') return null
  if (/^\d{1,15}$/.test(written)) return Number(written)
  throw invalidInput(
    'run-is-over',
    `is ${JSON.stringify(written)}`,
    'Give the number of the run, as its address shows it.',
  )
}
