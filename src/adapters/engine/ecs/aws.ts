import type { EcsEngine } from '../../../domain/config/engine-recipe.ts'
import type { Failure } from '../../../domain/question/decision.ts'
import { type Reading, unknown } from '../../../domain/reading.ts'
import type { Shell } from '../../../pipeline/ports.ts'
import { createTool, type Tool, type ToolAnswer } from '../tool.ts'

const PATIENCE = ['--cli-connect-timeout', '10', '--cli-read-timeout', '20']

/** The part of AWS that is called, and the form of its answers. */
interface AwsCalled {
  readonly service: 'ecs' | 'logs'
  readonly output: 'json' | 'text'
}

/** The aws CLI, in the region and at the address of a service. */
export function createAws(
  { region, endpoint }: EcsEngine,
  shell: Shell,
  { service, output }: AwsCalled = { service: 'ecs', output: 'json' },
): Tool {
  const where = [
    ...(region === null ? [] : ['--region', region]),
    ...(endpoint === null ? [] : ['--endpoint-url', endpoint]),
  ]
  return createTool('aws', ['--output', output, ...PATIENCE, ...where, service], shell, saysNo)
}

/** The errors after which AWS may have done what was asked for: its own faults, and too many calls. */
const passing = /^(?:\d+|Server\w*|Service\w*|Internal\w*|RequestTimeout\w*|Throttl\w*|TooManyRequests\w*)$/

/** The words of the aws CLI that did not ask AWS at all. */
const unasked =
  /^(?:aws: error|Parameter validation failed|You must specify a region|Unable to locate credentials|Unknown options|Invalid \w+ type|Error parsing parameter|Could not connect to the endpoint URL|The config profile)/

function saysNo(line: string): boolean {
  const error = named.exec(line)?.[1]
  return error === undefined ? unasked.test(line) : !passing.test(error)
}

const named = /An error occurred \((\w+)\)/

/** Returns the name of the error with which AWS refused a call, like `ClusterNotFoundException`. */
export const errorIn = (answer: ToolAnswer): string | null =>
  answer.kind === 'refused' ? (named.exec(answer.words)?.[1] ?? null) : null

export const unseen = (name: string, words: string): Reading<never> =>
  unknown({
    code: 'engine-unknown',
    what: `The service ${name} could not be read from ECS: ${words}.`,
    why: 'The aws CLI is not there, has no credentials or region, or may not read the service.',
    next: 'Run `aws ecs describe-services` where the job runs, and give its role the permissions of docs/engines-ecs.md.',
  })

export const refused = (why: string): Failure => ({
  code: 'engine-refused',
  what: `Nothing was handed over to ECS: ${why}.`,
  tail: [],
})
