import { describe, expect, test } from 'vitest'
import { jobsOf as ecsJobs } from '../../../src/adapters/engine/ecs/jobs.ts'
import { jobsOn } from '../../../src/adapters/engine/kubernetes/jobs/run.ts'
import type { KubernetesMeans } from '../../../src/adapters/engine/kubernetes/means.ts'
import { jobsOf as swarmJobs } from '../../../src/adapters/engine/swarm/jobs.ts'
import { found } from '../../../src/domain/reading.ts'
import type { EngineJobs } from '../../../src/pipeline/ports.ts'
import { listener } from '../../contracts/shell.contract.ts'
import { aCommand } from '../../domain/a-plan.ts'
import { createFakeClock } from '../../fakes/fake-clock.ts'

const NAME = 'rollgate-7-migrate'
const answered = (object: unknown) => ({ kind: 'answered', text: JSON.stringify(object) }) as const
const nothing = { kind: 'refused', words: `no such service: ${NAME}`, tail: [] } as const
const unheard = { kind: 'unheard', words: 'it still ran after 30 s', why: 'no answer', tail: [] } as const

/** An engine whose answer to the start of a job is lost. `isStarted`: it has taken the order. */
type Losing = (isStarted: boolean) => EngineJobs

const swarm: Losing = (isStarted) => {
  const spec = { Name: 'web', TaskTemplate: { ContainerSpec: { Image: 'shop' } }, Mode: { Replicated: {} } }
  const task = {
    ...{ ID: 't', CreatedAt: '2026-01-01T00:00:00Z', DesiredState: 'shutdown' },
    ...{ Spec: { ContainerSpec: { Image: 'shop' } }, Status: { State: 'complete' } },
  }
  let there = false
  const docker = {
    async call(words: readonly string[]) {
      if (words.includes('create')) {
        there = isStarted
        return unheard
      }
      if (words[1] === 'ls') return { kind: 'answered', text: '' }
      if (words[1] === 'ps') return { kind: 'answered', text: 't' }
      if (words[0] === 'inspect') return answered([task])
      return words.at(-1) === NAME && !there ? nothing : answered([{ Spec: spec }])
    },
    follow: async () => ({ kind: 'exited', code: 0, tail: [] }),
  }
  const hand = { docker, recipe: { service: 'web' } } as unknown as Parameters<typeof swarmJobs>[0]
  return swarmJobs(hand, createFakeClock())
}

const ecs: Losing = (isStarted) => {
  const container = { name: 'app', image: 'shop' }
  const definition = { family: 'web', containerDefinitions: [container] }
  const task = { taskArn: 'arn/1', lastStatus: 'STOPPED', containers: [{ name: 'app', exitCode: 0 }] }
  let there = false
  const hand = {
    aws: {
      async call([word]: readonly string[]) {
        if (word === 'list-tasks') return answered({ taskArns: there ? ['arn/1'] : [] })
        if (word !== 'run-task')
          return answered({ taskDefinition: { ...definition, taskDefinitionArn: 'arn/web-jobs' } })
        there = isStarted
        return unheard
      },
    },
    reader: {
      service: async () => found({ taskDefinition: 'arn/web' }),
      definition: async () => found(definition),
      tasks: async () => found([task]),
    },
    ...{ recipe: { cluster: 'shop' }, logs: { of: async () => [] }, clock: createFakeClock() },
  }
  return ecsJobs(hand as unknown as Parameters<typeof ecsJobs>[0])
}

const kubernetes: Losing = (isStarted) => {
  const job = {
    ...{ kind: 'Job', metadata: { uid: 'u' } },
    status: { conditions: [{ type: 'Complete', status: 'True' }] },
  }
  const template = { metadata: {}, spec: { containers: [{ name: 'app', image: 'shop' }] } }
  const workload = {
    ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', uid: 'w' } },
    spec: { selector: {}, template },
  }
  const kubectl = {
    async ask([word, what]: readonly string[]) {
      if (word === 'create') return unheard
      if (what === 'events') return answered({ items: [] })
      return what === 'jobs.batch,pods' ? answered({ items: isStarted ? [job] : [] }) : answered(workload)
    },
  }
  const engine = { workload: { kind: 'deployment', name: 'web' }, namespace: 'shop', images: {} }
  return jobsOn({ kubectl, engine, clock: createFakeClock() } as unknown as KubernetesMeans)
}

test('a job on ECS that it has taken unheard is ended by a run that is to stop, though ECS lists it late', async () => {
  const stopping = new AbortController()
  const stopped: string[] = []
  const container = { name: 'app', image: 'shop' }
  const definition = { family: 'web', containerDefinitions: [container] }
  const silence = { kind: 'unheard', words: 'it was ended', tail: [] } as const
  const aws = {
    async call([word = '']: readonly string[], { watch }: { watch: { signal: AbortSignal } }) {
      if (watch.signal.aborted) return silence
      if (word === 'stop-task') stopped.push(word)
      if (word === 'list-tasks') return answered({ taskArns: stopping.signal.aborted ? ['arn/1'] : [] })
      if (word !== 'run-task')
        return answered({ taskDefinition: { ...definition, taskDefinitionArn: 'arn/web-jobs' } })
      stopping.abort()
      return silence
    },
  }
  const reader = {
    service: async () => found({ taskDefinition: 'arn/web' }),
    definition: async () => found(definition),
    tasks: async () => found([{ taskArn: 'arn/1', lastStatus: 'RUNNING' }]),
  }
  const means = {
    aws,
    reader,
    recipe: { cluster: 'shop' },
    logs: { of: async () => [] },
    clock: createFakeClock(),
  }
  const order = { name: NAME, command: aCommand('migrate'), images: { app: 'shop' }, container: null }
  const jobs = ecsJobs(means as unknown as Parameters<typeof ecsJobs>[0])
  expect(await jobs.run(order, {}, { ...listener(), signal: stopping.signal })).toMatchObject({
    kind: 'stopped',
  })
  expect(stopped).toEqual(['stop-task'])
})

describe.each([
  ['a swarm', swarm],
  ['ECS', ecs],
  ['Kubernetes', kubernetes],
])('a job on %s, whose start was not answered', (_engine, losing) => {
  const order = { name: NAME, command: aCommand('migrate'), images: { app: 'shop' }, container: null }

  test('is followed to its end where the engine has taken it', async () => {
    const end = await losing(true).run(order, {}, listener())
    expect(end).toMatchObject({ kind: 'exited', code: 0 })
  })

  test('is not called one that was not started where the engine does not show it', async () => {
    const end = await losing(false).run(order, {}, listener())
    expect(end).toMatchObject({
      kind: 'unreachable',
      failure: { code: 'engine-unknown', what: expect.stringContaining('may still run') },
    })
  })
})
