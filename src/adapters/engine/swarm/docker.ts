import type { ProblemWords } from '../../../domain/problem.ts'
import { absent, found, type Reading, unknown } from '../../../domain/reading.ts'
import type { Shell } from '../../../pipeline/ports.ts'
import { readJson } from '../read-json.ts'
import { type Calling, createTool, type Tool, type ToolAnswer } from '../tool.ts'
import { type SwarmService, type SwarmTask, serviceShape, tasksShape } from './service-shape.ts'

/** The Docker CLI, with the swarm that it is to talk to. */
export function createDocker(host: string | null, shell: Shell): Tool {
  const where = host === null ? [] : [host.includes('://') ? '--host' : '--context', host]
  return createTool('docker', where, shell, saysNo)
}

const fromDaemon = /^Error response from daemon: /

/** The words of a daemon that got no answer itself: it may come yet. */
const passing =
  /code = (?:DeadlineExceeded|Unavailable|Canceled|Aborted)|deadline exceeded|have a leader|timed? ?out|connection (?:reset|refused)|EOF$/

/** The words of the Docker CLI that knows no such thing, or did not ask at all. */
const unasked =
  /no such |not found|^unknown (?:shorthand )?flag|^invalid argument|requires (?:exactly|at least|at most)|is not a docker command/i

const saysNo = (line: string): boolean => (fromDaemon.test(line) ? !passing.test(line) : unasked.test(line))

/** A service and all its tasks that the swarm still remembers. */
export interface SwarmSeen {
  readonly service: SwarmService
  readonly tasks: readonly SwarmTask[]
}

/** A task that ends between two calls is forgotten in between: the list is made again. */
const TRIES = 3

export async function readSwarm(docker: Tool, name: string, calling: Calling): Promise<Reading<SwarmSeen>> {
  const service = await readService(docker, name, calling)
  if (service.kind !== 'found') return service
  let tasks = await readTasks(docker, name, calling)
  for (let tries = 1; tasks === 'forgotten' && tries < TRIES; tries++)
    tasks = await readTasks(docker, name, calling)
  if (tasks === 'forgotten') return unseen(name, 'its tasks changed faster than they could be read')
  return tasks.kind === 'found' ? found({ service: service.value, tasks: tasks.value }) : tasks
}

export async function readService(
  docker: Tool,
  name: string,
  calling: Calling,
): Promise<Reading<SwarmService>> {
  const answer = await docker.call(['service', 'inspect', '--', name], calling)
  if (answer.kind !== 'answered') return isMissing(answer) ? absent : unseen(name, answer.words)
  const read = readJson(serviceShape, answer.text)
  return typeof read === 'string' ? unseen(name, read) : found(read.value[0])
}

async function readTasks(
  docker: Tool,
  name: string,
  calling: Calling,
): Promise<Reading<readonly SwarmTask[]> | 'forgotten'> {
  const list = await docker.call(['service', 'ps', '--quiet', '--no-trunc', '--', name], calling)
  if (list.kind !== 'answered') return unseen(name, list.words)
  const ids = list.text.split('\n').filter((line) => line !== '')
  if (ids.length === 0) return found([])
  const answer = await docker.call(['inspect', '--type', 'task', '--', ...ids], calling)
  if (answer.kind !== 'answered')
    return answer.kind === 'refused' && /not found|no such/i.test(answer.words)
      ? 'forgotten'
      : unseen(name, answer.words)
  const read = readJson(tasksShape, answer.text)
  return typeof read === 'string' ? unseen(name, read) : found(read.value)
}

const isMissing = (answer: ToolAnswer): boolean =>
  answer.kind === 'refused' && /no such service|service \S+ not found/i.test(answer.words)

export const unseen = (name: string, words: string): Reading<never> => unknown(unseenWords(name, words))

const unseenWords = (name: string, words: string): ProblemWords => ({
  code: 'engine-unknown',
  what: `The service ${name} could not be read from its swarm: ${words}.`,
  why: 'The Docker CLI is not there, or its host is not reached, or is no manager of a swarm.',
  next: 'Run `docker service inspect` where the job runs, with the same host or context.',
})
