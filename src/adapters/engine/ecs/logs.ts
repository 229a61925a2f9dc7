import * as z from 'zod/mini'
import type { EcsEngine } from '../../../domain/config/engine-recipe.ts'
import type { Shell } from '../../../pipeline/ports.ts'
import type { Calling } from '../tool.ts'
import { createAws } from './aws.ts'
import type { EcsContainer, EcsDefinition, EcsTask } from './shapes.ts'

/** Reads the last lines that a container of a task wrote, where its log driver is `awslogs`; none where it has another. */
export interface EcsLogs {
  of(container: EcsContainer | undefined, taskArn: string, calling: Calling): Promise<readonly string[]>
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html */
const awslogs = z.object({
  logDriver: z.literal('awslogs'),
  options: z.object({
    'awslogs-group': z.string(),
    'awslogs-stream-prefix': z.string(),
    'awslogs-region': z.optional(z.string()),
  }),
})

const LINES = 20

/** The page of a question does not wait longer for lines. */
const LONGEST_MS = 15_000

/** An ended task says nothing more: its lines are read once there are any. A refusal of AWS stands in their place. */
export function createLogs(recipe: EcsEngine, shell: Shell): EcsLogs {
  const aws = createAws(recipe, shell, { service: 'logs', output: 'text' })
  const read = new Map<string, readonly string[]>()
  return {
    async of(container, taskArn, calling) {
      const words = container === undefined ? null : wordsFor(container, taskArn)
      if (words === null) return []
      const stream = words.join(' ')
      const known = read.get(stream)
      if (known !== undefined) return known
      const lines = (await aws.tail(words, { ...calling, timeout: LONGEST_MS })).filter((line) => line !== '')
      const refused = lines.find((line) => line.includes('An error occurred ('))
      // The stream is made with the first line.
      if (refused?.includes('ResourceNotFoundException')) return []
      if (lines.length > 0 && refused === undefined) read.set(stream, lines)
      return lines
    },
  }
}

/** True if the lines of a container can be read afterwards. */
export const hasLog = (container: EcsContainer): boolean => wordsFor(container, '') !== null

/** A stream without a prefix has the name of a container of Docker's, which ECS does not tell. */
function wordsFor(container: EcsContainer, taskArn: string): readonly string[] | null {
  const { success, data } = awslogs.safeParse(container.logConfiguration)
  if (!success) return null
  const { 'awslogs-group': group, 'awslogs-stream-prefix': prefix, 'awslogs-region': region } = data.options
  const stream = `${prefix}/${container.name}/${taskArn.split('/').at(-1)}`
  return [
    ...['get-log-events', '--log-group-name', group, '--log-stream-name', stream],
    ...['--limit', String(LINES), '--query', 'events[].[message]'],
    ...(region === undefined ? [] : ['--region', region]),
  ]
}

/** Returns the container whose lines tell why a task has ended: one that failed, else the first. */
export function endedContainer(
  { containerDefinitions }: EcsDefinition,
  { containers = [] }: EcsTask,
): EcsContainer | undefined {
  const failed = containers.find(({ exitCode = 0 }) => exitCode !== 0)?.name
  return containerDefinitions.find(({ name }) => name === failed) ?? containerDefinitions[0]
}
