import { describe, expect, test } from 'vitest'
import { hasAll } from '../../../src/adapters/engine/ecs/definition.ts'
import type { EcsSeen } from '../../../src/adapters/engine/ecs/look.ts'
import { engineSeen } from '../../../src/adapters/engine/ecs/seen.ts'
import type { EcsDeployment, EcsService, EcsTask } from '../../../src/adapters/engine/ecs/shapes.ts'

const image = (digit: string) => `registry/shop@sha256:${digit.repeat(64)}`
const templates = { app: 'registry/shop@$DIGEST' }

const deployment = (laid: Partial<EcsDeployment> = {}): EcsDeployment => ({
  id: 'ecs-svc/2',
  status: 'PRIMARY',
  taskDefinition: 'web:2',
  desiredCount: 2,
  createdAt: '2026-11-30T10:00:00Z',
  rolloutState: 'COMPLETED',
  ...laid,
})

const service = (laid: Partial<EcsService> = {}): EcsService => ({
  serviceName: 'web',
  status: 'ACTIVE',
  taskDefinition: 'web:2',
  desiredCount: 2,
  deployments: [deployment()],
  ...laid,
})

let count = 0
const task = (laid: Partial<EcsTask> = {}): EcsTask => {
  count += 1
  return {
    taskArn: `arn:aws:ecs:eu-west-1:1:task/shop/${count}`,
    taskDefinitionArn: 'web:2',
    startedBy: 'ecs-svc/2',
    lastStatus: 'RUNNING',
    desiredStatus: 'RUNNING',
    ...laid,
  }
}

const definition = (laid: object = {}) => ({
  family: 'web',
  containerDefinitions: [{ name: 'app', image: image('2'), ...laid }],
})

const look = (laid: Partial<EcsSeen>) => {
  const there = laid.service ?? service()
  const [primary = deployment()] = there.deployments
  const seen = { service: there, primary, definition: definition(), tasks: [task(), task()], ...laid }
  return engineSeen(seen, templates)
}

describe('a look at a service of ECS', () => {
  test('is settled once its deployment is completed and no older task is left', () => {
    expect(look({})).toMatchObject({
      rollout: 'ecs-svc/2',
      phase: 'settled',
      wanted: { app: image('2') },
      replicas: { wanted: 2, updated: 2, ready: 2, old: 0 },
    })
  })

  test('counts a task of an older deployment that still stops', () => {
    const older = task({ startedBy: 'ecs-svc/1', lastStatus: 'DEACTIVATING', desiredStatus: 'STOPPED' })
    expect(look({ tasks: [task(), task(), older] })).toMatchObject({ phase: 'rolling', replicas: { old: 1 } })
  })

  test('counts a task as ready only when its health check was good', () => {
    const checked = definition({ healthCheck: { command: ['CMD', 'true'] } })
    const tasks = [task({ healthStatus: 'HEALTHY' }), task({ healthStatus: 'UNKNOWN' })]
    expect(look({ definition: checked, tasks }).replicas).toMatchObject({ updated: 2, ready: 1 })
    expect(look({ tasks }).replicas).toMatchObject({ updated: 2, ready: 2 })
  })

  test('is failed where the circuit breaker tripped and did not go back', () => {
    const deployments = [deployment({ rolloutState: 'FAILED' })]
    expect(look({ service: service({ deployments }) }).phase).toBe('failed')
  })

  test('is rolled back by its reason, and still by its event once ECS calls it completed', () => {
    const reason = 'ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/1'
    const rolling = service({
      deployments: [deployment({ rolloutState: 'IN_PROGRESS', rolloutStateReason: reason })],
    })
    expect(look({ service: rolling }).phase).toBe('rolled-back')
    const event = {
      createdAt: '2026-11-30T10:00:02Z',
      message: '(service web) rolling back to deployment ecs-svc/1.',
    }
    expect(look({ service: service({ events: [event] }) })).toMatchObject({
      phase: 'rolled-back',
      rollout: 'ecs-svc/2 again',
    })
    const earlier = { ...event, createdAt: 1_796_032_000 }
    expect(look({ service: service({ events: [earlier] }) }).phase).toBe('settled')
  })

  test('gives an image without a digest the one that every task runs', () => {
    const containers = [{ name: 'app', imageDigest: `sha256:${'2'.repeat(64)}` }]
    const tagged = definition({ image: 'registry:5000/shop:latest' })
    expect(look({ definition: tagged, tasks: [task({ containers })] }).wanted).toEqual({
      app: `registry:5000/shop@sha256:${'2'.repeat(64)}`,
    })
    expect(look({ definition: tagged, tasks: [task()] }).wanted).toEqual({ app: 'registry:5000/shop:latest' })
  })
})

describe('the troubles of a service of ECS', () => {
  const stopped = (laid: Partial<EcsTask> = {}) =>
    task({
      lastStatus: 'STOPPED',
      desiredStatus: 'STOPPED',
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      containers: [{ name: 'app', exitCode: 3, reason: 'OutOfMemoryError' }],
      ...laid,
    })
  const deployments = [deployment({ rolloutState: 'IN_PROGRESS' })]
  const of = (...tasks: EcsTask[]) => look({ service: service({ deployments }), tasks }).troubles

  test('have the exit code and the reason of the container, and last from the second task on: SP-33', () => {
    const [trouble] = of(stopped())
    expect(trouble).toMatchObject({ reason: 'EssentialContainerExited', lasting: false })
    expect(trouble?.message).toBe('Essential container in task exited; app: exit code 3, OutOfMemoryError')
    expect(of(stopped(), stopped()).every(({ lasting }) => lasting)).toBe(true)
  })

  test('last from the first task on where the image cannot be pulled', () => {
    const why = 'CannotPullContainerError: manifest unknown'
    expect(of(stopped({ stopCode: 'TaskFailedToStart', stoppedReason: why, containers: [] }))).toMatchObject([
      { message: why, lasting: true },
    ])
  })

  test('are over once tasks that came later run in their places', () => {
    expect(of(stopped(), stopped(), task(), task())).toEqual([])
    expect(of(stopped(), stopped(), task())).toHaveLength(2)
  })

  test.each([
    ['an interrupted spot instance', { stopCode: 'SpotInterruption', stoppedReason: 'Spot interruption' }],
    ['a host that is retired', { stopCode: 'TerminationNotice', stoppedReason: 'Task retirement' }],
    [
      'a secret that was not answered in time',
      {
        stopCode: 'TaskFailedToStart',
        stoppedReason: 'ResourceInitializationError: unable to pull secrets: context deadline exceeded',
      },
    ],
  ])('by %s do not last', (_cause, laid) => {
    expect(of(stopped({ ...laid, containers: [] })).map(({ lasting }) => lasting)).toEqual([false])
  })

  test('by taken hosts do not last, however many there are', () => {
    const taken = { stopCode: 'SpotInterruption', stoppedReason: 'Spot interruption' }
    expect(of(stopped(taken), stopped(taken)).map(({ lasting }) => lasting)).toEqual([false, false])
  })

  test('are none of a task that ECS or a person stopped, nor of an older deployment', () => {
    expect(of(stopped({ stopCode: 'ServiceSchedulerInitiated' }))).toEqual([])
    expect(of(stopped({ startedBy: 'ecs-svc/1' }))).toEqual([])
  })

  test('are of the deployment that was given up after ECS went back', () => {
    const given = deployment({
      id: 'ecs-svc/3',
      status: 'ACTIVE',
      taskDefinition: 'web:3',
      rolloutState: 'FAILED',
      createdAt: '2026-11-30T10:05:00Z',
    })
    const there = service({ deployments: [deployment(), given] })
    const seen = look({ service: there, tasks: [stopped({ startedBy: 'ecs-svc/3' })] })
    expect(seen.troubles).toHaveLength(1)
  })

  test('tell of tasks that find no place, while the deployment lasts', () => {
    const message =
      '(service web) was unable to place a task because no container instance met all of its requirements.'
    const events = [{ createdAt: '2026-11-30T10:00:05Z', message }]
    const seen = (laid: Partial<EcsService>, ...tasks: EcsTask[]) =>
      look({ service: service({ events, deployments, ...laid }), tasks }).troubles
    expect(seen({})).toMatchObject([{ message, lasting: true }])
    expect(seen({ deployments: [deployment()] })).toEqual([])
  })

  test('tell of no task without a place once one was started since, and do not last while an older one stops', () => {
    const unplaced = {
      createdAt: '2026-11-30T10:00:05Z',
      message:
        '(service web) was unable to place a task because no container instance met all of its requirements.',
    }
    const started = {
      createdAt: '2026-11-30T10:00:06Z',
      message: '(service web) has started 1 tasks: (task 4711).',
    }
    const seen = (events: EcsService['events'], ...tasks: EcsTask[]) =>
      look({ service: service({ events, deployments }), tasks }).troubles
    expect(seen([started, unplaced])).toEqual([])
    expect(seen([unplaced, { ...started, createdAt: '2026-11-30T10:00:04Z' }])).toMatchObject([
      { lasting: true },
    ])
    const stopping = task({ startedBy: 'ecs-svc/1', lastStatus: 'DEACTIVATING', desiredStatus: 'STOPPED' })
    expect(seen([unplaced], stopping)).toMatchObject([{ lasting: false }])
  })

  test('tell that the service is being deleted, which is never settled', () => {
    const seen = look({ service: service({ status: 'DRAINING' }) })
    expect(seen).toMatchObject({ phase: 'rolling', troubles: [{ reason: 'DRAINING', lasting: true }] })
  })
})

describe('a task definition', () => {
  const asked = {
    ...definition({
      environment: [
        { name: 'B', value: '2' },
        { name: 'A', value: '1' },
      ],
    }),
    cpu: '256',
  }

  test('has all that is asked for, whatever ECS adds and however it sorts', () => {
    const registered = {
      ...definition({
        environment: [
          { name: 'A', value: '1' },
          { name: 'B', value: '2' },
        ],
        essential: true,
        mountPoints: [],
      }),
      cpu: '256',
      revision: 7,
    }
    expect(hasAll(registered, asked, { app: image('2') })).toBe(true)
    expect(hasAll({ ...registered, cpu: '512' }, asked, { app: image('2') })).toBe(false)
    expect(hasAll(registered, asked, { app: image('1') })).toBe(false)
  })
})
