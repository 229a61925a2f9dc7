import type { Plan } from '../domain/plan/plan.ts'
import { sealPlan } from '../domain/plan/seal.ts'
import { Problem } from '../domain/problem.ts'
import { type Decision, decisions } from '../domain/question/decision.ts'
import { planFrom } from '../domain/written.ts'
import { type CommandName, commands, type InputName, inputs, isRequired } from './definitions.ts'
import { askedFor, type Idle, idleInputs } from './idle.ts'
import { readScheduling, readStart, type Scheduling } from './scheduling.ts'

/** The inputs of the caller, read once. Past this point every value has its type. */
export interface Inputs {
  readonly command: CommandName
  /** The inputs that were given and have no use here. */
  readonly idle: readonly Idle[]
  /** Empty where a command does without one: it then means all. */
  readonly environment: string
  readonly release: string | null
  readonly mode: 'deploy' | 'rollback' | 'restart' | 'task' | 'decision' | 'converge'
  /** The plan that was shown to the approver, or null. */
  readonly plan: Plan | null
  readonly pause: string
  readonly decision: Decision
  readonly instances: readonly string[]
  /** The services to restart; empty for all. */
  readonly services: readonly string[]
  readonly task: string
  /** The part of the deployment to do; `all` by default. */
  readonly only: 'all' | 'scheduler' | 'build'
  readonly changeBase: boolean
  readonly reset: boolean
  readonly confirm: string
  readonly reason: string
  readonly redeploy: boolean
  readonly acknowledged: { readonly older: boolean; readonly dataLoss: boolean }
  /** The reason for overriding a freeze, or empty. */
  readonly override: string
  /** The reason for overriding the proof of `verified-in`, or empty. */
  readonly overrideVerified: string
  /** The same for the rehearsal that `rehearsed-in` asks for. */
  readonly overrideRehearsed: string
  /** The tag whose way back should be rehearsed by now, or empty. */
  readonly rehearsed: string
  /** The number of entries to show. */
  readonly limit: number
  readonly unblock: boolean
  readonly observe: boolean
  readonly converge: boolean
  readonly failOnDrift: boolean
  /** The schedule that a deployment begins, or null. */
  readonly schedule: string | null
  /** The deployment to schedule; null for any other command. */
  readonly scheduling: Scheduling | null
  /** The sources of a release; read by that command alone. */
  readonly making: ReleaseInputs
  /** The run that a person knows to be over; null where none is named. */
  readonly runIsOver: number | null
  /** The confirmation of a person about the ledger; null without one. */
  readonly ledger: 'new' | 'moved' | null
  readonly config: string
  readonly app: string | null
  readonly workingDirectory: string
  readonly token: string
}

export interface ReleaseInputs {
  readonly tag: string
  readonly description: string
  readonly commit: string | null
  readonly artifacts: readonly string[]
  readonly from: string | null
  readonly prerelease: boolean
  readonly requireChecks: boolean
  readonly checks: readonly string[]
  readonly deployAfter: string | null
}

export function readInputs(env: NodeJS.ProcessEnv): Inputs {
  const command = choose('command', text(env, 'command') || 'deploy', commands)
  const take = (name: InputName): string => text(env, name) || defaultOf(name)
  const required = (name: InputName): string => {
    const value = take(name)
    if (value !== '') return value
    throw invalid(name, 'is empty', `Give ${name}: ${inputs[name].description}`)
  }
  const flag = (name: InputName): boolean => choose(name, take(name), ['true', 'false']) === 'true'
  const lines = (name: InputName): string[] =>
    take(name)
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
  const names = (name: InputName): string[] =>
    take(name)
      .split(/[\s,]+/)
      .filter((one) => one !== '')
  const planned = ['deploy', 'rollback', 'restart', 'task', 'decision'] as const
  const mode = choose('mode', take('mode'), command === 'gate' ? [...planned, 'converge'] : planned)
  const deciding =
    command === 'decide' ||
    (mode === 'decision' && (command === 'gate' || (command === 'plan' && take('pause') !== '')))
  const only = choose('only', take('only') || 'all', ['all', 'scheduler', 'build'])
  return {
    command,
    idle: idleInputs(askedFor(command, mode, only), (name) => take(name) !== defaultOf(name)),
    environment: isRequired(inputs.environment, command) ? required('environment') : take('environment'),
    release: (isRequired(inputs.release, command) ? required('release') : take('release')) || null,
    mode,
    plan: readPlan(take('plan')),
    pause: deciding ? required('pause') : '',
    decision: deciding ? choose('decision', required('decision'), decisions) : 'abandon',
    instances: names('instances'),
    services: names('services'),
    task: isRequired(inputs.task, command) ? required('task') : take('task'),
    only,
    changeBase: flag('change-base'),
    reset: flag('reset'),
    confirm: take('confirm'),
    reason: isRequired(inputs.reason, command) ? required('reason') : take('reason'),
    redeploy: flag('redeploy'),
    acknowledged: { older: flag('acknowledge-older'), dataLoss: flag('acknowledge-data-loss') },
    override: take('override-freeze'),
    overrideVerified: take('override-verified'),
    overrideRehearsed: take('override-rehearsed'),
    rehearsed: take('rehearsed'),
    limit: readLimit(take('limit')),
    unblock: flag('unblock'),
    observe: flag('observe'),
    converge: flag('converge'),
    failOnDrift: flag('fail-on-drift'),
    schedule: readStart(take),
    scheduling: command === 'schedule' ? readScheduling(take) : null,
    making: {
      tag: command === 'release' ? required('tag') : '',
      description: take('description'),
      commit: take('commit') || null,
      artifacts: lines('artifacts'),
      from: take('from') || null,
      prerelease: flag('prerelease'),
      requireChecks: flag('require-checks'),
      checks: lines('checks'),
      deployAfter: take('deploy-after') || null,
    },
    runIsOver: readRun(take('run-is-over')),
    ledger:
      take('ledger') === '' ? null : choose<'new' | 'moved'>('ledger', take('ledger'), ['new', 'moved']),
    config: take('config'),
    app: take('app') || null,
    workingDirectory: take('working-directory'),
    token: required('token'),
  }
}

/** The runner upper-cases the name and turns blanks, not dashes, into underscores. */
const text = (env: NodeJS.ProcessEnv, name: string): string =>
  (env[`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`] ?? '').trim()

/** Defaults that are expressions are filled in by the runner alone. */
function defaultOf(name: InputName): string {
  const definition = inputs[name]
  const value = 'default' in definition ? definition.default : ''
  return value.startsWith('${{') ? '' : value
}

function choose<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((choice) => choice === value)
  if (found !== undefined) return found
  throw invalid(name, `is ${JSON.stringify(value)}`, `Use one of ${allowed.join(', ')}.`)
}

const invalid = (name: string, what: string, next: string) =>
  new Problem('input-invalid', {
    what: `The input ${name} ${what}.`,
    why: 'It was left out, misspelt, or an expression in the workflow gave nothing.',
    next,
  })

function readLimit(written: string): number {
  const limit = Number(written)
  if (Number.isInteger(limit) && limit >= 1 && limit <= 100) return limit
  throw invalid('limit', `is ${JSON.stringify(written)}`, 'Use a whole number from 1 to 100.')
}

function readRun(written: string): number | null {
  if (written === '') return null
  if (/^\d{1,15}$/.test(written)) return Number(written)
  throw invalid(
    'run-is-over',
    `is ${JSON.stringify(written)}`,
    'Give the number of the run, as its address shows it.',
  )
}

/** The seal shows that the text came through whole; nothing in it is believed that is not checked again. */
function readPlan(json: string): Plan | null {
  if (json === '') return null
  try {
    const plan = planFrom(JSON.parse(json))
    const { digest, ...content } = plan
    if (digest === sealPlan(content).digest) return plan
  } catch {
    // Falls through to the same words: to the caller it is the same mistake.
  }
  throw invalid(
    'plan',
    'is not a plan',
    'Give the output plan of the plan command, unchanged: needs.plan.outputs.plan.',
  )
}
