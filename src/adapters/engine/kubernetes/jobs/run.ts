import * as z from 'zod/mini'
import type { EngineJob, EngineJobs, Finished } from '../../../../pipeline/ports.ts'
import { jobWords } from '../../job-words.ts'
import type { Calling } from '../../tool.ts'
import { MANAGER } from '../change.ts'
import { engineRefused } from '../failures.ts'
import type { KubectlAnswer } from '../kubectl.ts'
import { type KubernetesMeans, placeInWords } from '../means.ts'
import { shaped } from '../shapes.ts'
import { readWhole } from '../template.ts'
import { troubleOf } from '../troubles.ts'
import { endIn, hasBegun, type JobEnd, type JobLook, jobAndPods, jobIn } from './look.ts'
import { JOB_LABEL, jobManifest } from './manifest.ts'

const POLL_MS = 500

/** The longest time without an answer of the API server, and without a pod of the job. */
const SILENT_MS = 60_000

/** Runs commands as Jobs, with the settings and secrets of the service. Both ends of a job are watched. */
export function jobsOn(here: KubernetesMeans): EngineJobs {
  return {
    async run(job, variables, watch) {
      const calling = { variables, watch }
      const begun = await begin(here, job, calling)
      return 'kind' in begun ? begun : follow(here, job, begun.container, calling)
    },
  }
}

/** A job that was given to the cluster, and the container in which its command runs. */
interface GivenJob {
  readonly container: string
}

async function begin(here: KubernetesMeans, job: EngineJob, calling: Calling): Promise<Finished | GivenJob> {
  const words = jobWords(job.command)
  if (words === null) return cannot(`a job runs in bash or sh, and ${job.command.shell} wants a file`)
  const workload = await readWhole(here, calling)
  if ('code' in workload) return { kind: 'unreachable', failure: workload, tail: [] }
  const manifest = jobManifest(workload, job, words, calling.variables)
  if (manifest === null) return cannot(`${placeInWords(here.engine)} has no container ${job.container}`)
  const input = JSON.stringify(manifest.object)
  const answer = await here.kubectl.ask(['create', `--field-manager=${MANAGER}`, '-f', '-'], {
    ...calling,
    input,
  })
  // A job that is there already is that of a lost run. Without an answer the cluster may have it: following it tells.
  return answer.kind === 'refused' && answer.reason !== 'AlreadyExists' ? notRun(here, job, answer) : manifest
}

async function follow(
  here: KubernetesMeans,
  job: EngineJob,
  container: string,
  calling: Calling,
): Promise<Finished> {
  const { clock } = here
  const { signal } = calling.watch
  let [isHeard, answered] = [false, clock.now().getTime()]
  let tail: readonly string[] = []
  for (;;) {
    if (signal.aborted) return stopped(here, job, calling)
    const look = await lookAt(here, job, container, calling)
    if (look !== null && (look.job !== null || look.pod !== null)) answered = clock.now().getTime()
    else if (clock.now().getTime() - answered > SILENT_MS) return notRun(here, job, silent)
    if (look !== null && !isHeard && hasBegun(look)) {
      isHeard = true
      tail = await hear(here, job, look, calling)
      continue
    }
    const end = look === null ? null : endIn(look)
    if (end !== null) return finished(here, job, end, tail)
    const trouble = look === null ? null : await troubleIn(here, look, calling)
    if (trouble !== null) return given(here, job, trouble, calling)
    await clock.sleep(POLL_MS, signal)
  }
}

const silent: KubectlAnswer = {
  kind: 'unheard',
  why: `nothing was seen of the job for ${SILENT_MS / 1000} s; it may still run`,
}

async function lookAt(
  { kubectl }: KubernetesMeans,
  job: EngineJob,
  container: string,
  calling: Calling,
): Promise<JobLook | null> {
  const words = ['get', 'jobs.batch,pods', '-l', `${JOB_LABEL}=${job.name}`, '-o', 'json']
  const answer = await kubectl.ask(words, calling)
  const read = answer.kind === 'answered' ? shaped(jobAndPods, answer.text) : null
  return read === null ? null : jobIn(read, container)
}

/** Hears the log to its end, and returns the last lines. */
async function hear(
  { kubectl }: KubernetesMeans,
  { command }: EngineJob,
  { pod, container }: JobLook,
  calling: Calling,
): Promise<readonly string[]> {
  const words = ['logs', '--follow', pod?.metadata.name ?? '', '-c', container]
  return (await kubectl.follow(words, { ...calling, timeout: command.timeout + SILENT_MS })).tail
}

/** Returns why it cannot begin, if waiting does not help. */
async function troubleIn(
  { kubectl, clock }: KubernetesMeans,
  { job, pod }: JobLook,
  calling: Calling,
): Promise<string | null> {
  if (pod !== null) {
    const trouble = troubleOf(pod, clock.now())?.trouble
    return trouble?.lasting === true ? `${trouble.reason}: ${trouble.message}` : null
  }
  if (job === null) return null
  const about = `involvedObject.uid=${job.metadata.uid},reason=FailedCreate`
  const answer = await kubectl.ask(['get', 'events', '--field-selector', about, '-o', 'json'], calling)
  const read = answer.kind === 'answered' ? shaped(events, answer.text) : null
  return read?.items.at(-1)?.message ?? null
}

const events = z.object({ items: z.array(z.object({ message: z.optional(z.string()) })) })

/** A job that cannot begin is removed: it could begin later, when no run waits for it. */
async function given(
  here: KubernetesMeans,
  job: EngineJob,
  why: string,
  calling: Calling,
): Promise<Finished> {
  await remove(here, job, calling)
  return notRun(here, job, { kind: 'refused', reason: '', said: why })
}

async function stopped(here: KubernetesMeans, job: EngineJob, calling: Calling): Promise<Finished> {
  const signal = AbortSignal.timeout(SILENT_MS)
  await remove(here, job, { ...calling, watch: { ...calling.watch, signal } })
  return { kind: 'stopped', tail: [] }
}

const remove = (
  { kubectl }: KubernetesMeans,
  { name }: EngineJob,
  calling: Calling,
): Promise<KubectlAnswer> =>
  kubectl.ask(
    ['delete', 'jobs.batch', name, '--ignore-not-found', '--cascade=foreground', '--wait=false'],
    calling,
  )

function finished(here: KubernetesMeans, job: EngineJob, end: JobEnd, tail: readonly string[]): Finished {
  switch (end.kind) {
    case 'exited':
      return { kind: 'exited', code: end.code, tail }
    case 'timed-out':
      return { kind: 'timed-out', after: job.command.timeout, tail }
    case 'lost':
      return { ...notRun(here, job, { kind: 'unheard', why: end.why }), tail }
  }
}

const cannot = (why: string): Finished => ({
  kind: 'unreachable',
  failure: { code: 'engine-refused', what: `The job was not started: ${why}.`, tail: [] },
  tail: [],
})

const notRun = ({ engine }: KubernetesMeans, { name }: EngineJob, answer: KubectlAnswer) => ({
  kind: 'unreachable' as const,
  failure: engineRefused(`The job ${name} of ${placeInWords(engine)} did not run to its end`, answer),
  tail: [] as readonly string[],
})
