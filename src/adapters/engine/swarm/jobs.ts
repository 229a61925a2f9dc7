import type { Failure } from '../../../domain/question/decision.ts'
import type { Clock, EngineJob, EngineJobs, Finished } from '../../../pipeline/ports.ts'
import { jobWords } from '../job-words.ts'
import type { Calling } from '../tool.ts'
import { hasEnded } from './count.ts'
import { readService, readSwarm } from './docker.ts'
import type { SwarmHand } from './hand-over.ts'
import { JOB_LABEL, jobOptions } from './job-options.ts'
import type { SwarmTask } from './service-shape.ts'
import { endInWords } from './trouble.ts'

const POLL_MS = 1_000

/** The longest time without an answer of the swarm. */
const SILENT_MS = 60_000

/** Runs commands as one-off services of the swarm, with the settings, secrets and networks of the service. */
export function jobsOf(hand: Omit<SwarmHand, 'calling'>, clock: Clock): EngineJobs {
  return {
    async run(job, variables, watch) {
      const here = { ...hand, calling: { variables, watch } }
      const failure = await begin(here, job)
      if (failure !== null) return { kind: 'unreachable', failure, tail: [] }
      return follow(here, job, clock)
    },
  }
}

/** Starts it, unless a run that was lost has started it already. */
async function begin(hand: SwarmHand, job: EngineJob): Promise<Failure | null> {
  const { docker, recipe, calling } = hand
  const there = await readAny(hand, job.name)
  if (there !== 'absent') return there === 'found' ? null : notStarted(job, there.what)
  const words = jobWords(job.command)
  if (words === null)
    return notStarted(job, `a job runs in bash or sh, and ${job.command.shell} wants a file.`)
  const service = await readService(docker, recipe.service, calling)
  if (service.kind !== 'found')
    return notStarted(
      job,
      service.kind === 'unknown' ? service.why.what : `there is no service ${recipe.service}.`,
    )
  const template = service.value.Spec.TaskTemplate
  const made = jobOptions(template, job, calling.variables)
  if (made === null) return notStarted(job, `the settings of ${recipe.service} could not be read.`)
  await removeEnded(hand)
  const image = Object.values(job.images)[0] ?? template.ContainerSpec.Image
  const own = [
    '--detach',
    '--quiet',
    '--no-resolve-image',
    '--name',
    job.name,
    '--label',
    `${JOB_LABEL}=${recipe.service}`,
  ]
  const once = ['--mode', 'replicated-job', '--restart-condition', 'none']
  const login = recipe.registryAuth ? ['--with-registry-auth'] : []
  const all = [
    'service',
    'create',
    ...own,
    ...once,
    ...login,
    ...made.options,
    '--entrypoint',
    words[0] ?? '',
  ]
  const answer = await docker.call([...all, '--', image, ...words.slice(1)], {
    ...calling,
    variables: { ...calling.variables, ...made.values },
  })
  // Without an answer the swarm may have it: following it tells.
  return answer.kind === 'refused' ? notStarted(job, `${answer.words}.`) : null
}

const notStarted = (job: EngineJob, why: string): Failure => ({
  code: 'engine-refused',
  what: `The job ${job.name} was not started: ${why}`,
  tail: [],
})

/** A job is a service of another mode, whose update settings do not matter. */
async function readAny(
  { docker, calling }: SwarmHand,
  name: string,
): Promise<'found' | 'absent' | { what: string }> {
  const read = await readService(docker, name, calling)
  return read.kind === 'unknown' ? { what: read.why.what } : read.kind
}

/** Removes the ended jobs of earlier steps: a swarm keeps them for ever. */
async function removeEnded({ docker, recipe, calling }: SwarmHand): Promise<void> {
  const label = `label=${JOB_LABEL}=${recipe.service}`
  const list = await docker.call(['service', 'ls', '--quiet', '--filter', label], calling)
  if (list.kind !== 'answered') return
  for (const id of list.text.split('\n').filter((line) => line !== '')) {
    const seen = await readSwarm(docker, id, calling)
    const isOver =
      seen.kind === 'found' && seen.value.tasks.some(hasEnded) && seen.value.tasks.every(hasEnded)
    if (isOver) await docker.call(['service', 'rm', '--', id], calling)
  }
}

async function follow(hand: SwarmHand, job: EngineJob, clock: Clock): Promise<Finished> {
  const { signal } = hand.calling.watch
  const until = clock.now().getTime() + job.command.timeout
  const hear = hearing(hand, job)
  let answered = clock.now().getTime()
  for (;;) {
    const seen = await readSwarm(hand.docker, job.name, hand.calling)
    if (signal.aborted) return ended(hand, job, { kind: 'stopped', tail: await hear() })
    const now = clock.now().getTime()
    const tail = await hear()
    if (seen.kind === 'found') {
      answered = now
      const task = seen.value.tasks.find(hasEnded)
      if (task !== undefined) return endOf(job, task, tail)
    } else if (now - answered > SILENT_MS) return lost(job, tail)
    if (now > until) return ended(hand, job, { kind: 'timed-out', after: job.command.timeout, tail })
    await clock.sleep(POLL_MS, signal)
  }
}

/** Returns a function that says the new log lines, and returns the last ones. */
function hearing({ docker, calling }: SwarmHand, job: EngineJob): () => Promise<readonly string[]> {
  let [said, tail]: [number, readonly string[]] = [0, []]
  return async () => {
    let line = 0
    const fresh = (text: string) => {
      line += 1
      if (line > said) calling.watch.line(text)
    }
    const words = ['service', 'logs', '--raw', '--', job.name]
    const finished = await docker.follow(words, {
      ...calling,
      watch: { line: fresh, signal: calling.watch.signal },
    })
    if (finished.kind !== 'exited' || finished.code !== 0) return tail
    said = Math.max(said, line)
    tail = finished.tail
    return tail
  }
}

/** Ends a job that is not waited for any longer. */
async function ended({ docker, calling }: SwarmHand, job: EngineJob, finished: Finished): Promise<Finished> {
  const signal = AbortSignal.timeout(SILENT_MS)
  const last: Calling = { ...calling, watch: { line: calling.watch.line, signal } }
  const answer = await docker.call(['service', 'rm', '--', job.name], last)
  if (answer.kind === 'answered' || finished.kind !== 'timed-out') return finished
  return { ...finished, unconfirmed: true }
}

function endOf(job: EngineJob, task: SwarmTask, tail: readonly string[]): Finished {
  const { State, ContainerStatus } = task.Status
  if (State === 'complete') return { kind: 'exited', code: 0, tail }
  const code = ContainerStatus?.ExitCode ?? 0
  if (State === 'failed' && code !== 0) return { kind: 'exited', code, tail }
  return { kind: 'unreachable', failure: notStarted(job, `${State}, ${endInWords(task)}.`), tail }
}

const lost = (job: EngineJob, tail: readonly string[]): Finished => ({
  kind: 'unreachable',
  failure: {
    code: 'engine-unknown',
    what: `Nothing was heard of the job ${job.name} for ${SILENT_MS / 1000} s; it may still run.`,
    tail: [],
  },
  tail,
})
