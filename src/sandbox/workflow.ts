import type { Job, JobInputs, JobOptions, JobRun, Stage } from './stage.ts'

/** The jobs of the reusable workflows, one after another as GitHub runs them: plan, gate, then the work. */

export interface Asked {
  readonly actor?: string
  /** The approver; null for none. */
  readonly approver?: string | null
  readonly inputs?: Readonly<Record<string, string>>
  readonly options?: JobOptions
  /** Between the plan and the gate, while the job waits. */
  readonly meanwhile?: (run: JobRun) => void | Promise<void>
}

export interface Done {
  readonly run: JobRun
  readonly plan: Job
  /** Null when there was nothing to do, or the plan was refused. */
  readonly work: Job | null
}

export const deploy = (stage: Stage, release: string, asked: Asked = {}): Promise<Done> =>
  planned(stage, 'deploy', { release, ...asked.inputs }, asked)

export const rollback = (stage: Stage, asked: Asked = {}): Promise<Done> =>
  planned(stage, 'rollback', { ...asked.inputs }, asked)

export const restart = (stage: Stage, asked: Asked = {}): Promise<Done> =>
  planned(stage, 'restart', { ...asked.inputs }, asked)

export const task = (stage: Stage, name: string, asked: Asked = {}): Promise<Done> =>
  planned(stage, 'task', { task: name, ...asked.inputs }, asked)

async function planned(
  stage: Stage,
  command: 'deploy' | 'rollback' | 'restart' | 'task',
  inputs: Readonly<Record<string, string>>,
  { actor = 'dora', approver = 'rhea', options = {}, meanwhile = () => {} }: Asked,
): Promise<Done> {
  const run = stage.run(actor)
  const plan = await run.job({ ...inputs, mode: command, command: 'plan' }, options)
  const { outcome, plan: json, sha, release } = plan.main.outputs
  if (outcome !== 'planned' || json === undefined || sha === undefined || release === undefined) {
    run.end(plan.main.code === 0 ? 'success' : 'failure')
    return { run, plan, work: null }
  }
  await meanwhile(run)
  if (approver !== null) run.approve(approver)
  const of = command === 'restart' || command === 'task' ? {} : { release }
  const asked = { ...inputs, ...of, plan: json }
  const work = await behindTheGate(
    run,
    { ...asked, mode: command },
    { ...asked, command },
    { sha, ...options },
  )
  run.end(work.main.code === 0 ? 'success' : 'failure')
  return { run, plan, work }
}

/**
 * Runs a gated job: its first step is the gate, without a checkout and without secrets; the others depend on
 * its output.
 */
async function behindTheGate(
  run: JobRun,
  gate: Readonly<Record<string, string>>,
  work: JobInputs,
  options: JobOptions,
): Promise<Job> {
  const { ROLLGATE_ENV: _secrets, ...env } = options.env ?? {}
  const asked = await run.job({ ...gate, command: 'gate' }, { ...options, env })
  return asked.main.outputs.go === 'true' ? run.job(work, options) : asked
}

/** Answers an open question, from a run of the decide workflow. */
export async function decide(
  stage: Stage,
  answer: Readonly<Record<string, string>>,
  { actor = 'rhea', options = {} }: Asked = {},
): Promise<{ run: JobRun; look: Job; work: Job | null }> {
  const run = stage.run(actor)
  const given = answer.pause === undefined ? {} : answer
  const look = await run.job({ ...given, command: 'plan', mode: 'decision' }, options)
  const { sha } = look.main.outputs
  if (look.main.code !== 0 || sha === undefined) {
    run.end('failure')
    return { run, look, work: null }
  }
  run.approve('rhea')
  const inputs: JobInputs = { pause: look.main.outputs.pause ?? '', ...answer, command: 'decide' }
  const work = await behindTheGate(run, { ...inputs, mode: 'decision' }, inputs, { sha, ...options })
  run.end(work.main.code === 0 ? 'success' : 'failure')
  return { run, look, work }
}
