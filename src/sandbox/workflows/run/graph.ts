import { asText, type Contexts, condition, fill, fillAll, type StatusSoFar } from '../file/expression.ts'
import { elementsOf } from '../job/matrix.ts'
import { runJob } from '../job/run-job.ts'
import type { NamedValues } from '../site/actions-site.ts'
import { type Grants, readOnly, standardGrants } from '../site/grants.ts'
import { type JobFile, parseWorkflow } from '../workflow-file.ts'
import { calledFile, type PlacedFile } from './called-file.ts'
import { baseContexts } from './contexts.ts'
import type { Frame } from './frame.ts'
import { insideGroup } from './group.ts'
import { calledInputs } from './inputs.ts'
import { jobThat, type PlayedJob } from './run-start.ts'
import { secretsOfCalled } from './secrets-in-reach.ts'
import { grantsOfJob } from './startup.ts'

type JobsById = Readonly<Record<string, PlayedJob>>

/** The jobs of one workflow file by their IDs, and those of the workflows that they call. */
export interface PlayedFile {
  readonly own: JobsById
  /** As `caller/called`. */
  readonly below: JobsById
}

interface PlayedTree {
  readonly job: PlayedJob
  readonly below: JobsById
}

const noFiles = (status: StatusSoFar) => ({ status, hashFiles: () => '' })

/** Runs the jobs of a workflow file, each when those that it needs have ended. */
export async function playFile(frame: Frame): Promise<PlayedFile> {
  const files = frame.file.jobs
  const begun = new Map<string, Promise<PlayedTree>>()
  const own: Record<string, PlayedJob> = {}
  const again = new Set<string>()
  const needsOf = (id: string): readonly string[] => [files[id]?.needs ?? []].flat()
  const before = (id: string): string[] => [...needsOf(id), ...needsOf(id).flatMap(before)]

  const begin = (id: string): Promise<PlayedTree> => {
    const known = begun.get(id) ?? play(id)
    begun.set(id, known)
    return known
  }
  const play = async (id: string): Promise<PlayedTree> => {
    await Promise.all(needsOf(id).map(begin))
    const kept = frame.run.start.kept[frame.prefix + id]
    const isKept = kept !== undefined && !needsOf(id).some((need) => again.has(need))
    if (!isKept) again.add(id)
    const tree = isKept ? { job: kept, below: {} } : await playJob(frame, id, contextsOf(id), statusOf(id))
    own[id] = tree.job
    return tree
  }
  const contextsOf = (id: string): Contexts => ({
    ...baseContexts(frame),
    needs: Object.fromEntries(
      needsOf(id).map((need) => [need, { result: own[need]?.result, outputs: own[need]?.outputs }]),
    ),
  })
  const statusOf = (id: string): StatusSoFar => {
    if (frame.run.cancelled.aborted) return 'cancelled'
    if (before(id).some((need) => own[need]?.result === 'failure')) return 'failure'
    return needsOf(id).every((need) => own[need]?.result === 'success') ? 'success' : 'skipped'
  }

  const trees = await Promise.all(Object.keys(files).map(async (id) => [id, await begin(id)] as const))
  const below = trees.flatMap(([id, tree]) =>
    Object.entries(tree.below).map(([name, job]) => [`${id}/${name}`, job] as const),
  )
  return { own, below: Object.fromEntries(below) }
}

async function playJob(
  frame: Frame,
  id: string,
  contexts: Contexts,
  status: StatusSoFar,
): Promise<PlayedTree> {
  const job = frame.file.jobs[id]
  if (job === undefined) throw new Error(`there is no job ${id}`)
  // The condition is evaluated once, before there is a matrix.
  if (!condition(job.if, contexts, noFiles(status))) {
    const cancelled = status === 'cancelled'
    return alone(jobThat({ name: id, result: cancelled ? 'cancelled' : 'skipped' }))
  }
  return job.strategy === undefined
    ? playOne(frame, id, job, contexts)
    : playMatrix(frame, id, job, job.strategy.matrix, contexts)
}

const alone = (job: PlayedJob): PlayedTree => ({ job, below: {} })
const mostElements = 256

async function playMatrix(
  frame: Frame,
  id: string,
  job: JobFile,
  matrix: unknown,
  contexts: Contexts,
): Promise<PlayedTree> {
  const elements = elementsOf(fill(matrix, contexts, noFiles('success')) as Contexts)
  if (elements.length > mostElements && frame.run.site.inForce('matrix-256-jobs'))
    return alone(
      jobThat({
        name: id,
        result: 'failure',
        problems: [`The matrix has ${elements.length} jobs, and at most ${mostElements} are allowed.`],
      }),
    )
  const each = await Promise.all(
    elements.map(
      async (element, at) =>
        [String(at), await playOne(frame, `${id}/${at}`, job, { ...contexts, matrix: element })] as const,
    ),
  )
  const jobs = each.map(([, tree]) => tree.job)
  const below = each.flatMap(([at, tree]) => [
    [at, tree.job] as const,
    ...Object.entries(tree.below).map(([name, inner]) => [`${at}/${name}`, inner] as const),
  ])
  return {
    job: jobThat({ name: id, result: together(jobs), outputs: lastFilled(jobs) }),
    below: Object.fromEntries(below),
  }
}

function together(jobs: readonly PlayedJob[]): PlayedJob['result'] {
  const results = jobs.map(({ result }) => result)
  return (['failure', 'cancelled'] as const).find((result) => results.includes(result)) ?? 'success'
}

/** An output of a matrix is the last one that is not empty, of a job that succeeded. */
const lastFilled = (jobs: readonly PlayedJob[]): Readonly<Record<string, string>> =>
  Object.assign(
    {},
    ...jobs
      .filter(({ result }) => result === 'success')
      .map(({ outputs }) => Object.fromEntries(Object.entries(outputs).filter(([, value]) => value !== ''))),
  )

async function playOne(frame: Frame, id: string, file: JobFile, contexts: Contexts): Promise<PlayedTree> {
  const grants = tokenGrants(frame.run, grantsOfJob(file, frame.file, frame.granted))
  const whole = frame.prefix + id
  const group = fill(file.concurrency, contexts, noFiles('success')) as JobFile['concurrency']
  const entered = await insideGroup(frame.run, group, () =>
    file.uses === undefined
      ? runJob(frame, { id: whole, file, contexts, grants }).then(alone)
      : callWorkflow({ ...frame, granted: grants }, id, file, file.uses, contexts),
  )
  return entered ?? alone(jobThat({ name: id, result: 'cancelled' }))
}

function tokenGrants({ site, start: { event } }: Frame['run'], asked: Grants): Grants {
  const all = site.inForce('token-has-named-grants') ? asked : { ...standardGrants, ...asked }
  return event.name === 'pull_request' && event.fork && site.inForce('fork-token-reads') ? readOnly(all) : all
}

async function callWorkflow(
  frame: Frame,
  id: string,
  file: JobFile,
  uses: string,
  contexts: Contexts,
): Promise<PlayedTree> {
  const placed = calledFile(frame.run.site, uses, frame)
  if (placed === undefined) throw new Error(`${uses} was not found, although the run started`)
  const inner = await calledFrame(frame, `${frame.prefix}${id}/`, file, placed, contexts)
  const { own, below } = await playFile(inner)
  const values = Object.entries(inner.file.on.workflow_call?.outputs ?? {}).map(([name, { value }]) => [
    name,
    value,
  ])
  const jobs = Object.fromEntries(
    Object.entries(own).map(([name, { result, outputs }]) => [name, { result, outputs }]),
  )
  const outputs = fillAll(Object.fromEntries(values), { ...baseContexts(inner), jobs }, noFiles('success'))
  const name = asText(fill(file.name ?? id, contexts, noFiles('success')))
  const job = jobThat({ name, result: together(Object.values(own)), outputs, grants: frame.granted })
  return { job, below: { ...own, ...below } }
}

async function calledFrame(
  frame: Frame,
  prefix: string,
  file: JobFile,
  placed: PlacedFile,
  contexts: Contexts,
): Promise<Frame> {
  const { run } = frame
  const { inForce } = run.site
  const called = parseWorkflow(placed.text)
  const passed = file.secrets ?? 'nothing'
  const readable = { ...contexts, secrets: frame.secrets.values }
  return {
    run,
    ...{ repository: placed.repository, ref: placed.ref, file: called, prefix },
    inputs: calledInputs(
      called.on.workflow_call ?? {},
      fill(file.with ?? {}, contexts, noFiles('success')) as Contexts,
      inForce,
    ),
    granted: frame.granted,
    secrets: secretsOfCalled(
      frame.secrets,
      {
        caller: run.start.repository,
        called: placed.repository,
        nested: frame.prefix !== '',
        passed:
          typeof passed === 'string'
            ? passed
            : (fillAll(passed, readable, noFiles('success')) as NamedValues),
      },
      inForce,
    ),
    env: inForce('env-stays-in-its-file') ? {} : { ...frame.env, ...frame.file.env },
  }
}
