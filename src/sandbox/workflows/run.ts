import { spawnSync } from 'node:child_process'
import { asText, type Contexts, condition, fill, fillAll, type Surroundings } from './expression.ts'
import { type InputFile, type JobFile, readWorkflow, type StepFile } from './workflow-file.ts'

/** The behaviour of a step with `uses:` in a test. */
export type Handler = (call: {
  readonly with: Readonly<Record<string, string>>
  readonly env: Readonly<Record<string, string>>
}) => { readonly outputs?: Readonly<Record<string, string>>; readonly fails?: boolean }

export interface Scene {
  /** By what `uses:` says, without a version. */
  readonly actions: Readonly<Record<string, Handler>>
  /** The answer of the reviewer when a job names an environment. */
  readonly gate?: (environment: string, job: string) => 'approved' | 'rejected'
  readonly secrets?: Readonly<Record<string, string>>
  /** The event that started the run. */
  readonly github?: Readonly<Record<string, string>>
  /** Files of the checkout. */
  readonly files?: readonly string[]
}

export interface PlayedJob {
  readonly name: string
  readonly result: 'success' | 'failure' | 'skipped'
  readonly outputs: Readonly<Record<string, string>>
  readonly runsOn: unknown
  /** Names, or `uses:`, of the steps that ran. */
  readonly steps: readonly string[]
}

export interface PlayedRun {
  /** Jobs of called workflows as `caller/called`. */
  readonly jobs: Readonly<Record<string, PlayedJob>>
  readonly outputs: Readonly<Record<string, string>>
}

/** Runs a workflow without GitHub: its graph, conditions, expressions and shell steps are real, actions are the scene's. */
export async function runWorkflow(
  path: string,
  given: Readonly<Record<string, unknown>>,
  scene: Scene,
): Promise<PlayedRun> {
  const workflow = readWorkflow(path)
  const call = workflow.on.workflow_call ?? workflow.on.workflow_dispatch ?? {}
  const base = {
    inputs: typedInputs(path, call.inputs ?? {}, given),
    secrets: scene.secrets ?? {},
    github: scene.github ?? {},
    vars: {},
  }
  const jobs: Record<string, PlayedJob> = {}
  const own: Record<string, PlayedJob> = {}
  for (const [id, job] of Object.entries(workflow.jobs)) {
    const needs = [job.needs ?? []].flat()
    const early = needs.filter((need) => own[need] === undefined)
    if (early.length > 0)
      throw new Error(`${path}: ${id} needs ${early.join(', ')}, which does not come before it`)
    const contexts = { ...base, needs: Object.fromEntries(needs.map((need) => [need, own[need]])) }
    const success = needs.every((need) => own[need]?.result === 'success')
    const { run, below } = await runJob(id, job, contexts, { success, files: scene.files ?? [] }, scene)
    own[id] = run
    jobs[id] = run
    for (const [name, inner] of Object.entries(below)) jobs[`${id}/${name}`] = inner
  }
  const values = Object.entries(call.outputs ?? {}).map(([name, { value }]) => [name, value])
  const outputs = fillAll(Object.fromEntries(values), { ...base, jobs: own }, { success: true, files: [] })
  return { jobs, outputs }
}

/** As GitHub does: an unknown input, a missing one and one of another type are mistakes of the caller. */
function typedInputs(
  path: string,
  known: Readonly<Record<string, InputFile>>,
  given: Readonly<Record<string, unknown>>,
) {
  const unknown = Object.keys(given).filter((name) => known[name] === undefined)
  if (unknown.length > 0) throw new Error(`${path} has no input ${unknown.join(', ')}`)
  return Object.fromEntries(
    Object.entries(known).map(([name, { type, required, default: fallback }]) => {
      const value = given[name] ?? fallback ?? (type === 'boolean' ? false : '')
      if (required === true && value === '') throw new Error(`${path} needs the input ${name}`)
      if ((type === 'boolean') !== (typeof value === 'boolean'))
        throw new Error(`${path}: the input ${name} is a ${type}, not ${JSON.stringify(value)}`)
      return [name, value]
    }),
  )
}

interface PlayedJobs {
  readonly run: PlayedJob
  readonly below: Readonly<Record<string, PlayedJob>>
}

async function runJob(
  id: string,
  job: JobFile,
  contexts: Contexts,
  world: Surroundings,
  scene: Scene,
): Promise<PlayedJobs> {
  if (job.strategy !== undefined) return runMatrix(id, job, job.strategy, contexts, world, scene)
  const named = {
    name: asText(fill(job.name ?? id, contexts, world)),
    runsOn: fill(job['runs-on'], contexts, world),
  }
  const ended = (result: PlayedJob['result'], outputs = {}, steps: string[] = []): PlayedJobs => ({
    run: { ...named, result, outputs, steps },
    below: {},
  })
  if (!condition(job.if, contexts, world)) return ended('skipped')
  if (job.uses !== undefined) return callWorkflow(job.uses, job, named, contexts, world, scene)
  const place = typeof job.environment === 'string' ? job.environment : job.environment?.name
  const environment = asText(fill(place, contexts, world))
  if (environment !== '' && scene.gate?.(environment, id) === 'rejected') return ended('failure')

  const steps: Record<string, { outputs: Readonly<Record<string, string>> }> = {}
  const ranSteps: string[] = []
  let success = true
  for (const step of job.steps ?? []) {
    const now = { ...contexts, steps }
    const here = { ...world, success }
    if (!condition(step.if, now, here)) continue
    ranSteps.push(step.name ?? step.uses ?? step.run ?? '')
    const { outputs = {}, fails = false } = runStep(step, now, here, scene)
    if (step.id !== undefined) steps[step.id] = { outputs }
    success &&= !fails
  }
  const outputs = fillAll(job.outputs, { ...contexts, steps }, { ...world, success })
  return ended(success ? 'success' : 'failure', outputs, ranSteps)
}

/**
 * Runs a job with a matrix. Its condition is evaluated once, before there is a matrix; then each element of
 * the matrix is a job of its own.
 */
async function runMatrix(
  id: string,
  { strategy: _once, ...job }: JobFile,
  { matrix: { include } }: NonNullable<JobFile['strategy']>,
  contexts: Contexts,
  world: Surroundings,
  scene: Scene,
): Promise<PlayedJobs> {
  const whole = { name: id, runsOn: null, outputs: {}, steps: [] }
  if (!condition(job.if, contexts, world)) return { run: { ...whole, result: 'skipped' }, below: {} }
  const elements = fill(include, contexts, world) as readonly Contexts[]
  const each: PlayedJobs[] = []
  for (const matrix of elements)
    each.push(await runJob(id, { ...job, if: 'always()' }, { ...contexts, matrix }, world, scene))
  const result = each.every(({ run }) => run.result === 'success') ? 'success' : 'failure'
  const below = Object.fromEntries(each.map(({ run }, at) => [String(at), run]))
  return { run: { ...whole, result }, below }
}

function runStep(
  step: StepFile,
  contexts: Contexts,
  world: Surroundings,
  { actions }: Scene,
): ReturnType<Handler> {
  const env = fillAll(step.env, contexts, world)
  if (step.run !== undefined) {
    const shell = spawnSync('bash', ['-e', '-o', 'pipefail', '-c', step.run], {
      env: { ...process.env, ...env },
    })
    return { fails: shell.status !== 0 }
  }
  const name = (step.uses ?? '').replace(/@.*$/, '')
  const handler = actions[name] ?? openGate[name]
  if (handler === undefined) throw new Error(`the scene has no action ${name}`)
  return handler({ with: fillAll(step.with, contexts, world), env })
}

/** A scene that does not play the gate has an open one. */
const opened: Handler = () => ({ outputs: { go: 'true' } })
const openGate: Readonly<Record<string, Handler>> = {
  '$/actions/gate': opened,
  'rollgate/rollgate/actions/gate': opened,
}

/** A job that calls one of our workflows, as a repository elsewhere does. */
async function callWorkflow(
  uses: string,
  job: JobFile,
  named: Pick<PlayedJob, 'name' | 'runsOn'>,
  contexts: Contexts,
  world: Surroundings,
  scene: Scene,
): Promise<PlayedJobs> {
  const path = /^(?:rollgate\/rollgate|\$)\/(\.github\/workflows\/[a-z]+\.yml)(?:@|$)/.exec(uses)?.[1]
  if (path === undefined) throw new Error(`${uses} is none of our workflows`)
  const given = Object.entries(job.with ?? {}).map(([name, value]) => [name, fill(value, contexts, world)])
  const { jobs, outputs } = await runWorkflow(path, Object.fromEntries(given), scene)
  const failed = Object.values(jobs).some(({ result }) => result === 'failure')
  return { run: { ...named, result: failed ? 'failure' : 'success', outputs, steps: [] }, below: jobs }
}
