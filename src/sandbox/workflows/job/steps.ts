import type { InForce } from '../../rules/in-force.ts'
import {
  asText,
  type Contexts,
  condition,
  fillAll,
  type StatusSoFar,
  type Surroundings,
} from '../file/expression.ts'
import { failedWith, type StepLeft } from '../site/machine.ts'
import type { StepFile } from '../workflow-file.ts'
import { shownEnd, tooLong } from './step-limits.ts'

/** A step that was run, and what it left. */
export interface EndedStep extends StepLeft {
  readonly id: string
  readonly name: string
}

export interface StepsPlayed {
  readonly status: 'success' | 'failure' | 'cancelled'
  readonly steps: Readonly<Record<string, { outputs: object; outcome: string; conclusion: string }>>
  /** The variables that steps left for those after them. */
  readonly env: Readonly<Record<string, string>>
  readonly ended: readonly EndedStep[]
}

/** The step with its texts filled in. */
export interface ReadyStep {
  readonly file: StepFile
  readonly env: Readonly<Record<string, string>>
  readonly path: readonly string[]
  readonly contexts: Contexts
  readonly around: Surroundings
}

export interface StepsAt {
  readonly contexts: Contexts
  /** Variables of the workflow and the job. */
  readonly env: Readonly<Record<string, string>>
  readonly hashFiles: Surroundings['hashFiles']
  readonly cancelled: AbortSignal
  /** Values that no log shows, besides those that a step masks. */
  readonly masks: readonly string[]
  readonly inForce: InForce
  /** Runs one step. */
  readonly run: (step: ReadyStep) => Promise<StepLeft>
}

/** Runs steps one after another, each by its condition, as a job and a composite action do. */
export async function playSteps(files: readonly StepFile[], at: StepsAt): Promise<StepsPlayed> {
  const steps: Record<string, { outputs: object; outcome: string; conclusion: string }> = {}
  const ended: EndedStep[] = []
  const path: string[] = []
  const masks = [...at.masks]
  let env = at.env
  let failed = false
  const statusNow = (): StatusSoFar => (at.cancelled.aborted ? 'cancelled' : failed ? 'failure' : 'success')
  for (const [place, file] of files.entries()) {
    const around = { status: statusNow(), hashFiles: at.hashFiles }
    const job = { ...(at.contexts.job as object | undefined), status: around.status }
    const contexts = { ...at.contexts, job, steps, env }
    const id = file.id ?? `__${place}`
    if (!condition(file.if, contexts, around)) {
      steps[id] = { outputs: {}, outcome: 'skipped', conclusion: 'skipped' }
      continue
    }
    const own = { ...env, ...fillAll(file.env, contexts, around) }
    const left = await runBounded({ file, env: own, path, contexts: { ...contexts, env: own }, around }, at)
    masks.push(...left.masks)
    const end = shownEnd(left, masks, at.inForce)
    const goesOn = file['continue-on-error'] === true
    if (end.conclusion !== 'success' && !goesOn) failed = true
    steps[id] = {
      outputs: end.outputs,
      outcome: end.conclusion,
      conclusion: goesOn ? 'success' : end.conclusion,
    }
    env = { ...env, ...end.env }
    path.unshift(...end.path)
    ended.push({ ...end, id, name: asText(file.name ?? file.uses ?? file.run) })
  }
  const status = statusNow()
  return { status: status === 'skipped' ? 'success' : status, steps, env, ended }
}

/** A step whose variables the operating system does not take is not started. */
function runBounded(step: ReadyStep, { inForce, run }: StepsAt): Promise<StepLeft> {
  return tooLong(step.env, inForce) === undefined ? run(step) : Promise.resolve(notStarted)
}

export const notStarted = failedWith(
  'An error occurred trying to start process with working directory. Argument list too long',
)
