import { asText, type Contexts, fill, fillAll } from '../file/expression.ts'
import type { Frame } from '../run/frame.ts'
import { jobThat, type PlayedJob } from '../run/run-start.ts'
import { secretsNamedIn, secretsOfJob } from '../run/secrets-in-reach.ts'
import type { NamedValues } from '../site/actions-site.ts'
import type { Grants } from '../site/grants.ts'
import type { Machine } from '../site/machine.ts'
import type { AssignedRunner } from '../site/runners.ts'
import type { JobFile } from '../workflow-file.ts'
import { assignRunner } from './assign.ts'
import { enterEnvironment, registered } from './environment.ts'
import { handedOn } from './job-outputs.ts'
import { runStep } from './run-step.ts'
import { playSteps, type StepsPlayed } from './steps.ts'

/** A job whose condition holds, with its texts as they are in the file. */
export interface StartingJob {
  /** With those of its callers: `deploy/plan`. */
  readonly id: string
  readonly file: JobFile
  readonly contexts: Contexts
  readonly grants: Grants
}

const noFiles = { status: 'success', hashFiles: () => '' } as const

/** Runs a job that has steps: environment, runner, steps, and what it hands on. */
export async function runJob(frame: Frame, job: StartingJob): Promise<PlayedJob> {
  const { file, contexts, grants } = job
  const name = asText(fill(file.name ?? job.id.split('/').at(-1), contexts, noFiles))
  const runsOn = fill(file['runs-on'], contexts, noFiles)
  const fails = (problem: string): PlayedJob =>
    jobThat({ name, runsOn, grants, result: 'failure', problems: [problem] })

  const environment = await placeOf(frame, job)
  if (environment !== null && 'refused' in environment) return fails(environment.refused)
  const runner = assignRunner(frame, runsOn)
  if (typeof runner === 'string') return fails(runner)
  const secrets = secretsIn(frame, job, environment?.name ?? '')
  if (typeof secrets === 'string') return fails(secrets)

  const ends = await frame.run.inTurn(() => onMachine(frame, job, runner, secrets, environment?.name ?? ''))
  const failed = ends.played.status !== 'success'
  const { outputs, problems } = handedOn({ ...ends, failed }, frame.run.site.inForce)
  const steps = ends.played.ended.map((step) => step.name)
  const played = [...ends.played.ended, ...ends.after]
  return { name, runsOn, grants, result: ends.played.status, outputs, problems, steps, played }
}

async function placeOf(frame: Frame, { id, file: { environment }, contexts }: StartingJob) {
  const { name, deployment = true } =
    typeof environment === 'object' ? environment : { name: environment ?? '', deployment: true }
  const named = asText(fill(name, contexts, noFiles))
  if (named === '') return null
  const records = asText(fill(deployment, contexts, noFiles)) !== 'false'
  return enterEnvironment(frame, { name: named, deployment: records, job: id })
}

/** The context `secrets`. A secret that is not there is an empty text. */
function secretsIn(
  { run, secrets }: Frame,
  { file }: StartingJob,
  environment: string,
): NamedValues | string {
  const values = secretsOfJob(secrets, run.site.secrets, environment)
  const absent = secretsNamedIn(file.steps).filter((name) => !(name in values) && name !== 'GITHUB_TOKEN')
  return absent.length > 0 && !run.site.inForce('absent-secret-is-empty')
    ? `The secret ${absent[0]} is not there.`
    : values
}

interface MachineEnd {
  readonly outputs: Readonly<Record<string, string>>
  readonly played: StepsPlayed
  /** The steps after the job. */
  readonly after: StepsPlayed['ended']
  readonly masks: readonly string[]
}

async function onMachine(
  frame: Frame,
  job: StartingJob,
  runner: AssignedRunner,
  secrets: NamedValues,
  environment: string,
): Promise<MachineEnd> {
  const { site, start, cancelled } = frame.run
  const token = site.token(job.grants)
  const github = { ...(job.contexts.github as object), token, job: job.id.split('/').at(-1) }
  const machine = await site.machine({
    ...{ id: job.id, run: registered(frame.run), repository: start.repository, workflow: start.workflow },
    ...{ runner, token, cancelled, github },
  })
  const variables = environment === '' ? {} : site.variables.environments[environment]
  const vars = {
    ...(job.contexts.vars as object),
    ...(site.inForce('environment-variables-cross') ? variables : {}),
  }
  const contexts = {
    ...job.contexts,
    ...{ github, vars, secrets: { ...secrets, GITHUB_TOKEN: token } },
    job: { workflow_repository: frame.repository },
    runner: { os: 'Linux', environment: runner.kind === 'hosted' ? 'github-hosted' : 'self-hosted' },
  }
  const hashFiles = (patterns: readonly string[]): string =>
    site.inForce('hash-files-of-workspace') ? machine.hashFiles(patterns) : ''
  const env = fillAll(
    { ...frame.env, ...frame.file.env, ...job.file.env },
    { ...contexts, env: {} },
    { status: 'success', hashFiles },
  )
  const played = await playSteps(job.file.steps ?? [], {
    ...{ contexts, env, hashFiles, cancelled, inForce: site.inForce, masks: Object.values(secrets) },
    run: (step) => runStep(frame, machine, runner, step),
  })
  const after = await closed(machine, played.status === 'success' || site.inForce('post-runs-always'))
  const outputs = fillAll(
    job.file.outputs,
    { ...contexts, steps: played.steps, env: played.env },
    { status: 'success', hashFiles },
  )
  const masks = [...played.ended.flatMap((step) => step.masks), ...Object.values(secrets)]
  return { outputs, played, after, masks }
}

async function closed(machine: Machine, runsPosts: boolean): Promise<StepsPlayed['ended']> {
  const ends = await machine.close(runsPosts)
  return ends.map((end, place) => ({ ...end, id: `__post${place}`, name: `Post ${place + 1}` }))
}
