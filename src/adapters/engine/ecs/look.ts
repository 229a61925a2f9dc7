import type { EcsEngine } from '../../../domain/config/engine-recipe.ts'
import { absent, found, type Reading } from '../../../domain/reading.ts'
import { readJson } from '../read-json.ts'
import type { Calling, Tool } from '../tool.ts'
import { unseen } from './aws.ts'
import {
  definitionShape,
  type EcsDefinition,
  type EcsDeployment,
  type EcsService,
  type EcsTask,
  servicesShape,
  taskListShape,
  tasksShape,
} from './shapes.ts'

/** A service with the deployment that is newest, what that is to run, and its tasks: those of the last hour among them. */
export interface EcsSeen {
  readonly service: EcsService
  readonly primary: EcsDeployment
  readonly definition: EcsDefinition
  readonly tasks: readonly EcsTask[]
}

/** Reads one service. What cannot change any more is read once: task definitions, and tasks that have stopped. */
export interface EcsReader {
  service(calling: Calling): Promise<Reading<EcsService>>
  definition(name: string, calling: Calling): Promise<Reading<EcsDefinition>>
  look(calling: Calling): Promise<Reading<EcsSeen>>
  tasks(arns: readonly string[], calling: Calling): Promise<Reading<readonly EcsTask[]>>
}

/** The number of tasks that one call describes. */
const AT_ONCE = 100

export function createReader(aws: Tool, { cluster, service: name }: EcsEngine): EcsReader {
  const definitions = new Map<string, EcsDefinition>()
  const stopped = new Map<string, EcsTask>()

  async function service(calling: Calling): Promise<Reading<EcsService>> {
    const words = ['describe-services', '--cluster', cluster, '--services', name]
    const answer = await aws.call(words, calling)
    if (answer.kind !== 'answered') return unseen(name, answer.words)
    const read = readJson(servicesShape, answer.text)
    if (typeof read === 'string') return unseen(name, read)
    const { services, failures = [] } = read.value
    const [one] = services
    if (one !== undefined) return one.status === 'INACTIVE' ? absent : found(one)
    if (failures.some(({ reason }) => reason === 'MISSING')) return absent
    return unseen(name, failures[0]?.reason ?? 'the answer has no service')
  }

  async function definition(arn: string, calling: Calling): Promise<Reading<EcsDefinition>> {
    const known = definitions.get(arn)
    if (known !== undefined) return found(known)
    const answer = await aws.call(['describe-task-definition', '--task-definition', arn], calling)
    if (answer.kind !== 'answered') return unseen(name, answer.words)
    const read = readJson(definitionShape, answer.text)
    if (typeof read === 'string') return unseen(name, read)
    definitions.set(arn, read.value.taskDefinition)
    return found(read.value.taskDefinition)
  }

  async function list(status: string, calling: Calling): Promise<Reading<readonly string[]>> {
    const words = ['list-tasks', '--cluster', cluster, '--service-name', name, '--desired-status', status]
    const answer = await aws.call(words, calling)
    if (answer.kind !== 'answered') return unseen(name, answer.words)
    const read = readJson(taskListShape, answer.text)
    return typeof read === 'string' ? unseen(name, read) : found(read.value.taskArns)
  }

  async function tasks(arns: readonly string[], calling: Calling): Promise<Reading<readonly EcsTask[]>> {
    const all = arns.flatMap((arn) => stopped.get(arn) ?? [])
    const open = arns.filter((arn) => !stopped.has(arn))
    for (let at = 0; at < open.length; at += AT_ONCE) {
      const some = open.slice(at, at + AT_ONCE)
      const answer = await aws.call(['describe-tasks', '--cluster', cluster, '--tasks', ...some], calling)
      if (answer.kind !== 'answered') return unseen(name, answer.words)
      const read = readJson(tasksShape, answer.text)
      if (typeof read === 'string') return unseen(name, read)
      for (const task of read.value.tasks) if (task.lastStatus === 'STOPPED') stopped.set(task.taskArn, task)
      all.push(...read.value.tasks)
    }
    return found(all)
  }

  /** Tasks that are to stop are in the other list, and may still have requests. */
  async function allTasks(calling: Calling): Promise<Reading<readonly EcsTask[]>> {
    const [staying, going] = await Promise.all([list('RUNNING', calling), list('STOPPED', calling)])
    if (staying.kind !== 'found') return staying
    if (going.kind !== 'found') return going
    return tasks([...new Set([...staying.value, ...going.value])], calling)
  }

  return {
    service,
    definition,
    tasks,
    async look(calling) {
      const there = await service(calling)
      if (there.kind !== 'found') return there
      const primary = there.value.deployments.find(({ status }) => status === 'PRIMARY')
      if (primary === undefined)
        return unseen(name, 'it has no primary deployment, so that ECS does not roll it')
      const [runs, all] = await Promise.all([definition(primary.taskDefinition, calling), allTasks(calling)])
      if (runs.kind !== 'found') return runs
      if (all.kind !== 'found') return all
      return found({ service: there.value, primary, definition: runs.value, tasks: all.value })
    },
  }
}
