import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { keepingCompiledCode } from '../compiled-code.ts'
import { type FileCommands, openFileCommands } from './file-commands.ts'

/** The bundle that ships. */
export const bundle = fileURLToPath(new URL('../../../dist/index.js', import.meta.url))

/** A step that uses the action, as the runner sees it. */
export interface StepRun {
  readonly inputs: Readonly<Record<string, string>>
  /** The job's environment: secrets and variables that the user gave. */
  readonly env: Readonly<Record<string, string>>
  /** The runner's facts about the run. */
  readonly run: RunFacts
  readonly workspace: string
  /** The temporary folder of this job: main and post share it. */
  readonly temp: string
}

export interface RunFacts {
  readonly apiUrl: string
  readonly repository: string
  readonly id: number
  readonly attempt: number
  readonly actor: string
  readonly triggeringActor: string
}

export interface EndedProcess {
  /** Null when a signal ended it. */
  readonly code: number | null
  readonly log: readonly string[]
  readonly outputs: Record<string, string>
  readonly state: Record<string, string>
  readonly summary: string
  /** The variables and folders of the path that it leaves for the steps after it. */
  readonly variables: Record<string, string>
  readonly path: readonly string[]
}

/** A phase under way: main or post. */
export interface PhaseEnded {
  readonly child: ChildProcess
  readonly log: readonly string[]
  readonly ended: Promise<EndedProcess>
}

/** Starts main exactly as the runner does: with its files, its variables, and nothing else. */
export const startMain = (
  step: StepRun,
  hear: (line: string) => void = () => {},
  entry: string = bundle,
  options: readonly string[] = shortLived,
): PhaseEnded => start(step, {}, hear, entry, options)

/** Starts post with the state that main left, however main ended. */
export const startPost = (
  step: StepRun,
  main: EndedProcess,
  hear: (line: string) => void = () => {},
  entry: string = bundle,
): PhaseEnded => start(step, main.state, hear, entry, shortLived)

/** A job lives for a second: garbage is left lying, instead of being collected ten times by several threads. Nothing else differs. */
const shortLived = ['--min-semi-space-size=16']

function start(
  step: StepRun,
  state: Record<string, string>,
  hear: (line: string) => void,
  entry: string,
  options: readonly string[],
): PhaseEnded {
  const files = openFileCommands(join(step.temp, '_runner_file_commands'))
  const child = spawn(process.execPath, [...options, entry], {
    cwd: step.workspace,
    env: environment(step, state, files),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const log: string[] = []
  const read = [child.stdout, child.stderr].map(async (stream) => {
    for await (const line of createInterface({ input: stream })) {
      log.push(line)
      hear(line)
    }
  })
  const ended = once(child, 'exit').then(async ([code]): Promise<EndedProcess> => {
    await Promise.all(read)
    return {
      ...{ code, log, outputs: files.outputs(), state: files.state(), summary: files.summary() },
      ...{ variables: files.variables(), path: files.path() },
    }
  })
  return { child, log, ended }
}

function environment(
  { inputs, env, run, workspace, temp }: StepRun,
  state: Record<string, string>,
  files: FileCommands,
): Record<string, string> {
  const named = (prefix: string, values: Readonly<Record<string, string>>) =>
    Object.entries(values).map(([name, value]) => [`${prefix}${name}`, value])
  return {
    PATH: process.env.PATH ?? '',
    HOME: temp,
    ...keepingCompiledCode,
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_API_URL: run.apiUrl,
    GITHUB_SERVER_URL: 'https://github.example',
    GITHUB_REPOSITORY: run.repository,
    GITHUB_RUN_ID: String(run.id),
    GITHUB_RUN_ATTEMPT: String(run.attempt),
    GITHUB_ACTOR: run.actor,
    GITHUB_TRIGGERING_ACTOR: run.triggeringActor,
    GITHUB_EVENT_NAME: 'workflow_dispatch',
    GITHUB_WORKSPACE: workspace,
    RUNNER_TEMP: temp,
    RUNNER_TRACKING_ID: 'github_sandbox',
    ...env,
    ...files.env,
    ...Object.fromEntries(named('INPUT_', upperCased(inputs))),
    ...Object.fromEntries(named('STATE_', state)),
  }
}

const upperCased = (inputs: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name.toUpperCase(), value]))
