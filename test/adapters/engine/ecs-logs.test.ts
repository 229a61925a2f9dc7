import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createLogs, endedContainer } from '../../../src/adapters/engine/ecs/logs.ts'
import type { EcsContainer } from '../../../src/adapters/engine/ecs/shapes.ts'
import type { EcsEngine } from '../../../src/domain/config/engine-recipe.ts'
import { listener } from '../../contracts/shell.contract.ts'
import { realShell, scratch } from '../real-shell.ts'

const recipe: EcsEngine = {
  kind: 'ecs',
  images: { app: 'registry/shop@$DIGEST' },
  cluster: 'shop',
  service: 'web',
  region: 'eu-west-1',
  taskDefinition: null,
  create: null,
  endpoint: null,
}

const options = { 'awslogs-group': '/shop', 'awslogs-region': 'eu-central-1', 'awslogs-stream-prefix': 'web' }
const app = (logConfiguration: unknown = { logDriver: 'awslogs', options }): EcsContainer => ({
  name: 'app',
  image: 'registry/shop',
  logConfiguration,
})

/** Logs by an `aws` that does this, and the words of its last call. */
function logsBy(text: string, secrets: readonly string[] = []) {
  const folder = scratch()
  mkdirSync(join(folder, 'bin'))
  const program = join(folder, 'bin', 'aws')
  writeFileSync(program, `#!/bin/sh\necho "$*" >> ${folder}/words\n${text}\n`)
  chmodSync(program, 0o755)
  const { shell } = realShell({ PATH: `${join(folder, 'bin')}:${process.env.PATH}` }, secrets)
  const logs = createLogs(recipe, shell)
  const words = join(folder, 'words')
  return {
    of: (container: EcsContainer | undefined = app()) =>
      logs.of(container, 'arn:aws:ecs:eu-west-1:1:task/shop/4711', { variables: {}, watch: listener() }),
    calls: () => (existsSync(words) ? readFileSync(words, 'utf8').trimEnd().split('\n') : []),
  }
}

describe('the last lines of a container of ECS', () => {
  test('are read from its stream in its own region, masked, and once', async () => {
    const { of, calls } = logsBy('echo starting; echo "no setting hunter22"', ['hunter22'])
    expect(await of()).toEqual(['starting', 'no setting ***'])
    await of()
    expect(calls()).toHaveLength(1)
    for (const part of [
      '--output text',
      'logs get-log-events --log-group-name /shop --log-stream-name web/app/4711',
      '--region eu-central-1',
    ])
      expect(calls()[0]).toContain(part)
  })

  test('are none while the stream is not made, and are asked for again', async () => {
    const { of, calls } = logsBy(
      'echo "An error occurred (ResourceNotFoundException) when calling: no such stream" >&2; exit 254',
    )
    expect([await of(), await of()]).toEqual([[], []])
    expect(calls()).toHaveLength(2)
  })

  test('are the refusal of AWS where they may not be read', async () => {
    const refusal = 'An error occurred (AccessDeniedException) when calling GetLogEvents'
    expect(await logsBy(`echo; echo "${refusal}" >&2; exit 254`).of()).toEqual([refusal])
  })

  test.each([
    ['another driver', { logDriver: 'splunk', options }],
    ['no prefix of its streams', { logDriver: 'awslogs', options: { 'awslogs-group': '/shop' } }],
    ['no driver', undefined],
  ])('are none with %s, and nothing is called', async (_with, logConfiguration) => {
    const { of, calls } = logsBy('echo line')
    expect(await of({ name: 'app', image: 'registry/shop', logConfiguration })).toEqual([])
    expect(calls()).toEqual([])
  })

  test('are those of the container that failed', () => {
    const definition = { family: 'web', containerDefinitions: [{ ...app(), name: 'proxy' }, app()] }
    const task = { taskArn: 't', taskDefinitionArn: 'd', lastStatus: 'STOPPED' }
    const ended = [
      { name: 'proxy', exitCode: 0 },
      { name: 'app', exitCode: 1 },
    ]
    expect(endedContainer(definition, { ...task, containers: ended })?.name).toBe('app')
    expect(endedContainer(definition, task)?.name).toBe('proxy')
  })
})
