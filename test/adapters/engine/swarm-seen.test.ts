import { describe, expect, test } from 'vitest'
import { engineSeen, troubledTasks } from '../../../src/adapters/engine/swarm/seen.ts'
import type { SwarmService, SwarmTask } from '../../../src/adapters/engine/swarm/service-shape.ts'
import { givingBack, settingOptions } from '../../../src/adapters/engine/swarm/settings.ts'
import { endInWords } from '../../../src/adapters/engine/swarm/trouble.ts'
import type { SwarmEngine } from '../../../src/domain/config/engine-recipe.ts'

const image = (digit: string) => `registry/shop@sha256:${digit.repeat(64)}`
const [old, now] = [image('1'), image('2')]

interface Laid {
  readonly image?: string
  readonly state?: string
  readonly replicas?: number
  readonly force?: number
  readonly labels?: Record<string, string>
  readonly env?: string[]
}

const serviceWith = ({
  image = now,
  state,
  replicas = 2,
  force = 0,
  labels = {},
  env = [],
}: Laid): SwarmService => ({
  Spec: {
    Name: 'web',
    Labels: labels,
    TaskTemplate: { ContainerSpec: { Image: image, Env: env }, ForceUpdate: force },
    Mode: { Replicated: { Replicas: replicas } },
    UpdateConfig: {
      Parallelism: 1,
      FailureAction: 'rollback',
      Monitor: 5e9,
      MaxFailureRatio: 0.5,
      Order: 'stop-first',
    },
  },
  UpdateStatus: state === undefined ? null : { State: state, StartedAt: '2026-11-30T10:00:00.5Z' },
})

let count = 0
const task = (
  runs: string,
  state: string,
  laid: Partial<SwarmTask> & { err?: string; code?: number } = {},
): SwarmTask => {
  count += 1
  const { err, code, ...rest } = laid
  return {
    ID: `task${count}`,
    CreatedAt: '2026-11-30T10:00:01Z',
    Slot: count,
    DesiredState: 'running',
    Spec: { ContainerSpec: { Image: runs }, ForceUpdate: 0 },
    Status: {
      State: state,
      ...(err !== undefined && { Err: err }),
      ContainerStatus: { ContainerID: 'c', ExitCode: code ?? 0 },
    },
    ...rest,
  }
}

const look = (laid: Laid, tasks: readonly SwarmTask[]) =>
  engineSeen({ service: serviceWith(laid), tasks }, 'web')
const both = (): SwarmTask[] => [task(now, 'running'), task(now, 'running')]

describe('a look at a service of a swarm', () => {
  test('is settled without an update status once every task runs the image', () => {
    expect(look({}, both())).toMatchObject({ phase: 'settled', noticed: true, wanted: { web: now } })
  })

  test('is not noticed without an update status while a task is to run another image', () => {
    expect(look({}, [task(now, 'running'), task(old, 'running')])).toMatchObject({
      phase: 'rolling',
      noticed: false,
    })
  })

  test('is not noticed without an update status while tasks are of an older forced update', () => {
    expect(look({ force: 1 }, both())).toMatchObject({ phase: 'rolling', noticed: false })
  })

  test('counts an old task that still ends, and is not settled before it has', () => {
    const seen = look({ state: 'completed' }, [...both(), task(old, 'running', { DesiredState: 'shutdown' })])
    expect(seen).toMatchObject({ phase: 'rolling', replicas: { updated: 2, ready: 2, old: 1 } })
  })

  test('counts a task that waits for its health check as updated and not as ready', () => {
    const seen = look({ state: 'updating' }, [task(now, 'running'), task(now, 'starting')])
    expect(seen).toMatchObject({ phase: 'rolling', replicas: { updated: 2, ready: 1 } })
  })

  test.each([
    ['updating', 'rolling'],
    ['completed', 'settled'],
    ['paused', 'failed'],
    ['rollback_started', 'rolled-back'],
    ['rollback_paused', 'rolled-back'],
    ['rollback_completed', 'rolled-back'],
    ['a state of tomorrow', 'rolling'],
  ])('with the update status %s is %s', (state, phase) => {
    expect(look({ state }, both()).phase).toBe(phase)
  })

  test('with no replica wanted tells so', () => {
    expect(look({ replicas: 0 }, []).replicas).toEqual({ wanted: 0, updated: 0, ready: 0, old: 0 })
  })

  test('has another rollout for another image, setting or forced update, and the same for another size', () => {
    const { rollout } = look({}, [])
    for (const laid of [{ image: old }, { env: ['A=1'] }, { force: 1 }])
      expect(look(laid, []).rollout).not.toBe(rollout)
    for (const laid of [{ replicas: 5 }, { state: 'paused' }, { labels: { a: 'b' } }])
      expect(look(laid, []).rollout).toBe(rollout)
  })
})

test('a rollback has another rollout than the one whose template it brought back', () => {
  expect(look({ state: 'rollback_completed' }, []).rollout).not.toBe(look({}, []).rollout)
})

describe('the troubles of a service of a swarm', () => {
  const troubled = (tasks: readonly SwarmTask[]) =>
    troubledTasks({ service: serviceWith({ state: 'updating' }), tasks })
  const failed = (laid: Partial<SwarmTask> & { code?: number } = {}) =>
    task(now, 'failed', {
      Slot: 1,
      DesiredState: 'shutdown',
      err: 'task: non-zero exit (3)',
      code: 3,
      ...laid,
    })

  test('name the place and the last end there, and last from the second end on', () => {
    expect(troubled([failed()])).toMatchObject([{ replica: 'web.1', lasting: false }])
    expect(troubled([failed(), failed()])).toMatchObject([{ replica: 'web.1', lasting: true }])
  })

  test('are over in a place where a newer task runs', () => {
    const newer = task(now, 'running', { Slot: 1, CreatedAt: '2026-11-30T10:00:09Z' })
    expect(troubled([failed(), failed(), newer])).toEqual([])
  })

  test('do not count ends from before this update, nor those of another image', () => {
    const before = failed({ CreatedAt: '2026-11-30T10:00:00.4Z' })
    expect(troubled([before, task(old, 'failed', { Slot: 2 })])).toEqual([])
  })

  test('tell of an image that is not there and of a program that ended with 0', () => {
    expect(endInWords(task(now, 'rejected', { err: 'No such image: shop' }))).toBe('No such image: shop')
    expect(endInWords(task(now, 'complete'))).toContain('exit code 0')
    expect(endInWords(task(now, 'failed', { err: 'OOM', code: 137 }))).toBe('OOM, exit code 137')
  })
})

describe('the settings of a rollout', () => {
  const recipe: SwarmEngine = {
    kind: 'swarm',
    images: {},
    service: 'web',
    host: null,
    create: null,
    registryAuth: false,
    order: 'start-first',
    parallelism: null,
    monitor: null,
  }
  const keptIn = (options: readonly string[]) => options[options.indexOf('--label-add') + 1] ?? ''

  test('pause after a failure, and keep those from before in a label', () => {
    const options = settingOptions(recipe, serviceWith({}))
    expect(options.join(' ')).toContain('--update-failure-action pause --update-max-failure-ratio 0')
    expect(keptIn(options)).toContain('"failure-action":"rollback"')
  })

  test('do not take those of a rollout for those from before', () => {
    const labels = { 'rollgate.update-settings': '{"failure-action":"rollback"}' }
    expect(settingOptions(recipe, serviceWith({ labels }))).not.toContain('--label-add')
  })

  test('are given back, and the label goes; nothing is changed without one', () => {
    const kept = keptIn(settingOptions(recipe, serviceWith({}))).split('=')[1] ?? ''
    const options = givingBack(serviceWith({ labels: { 'rollgate.update-settings': kept } }))
    expect(options.join(' ')).toBe(
      '--update-failure-action rollback --update-max-failure-ratio 0.5 --update-order stop-first --label-rm rollgate.update-settings',
    )
    expect(givingBack(serviceWith({}))).toEqual([])
  })
})
