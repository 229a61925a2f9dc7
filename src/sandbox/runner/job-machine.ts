import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { InForce } from '../rules/in-force.ts'
import { asText, type Contexts, fill, fillAll } from '../workflows/file/expression.ts'
import { type ActionFile, actionFileNames, parseAction, referenceOf } from '../workflows/job/action-file.ts'
import { inputVariables, tooLong } from '../workflows/job/step-limits.ts'
import { notStarted, playSteps, type ReadyStep } from '../workflows/job/steps.ts'
import {
  type ActionCall,
  ended,
  failedWith,
  type Machine,
  type MachineFor,
  type MachineJob,
  type StepLeft,
} from '../workflows/site/machine.ts'
import { checkOut } from './checkout.ts'
import { githubVariables } from './github-variables.ts'
import { hashFiles } from './hash-files.ts'
import { logCommands } from './log-commands.ts'
import { type EndedProcess, type PhaseEnded, type StepRun, startMain, startPost } from './runner.ts'
import { runShell, setVariables } from './shell.ts'
import { type CancelPace, endBySignals, paceBy } from './step-process.ts'

/** An action of another owner that a story plays. */
export type ForeignAction = (call: {
  readonly with: Readonly<Record<string, string>>
  readonly env: Readonly<Record<string, string>>
  readonly workspace: string
}) => StepLeft | Promise<StepLeft>

export interface MachineOptions {
  /** Workspaces and temporary folders are made here. */
  readonly folder: string
  readonly apiUrl: string
  /** The bare repository that `actions/checkout` reads. */
  readonly gitDir: string
  /** Folders of the repositories whose actions are started for real, by `owner/name`. */
  readonly actions: Readonly<Record<string, string>>
  /** Other actions, by `owner/name` with a path. `actions/checkout` is there. */
  readonly foreign: Readonly<Record<string, ForeignAction>>
  /** The variables that the machine itself has. */
  readonly env: Readonly<Record<string, string>>
  readonly pace: CancelPace
  readonly inForce: InForce
  readonly hear: (line: string) => void
  /** Told of each main and post that has ended. */
  readonly tell: (ended: EndedProcess) => void
}

/** A step that leaves something to be done after the job. */
interface LeftOpen {
  readonly step: StepRun
  readonly main: EndedProcess
  readonly entry: string
}

/** Machines that start actions as GitHub's runner does: their main and post, with files and variables of their own. */
export const jobMachine =
  (options: MachineOptions): MachineFor =>
  async (job) => {
    const { folder, inForce } = options
    const workspace = mkdtempSync(join(folder, 'workspace-'))
    const temp = mkdtempSync(join(folder, 'temp-'))
    const open: LeftOpen[] = []
    const event = join(temp, 'event.json')
    writeFileSync(event, JSON.stringify(job.github.event ?? {}))
    const variables = {
      ...options.env,
      ...githubVariables(job, options.apiUrl, workspace, temp),
      GITHUB_EVENT_PATH: event,
    }

    const shell: Machine['shell'] = (call) => {
      mkdirSync(workspace, { recursive: true })
      return runShell(call, {
        ...{ workspace, temp, env: variables, cancelled: job.cancelled },
        ...{ pace: options.pace, hear: options.hear, inForce },
      })
    }

    async function use(call: ActionCall): Promise<StepLeft> {
      if (call.action.kind === 'workspace') return useIn(join(workspace, call.action.path), call)
      const { repository, path } = call.action
      const name = path === '' ? repository : `${repository}/${path}`
      if (name === 'actions/checkout')
        return checkOut({ gitDir: options.gitDir, workspace, sha: job.run.sha }, call.with)
      const foreign = options.foreign[name]
      if (foreign !== undefined) return foreign({ with: call.with, env: call.env, workspace })
      const root = options.actions[repository]
      if (root === undefined) return ended({ log: [`${name} is played: nothing is done here`] })
      return useIn(join(root, path), call)
    }

    async function useIn(place: string, call: ActionCall): Promise<StepLeft> {
      const file = actionFileNames.map((name) => join(place, name)).find((path) => existsSync(path))
      if (file === undefined)
        return failedWith(
          `Can't find 'action.yml', 'action.yaml' or 'Dockerfile' under '${place}'. Did you forget to run actions/checkout before running your local action?`,
        )
      const action = parseAction(readFileSync(file, 'utf8'))
      const inputs = { ...defaultsOf(action, call.contexts), ...call.with }
      if ('steps' in action.runs) return compose(action, action.runs.steps, inputs, call)
      return startNode(place, action.runs, inputs, call)
    }

    async function startNode(
      place: string,
      { main: entry, post }: { readonly main: string; readonly post?: string },
      inputs: Readonly<Record<string, string>>,
      call: ActionCall,
    ): Promise<StepLeft> {
      if (tooLong(inputVariables(inputs), inForce) !== undefined) return notStarted
      const step = stepRunOf(
        job,
        inputs,
        { ...variables, ...call.env, GITHUB_ACTION_PATH: place },
        workspace,
        temp,
        options,
      )
      const main = await toItsEnd(
        startMain(step, options.hear, join(place, entry)),
        job.cancelled,
        paceBy(inForce, options.pace),
      )
      options.tell(main)
      if (post !== undefined) open.push({ step, main, entry: join(place, post) })
      return leftBy(main, job.cancelled.aborted, inForce)
    }

    async function compose(
      action: ActionFile,
      steps: Parameters<typeof playSteps>[0],
      inputs: Readonly<Record<string, string>>,
      call: ActionCall,
    ): Promise<StepLeft> {
      const contexts = { ...call.contexts, inputs }
      const at = { hashFiles: (patterns: readonly string[]) => hashFiles(workspace, patterns) }
      const played = await playSteps(steps, {
        ...{ contexts, env: call.env, hashFiles: at.hashFiles, cancelled: job.cancelled, inForce, masks: [] },
        run: (step) => inner(step, call),
      })
      const outputs = Object.entries(action.outputs ?? {}).map(([name, { value }]) => [name, value])
      const around = { status: 'success', ...at } as const
      return ended({
        conclusion: played.status,
        outputs: fillAll(Object.fromEntries(outputs), { ...contexts, steps: played.steps }, around),
        env: changed(call.env, played.env),
        path: played.ended.flatMap(({ path }) => path),
        masks: played.ended.flatMap(({ masks }) => masks),
        annotations: played.ended.flatMap(({ annotations }) => annotations),
        summary: played.ended.map(({ summary }) => summary).join(''),
        log: played.ended.flatMap(({ log }) => log),
      })
    }

    const inner = ({ file, contexts, around, env }: ReadyStep, call: ActionCall): Promise<StepLeft> =>
      file.uses === undefined
        ? shell({
            run: asText(fill(file.run, contexts, around)),
            shell: file.shell ?? 'bash',
            workingDirectory: asText(fill(file['working-directory'], contexts, around)),
            env,
          })
        : use({
            uses: file.uses,
            action: referenceOf(
              file.uses,
              call.action.kind === 'repository'
                ? call.action
                : { repository: job.repository, ref: job.run.sha },
            ),
            with: fillAll(file.with, contexts, around),
            env,
            contexts,
          })

    async function close(runsPosts: boolean): Promise<readonly StepLeft[]> {
      const ends: StepLeft[] = []
      for (const { step, main, entry } of runsPosts ? open.toReversed() : []) {
        const post = await startPost(step, main, options.hear, entry).ended
        options.tell(post)
        ends.push(leftBy(post, false, inForce))
      }
      return ends
    }

    return { hashFiles: (patterns) => hashFiles(workspace, patterns), use, shell, close }
  }

const defaultsOf = ({ inputs = {} }: ActionFile, contexts: Contexts): Readonly<Record<string, string>> =>
  fillAll(
    Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input?.default])),
    contexts,
    { status: 'success', hashFiles: () => '' },
  )

const changed = (
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(after).filter(([name, value]) => before[name] !== value))

function stepRunOf(
  { run, repository }: MachineJob,
  inputs: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>>,
  workspace: string,
  temp: string,
  { apiUrl }: MachineOptions,
): StepRun {
  const { id, attempt, actor, triggeringActor } = run
  return { inputs, env, run: { apiUrl, repository, id, attempt, actor, triggeringActor }, workspace, temp }
}

/** Waits for the end of a phase. A cancellation ends it by signals. */
async function toItsEnd(
  { child, ended: end }: PhaseEnded,
  cancelled: AbortSignal,
  pace: CancelPace | 'at once',
): Promise<EndedProcess> {
  const stop = (): void => void endBySignals(child, end, pace)
  if (cancelled.aborted) stop()
  cancelled.addEventListener('abort', stop, { once: true })
  try {
    return await end
  } finally {
    cancelled.removeEventListener('abort', stop)
  }
}

const leftBy = (process: EndedProcess, wasCancelled: boolean, inForce: InForce): StepLeft =>
  ended({
    conclusion: process.code === 0 ? 'success' : wasCancelled ? 'cancelled' : 'failure',
    ...{ outputs: process.outputs, env: setVariables(process.variables, inForce), path: process.path },
    ...{ summary: process.summary, log: process.log },
    ...logCommands(process.log, inForce('commands-stop')),
  })
