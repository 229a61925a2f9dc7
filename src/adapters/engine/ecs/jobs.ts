import type { Failure } from '../../../domain/question/decision.ts'
import { absent, found, type Reading } from '../../../domain/reading.ts'
import type { Clock, EngineJob, EngineJobs, Finished } from '../../../pipeline/ports.ts'
import { jobWords } from '../job-words.ts'
import { readJson } from '../read-json.ts'
import { INPUT_FILE } from '../tool.ts'
import { unseen } from './aws.ts'
import { containerOf, withImages } from './containers.ts'
import { type EcsHand, register } from './hand-over.ts'
import { type EcsLogs, hasLog } from './logs.ts'
import {
  type EcsContainer,
  type EcsDefinition,
  type EcsService,
  type EcsTask,
  taskListShape,
  tasksShape,
} from './shapes.ts'
import { endInWords, shortName } from './trouble.ts'

const POLL_MS = 2_000

/** The longest time without an answer of ECS. */
const SILENT_MS = 60_000

/** Runs commands as tasks of their own, with the settings, secrets and network of the service. */
export function jobsOf(hand: EcsJobMeans): EngineJobs {
  return {
    async run(job, variables, watch) {
      const here = { ...hand, calling: { variables, watch } }
      const begun = await begin(here, job)
      if ('failure' in begun) return { kind: 'unreachable', failure: begun.failure, tail: [] }
      return follow(here, job, begun)
    },
  }
}

/** A task that was started for a job, and the container that has its command. */
interface StartedTask {
  readonly arn: string
  readonly container: EcsContainer
}

/** The means to run jobs. */
export interface EcsJobMeans extends Omit<EcsHand, 'calling'> {
  readonly logs: EcsLogs
  readonly clock: Clock
}

type JobHand = EcsJobMeans & Pick<EcsHand, 'calling'>

type Beginning = StartedTask | { readonly failure: Failure }

async function begin(hand: JobHand, job: EngineJob): Promise<Beginning> {
  const words = jobWords(job.command)
  if (words === null)
    return notStarted(job, `a job runs in bash or sh, and ${job.command.shell} wants a file`)
  const service = await hand.reader.service(hand.calling)
  if (service.kind !== 'found')
    return notStarted(job, service.kind === 'unknown' ? service.why.what : 'the service is not there')
  const serving = await hand.reader.definition(service.value.taskDefinition, hand.calling)
  if (serving.kind !== 'found') return notStarted(job, 'the serving task definition could not be read')
  const container = containerFor(job, serving.value)
  if (container === null) return notStarted(job, `${serving.value.family} has no container ${job.container}`)
  const running = await started(hand, job)
  if (running.kind === 'unknown') return notStarted(job, running.why.what)
  if (running.kind === 'found') return { arn: running.value, container }
  const made = withImages(serving.value, job.images)
  if (!('definition' in made))
    return notStarted(job, `${serving.value.family} has no ${made.without.join(', ')}`)
  const arn = await register(hand, workingDefinition(made.definition, container.name, words))
  if (typeof arn !== 'string') return { failure: arn }
  return run(hand, job, { container, definition: arn, service: service.value })
}

/** A task can be started with another command, and not with another entry point: the image's own would get the words. */
function workingDefinition(
  definition: EcsDefinition,
  container: string,
  [program = '', ...words]: readonly string[],
): EcsDefinition {
  const working = ({ portMappings, healthCheck, ...one }: EcsContainer): EcsContainer => ({
    ...one,
    entryPoint: [program],
    command: words,
  })
  return {
    ...definition,
    family: `${definition.family}-jobs`,
    containerDefinitions: definition.containerDefinitions.map((one) =>
      one.name === container ? working(one) : one,
    ),
  }
}

function containerFor({ container, images }: EngineJob, definition: EcsDefinition): EcsContainer | null {
  const [first] = Object.keys(images)
  const wanted = container ?? first
  const named = wanted === undefined ? undefined : containerOf(wanted, images, definition)
  return named ?? (container === null ? (definition.containerDefinitions[0] ?? null) : null)
}

/** Reads the task of a run that was lost. ECS lists an ended one for about an hour. */
async function started({ aws, recipe, calling }: EcsHand, job: EngineJob): Promise<Reading<string>> {
  for (const status of ['RUNNING', 'STOPPED']) {
    const words = ['list-tasks', '--cluster', recipe.cluster, '--started-by', job.name]
    const answer = await aws.call([...words, '--desired-status', status], calling)
    if (answer.kind !== 'answered') return unseen(job.name, answer.words)
    const read = readJson(taskListShape, answer.text)
    if (typeof read === 'string') return unseen(job.name, read)
    const [arn] = read.value.taskArns
    if (arn !== undefined) return found(arn)
  }
  return absent
}

interface TaskOrder {
  readonly container: EcsContainer
  readonly definition: string
  readonly service: EcsService
}

async function run(hand: JobHand, job: EngineJob, order: TaskOrder): Promise<Beginning> {
  const { aws, recipe, calling } = hand
  const environment = Object.entries({ ...job.command.env, ...calling.variables }).map(([name, value]) => ({
    name,
    value,
  }))
  const input = {
    cluster: recipe.cluster,
    taskDefinition: order.definition,
    count: 1,
    startedBy: job.name,
    overrides: { containerOverrides: [{ name: order.container.name, environment }] },
    ...placeOf(order.service),
  }
  const words = ['run-task', '--cli-input-json', INPUT_FILE]
  const answer = await aws.call(words, { ...calling, input: JSON.stringify(input) })
  if (answer.kind === 'refused') return notStarted(job, answer.words)
  const read = answer.kind === 'answered' ? readJson(tasksShape, answer.text) : null
  if (read === null || typeof read === 'string') return startedUnheard(hand, job, order.container)
  const [task] = read.value.tasks
  if (task !== undefined) return { arn: task.taskArn, container: order.container }
  return notStarted(job, read.value.failures?.[0]?.reason ?? 'ECS started no task')
}

/**
 * Looks for a task that ECS may have started although its answer was lost. Its list is late by some seconds. A run that is to
 * stop looks once more without regard to that: a task that is found is then ended, and not left to itself.
 */
async function startedUnheard(hand: JobHand, job: EngineJob, container: EcsContainer): Promise<Beginning> {
  const { clock } = hand
  const { signal } = hand.calling.watch
  const until = clock.now().getTime() + SILENT_MS
  for (;;) {
    const task = await started(signal.aborted ? patient(hand) : hand, job)
    if (task.kind === 'found') return { arn: task.value, container }
    if (signal.aborted || clock.now().getTime() > until) return { failure: silent(job) }
    await clock.sleep(POLL_MS, signal)
  }
}

/** The same means for a run that is to stop, whose calls would end at once. */
const patient = (hand: JobHand): JobHand => ({
  ...hand,
  calling: { ...hand.calling, watch: { ...hand.calling.watch, signal: AbortSignal.timeout(SILENT_MS) } },
})

/** A task is placed as those of the service are. */
function placeOf({
  launchType,
  platformVersion,
  networkConfiguration,
  capacityProviderStrategy = [],
}: EcsService) {
  return {
    ...(capacityProviderStrategy.length > 0
      ? { capacityProviderStrategy }
      : { ...(launchType !== undefined && { launchType }) }),
    ...(platformVersion ? { platformVersion } : {}),
    ...(networkConfiguration === undefined ? {} : { networkConfiguration }),
  }
}

const notStarted = (job: EngineJob, why: string): { readonly failure: Failure } => ({
  failure: { code: 'engine-refused', what: `The job ${job.name} was not started: ${why}.`, tail: [] },
})

async function follow(hand: JobHand, job: EngineJob, begun: StartedTask): Promise<Finished> {
  const { clock } = hand
  const { signal, line } = hand.calling.watch
  const began = clock.now().getTime()
  let [answered, state] = [began, '']
  for (;;) {
    const read = await hand.reader.tasks([begun.arn], hand.calling)
    if (signal.aborted) return stop(hand, begun, { kind: 'stopped', tail: [] })
    const now = clock.now().getTime()
    const task = read.kind === 'found' ? read.value[0] : undefined
    if (task !== undefined) {
      answered = now
      if (task.lastStatus === 'STOPPED') return endOf(job, begun, task, await lastLines(hand, begun))
      if (task.lastStatus !== state) line(`task ${shortName(begun.arn)}: ${task.lastStatus}`)
      state = task.lastStatus
    } else if (now - answered > SILENT_MS) return lost(job)
    if (now - began > job.command.timeout)
      return stop(hand, begun, { kind: 'timed-out', after: job.command.timeout, tail: [] })
    await clock.sleep(POLL_MS, signal)
  }
}

/** Ends a task that is not waited for any longer. */
async function stop(hand: JobHand, { arn }: StartedTask, finished: Finished): Promise<Finished> {
  const { aws, recipe, calling } = patient(hand)
  const words = [
    'stop-task',
    '--cluster',
    recipe.cluster,
    '--task',
    arn,
    '--reason',
    'Rollgate waits no longer',
  ]
  const answer = await aws.call(words, calling)
  return answer.kind === 'answered' || finished.kind !== 'timed-out'
    ? finished
    : { ...finished, unconfirmed: true }
}

/** A task without an exit code never ran its command: its image could not be pulled, or it found no place. */
function endOf(
  job: EngineJob,
  { container }: StartedTask,
  task: EcsTask,
  lines: readonly string[],
): Finished {
  const code = task.containers?.find(({ name }) => name === container.name)?.exitCode
  const words = endInWords(task)
  if (code !== undefined) return { kind: 'exited', code, tail: words === '' ? lines : [...lines, words] }
  return {
    kind: 'unreachable',
    ...notStarted(job, words || 'its task stopped without an exit code'),
    tail: [],
  }
}

/** The log driver sends lines some seconds late. */
const LOOKS_FOR_LINES = 4

/** Reads the last lines of a task that has ended, and has them heard. */
async function lastLines(
  { logs, calling, clock }: JobHand,
  { arn, container }: StartedTask,
): Promise<readonly string[]> {
  for (let look = 1; ; look += 1) {
    const lines = await logs.of(container, arn, calling)
    for (const line of lines) calling.watch.line(line)
    if (lines.length > 0 || look === LOOKS_FOR_LINES || !hasLog(container)) return lines
    await clock.sleep(POLL_MS, calling.watch.signal)
  }
}

const lost = (job: EngineJob): Finished => ({ kind: 'unreachable', failure: silent(job), tail: [] })

const silent = (job: EngineJob): Failure => ({
  code: 'engine-unknown',
  what: `Nothing was heard of the job ${job.name} for ${SILENT_MS / 1000} s; it may still run.`,
  tail: [],
})
