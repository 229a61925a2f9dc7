import { describe, expect, test } from 'vitest'
import type { Rollout, Service } from '../../src/domain/config/service.ts'
import type { Plan } from '../../src/domain/plan/plan.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { aCommand, aService, count, newer } from '../domain/a-plan.ts'
import { type InMemory, inMemory, keptLedger, leanPlan, opened } from './in-memory.ts'

/** A plan that does nothing but roll `web` over some instances. */
const rolling = (instances: number, rollout: Partial<Rollout> = {}, service: Partial<Service> = {}): Plan =>
  leanPlan({ services: [aService('web', instances, rollout, service)] })

const rolled = async (memory: InMemory, plan: Plan) => execute(await opened(memory, plan))

const isChange = (effect: string) => /\b(leave|stop|install|start|enter) web/.test(effect)
const installs = (memory: InMemory) => memory.timeline().filter((effect) => effect.includes(' install '))

const no = { kind: 'no', why: 'answered 503', text: '' } as const
const yes = { kind: 'yes', text: '' } as const

/** Sets the answer of one instance, while the others say yes. */
const only = (memory: InMemory, question: string, instance: string, reply: typeof no | typeof yes) =>
  memory.prober.replyBy(question, ({ ROLLGATE_INSTANCE: name }) => (name === instance ? reply : yes))

describe('a look at the instances', () => {
  test('is one look: all at once, before anything changes', async () => {
    const memory = inMemory()
    memory.prober.reply('version', { kind: 'silent' })
    memory.prober.reply('is-alive', { kind: 'silent' })
    await rolled(memory, rolling(4))
    const looked = memory.timeline().slice(0, 8)
    expect(looked.every((effect) => /^0 (version|is-alive)\? web-\d$/.test(effect))).toBe(true)
    expect(memory.timeline().find(isChange)).toBe('60 leave web-1')
  })

  test('reads once what all instances share, so that a roll of twice as many reads twice as often', async () => {
    const readsOf = async (instances: number): Promise<number> => {
      const memory = inMemory()
      const context = await opened(memory, rolling(instances))
      let reads = 0
      const { workspace } = context.ports
      const checkout: typeof workspace.checkout = (sha) => {
        reads += 1
        return workspace.checkout(sha)
      }
      await execute({ ...context, ports: { ...context.ports, workspace: { ...workspace, checkout } } })
      return reads
    }
    const [ten, twenty, forty] = [await readsOf(10), await readsOf(20), await readsOf(40)]
    expect(twenty).toBeGreaterThan(ten)
    expect(forty - twenty).toBe(2 * (twenty - ten))
  })

  test('instances that already are right are left alone SP-46 WX-09', async () => {
    const memory = inMemory()
    memory.installed.set('web-2', newer.tag)
    memory.installed.set('web-3', newer.sha)
    expect(await rolled(memory, rolling(4))).toMatchObject({ kind: 'ended', outcome: { kind: 'succeeded' } })
    expect(
      memory
        .effects()
        .filter(isChange)
        .filter((effect) => / web-[23]$/.test(effect)),
    ).toEqual([])
    expect(installs(memory)).toEqual(['0 install web-1', '5 install web-4'])
  })

  test('the right release that is not healthy is no reason to leave it alone', async () => {
    const memory = inMemory()
    memory.installed.set('web-2', newer.tag)
    memory.prober.replyBy('is-alive', ({ ROLLGATE_INSTANCE: name }) =>
      name === 'web-2' && !memory.effects().includes('start web-2') ? no : yes,
    )
    expect(await rolled(memory, rolling(3))).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(memory.effects()).toContain('install web-2')
  })
})

describe('the journal keeps when an instance was out of traffic', () => {
  const byCommand = { kind: 'command', leave: null, enter: null, serving: null, timeout: 1_000 } as const
  const at = (seconds: number) => new Date(Date.parse('2026-03-02T09:00:00Z') + seconds * 1_000).toISOString()

  async function handled(memory: InMemory, service: Partial<Service> = {}) {
    const context = await opened(memory, rolling(2, {}, service))
    await execute(context)
    const end = context.session.journal.find(({ kind }) => kind.startsWith('instance-'))
    return { kind: end?.kind, ...pick(end) }
  }
  const pick = (event: object | undefined) => {
    const { outSince, backSince } = event as { outSince?: string | null; backSince?: string | null }
    return { outSince, backSince }
  }

  test('from when it was drained until it was given back, and not from when its batch began F09', async () => {
    const memory = inMemory()
    memory.traffic.leave = async (_, { signal }) => {
      await memory.clock.sleep(700, signal)
      return null
    }
    expect(await handled(memory, { traffic: byCommand })).toEqual({
      kind: 'instance-succeeded',
      outSince: at(0.7),
      backSince: at(5.7),
    })
  })

  test('from when it was stopped, where the balancer asks the instance itself F09', async () => {
    const memory = inMemory()
    memory.shell.play('stop', { takes: 2_000 })
    expect(await handled(memory)).toMatchObject({ outSince: at(2), backSince: at(2) })
  })

  test('and not at all for one that failed before it left F04', async () => {
    const memory = inMemory()
    memory.traffic.leave = async () => 'requests are still under way'
    expect(await handled(memory)).toEqual({ kind: 'instance-failed', outSince: null, backSince: null })
  })

  test('and for one that failed and was taken out again, since then F04', async () => {
    const memory = inMemory()
    memory.traffic.enter = async (_, { signal }) => {
      await memory.clock.sleep(3_000, signal)
      return 'it is not seen'
    }
    expect(await handled(memory, { traffic: byCommand })).toEqual({
      kind: 'instance-failed',
      outSince: at(8),
      backSince: null,
    })
  })

  test('one that nothing can take out of traffic is said to be in it F04', async () => {
    const memory = inMemory()
    memory.prober.reply('self-test', no)
    const fleet = aService('web', 2).fleet
    const context = await opened(
      memory,
      rolling(2, {}, { fleet: { ...fleet, stop: null } as Service['fleet'] }),
    )
    const ending = await execute(context)
    expect(ending).toMatchObject({
      pause: {
        failure: { what: expect.stringContaining('It may be in traffic: it says that it is healthy') },
      },
    })
    expect(context.session.journal.find(({ kind }) => kind === 'instance-failed')).toMatchObject({
      backSince: expect.any(String),
    })
  })
})

describe('batches', () => {
  test('one after another: the next begins when the one before is back in traffic WX-12 WX-16', async () => {
    const memory = inMemory()
    await rolled(memory, rolling(3))
    expect(memory.effects().filter((effect) => /^(leave|enter) /.test(effect))).toEqual(
      ['web-1', 'web-2', 'web-3'].flatMap((name) => [`leave ${name}`, `enter ${name}`]),
    )
  })

  test('as many together as may be, and the next when all of them are back WX-12', async () => {
    const memory = inMemory()
    memory.shell.play('start', ({ variables }) => ({
      takes: variables.ROLLGATE_INSTANCE === 'web-2' ? 20_000 : 0,
    }))
    await rolled(memory, rolling(5, { maxParallel: count(2) }))
    expect(installs(memory)).toEqual([
      '0 install web-1',
      '0 install web-2',
      '25 install web-3',
      '25 install web-4',
      '30 install web-5',
    ])
  })

  test('one that fails leaves the others of its batch to finish, and no other is touched WX-19', async () => {
    const memory = inMemory()
    only(memory, 'self-test', 'web-1', no)
    memory.shell.play('start', ({ variables }) => ({
      takes: variables.ROLLGATE_INSTANCE === 'web-2' ? 30_000 : 0,
    }))
    const ending = await rolled(memory, rolling(4, { maxParallel: count(2) }))
    expect(ending).toMatchObject({
      kind: 'waiting',
      pause: { instances: ['web-1'], failure: { code: 'self-test-failed' }, capacity: { available: 3 } },
    })
    expect(memory.timeline().filter((effect) => effect.includes(' enter '))).toEqual(['35 enter web-2'])
    expect(installs(memory).map((effect) => effect.slice(-5))).toEqual(['web-1', 'web-2'])
    const { deployment } = await keptLedger(memory)
    expect(deployment?.holder).toBeNull()
    expect(deployment?.journal.flatMap((event) => ('instance' in event ? [event] : []))).toMatchObject([
      { kind: 'instance-failed', instance: 'web-1' },
      { kind: 'instance-succeeded', instance: 'web-2' },
    ])
  })

  test('within max-failures it goes on, and counts them', async () => {
    const memory = inMemory()
    only(memory, 'self-test', 'web-2', no)
    const plan = rolling(4, { maxFailures: 1, minAvailable: count(2) })
    expect(await rolled(memory, plan)).toMatchObject({
      outcome: { kind: 'succeeded', failed: ['web/web-2'] },
    })
  })
})

describe('the capacity floor', () => {
  test('counts those that were down before: they are taken first, and nobody else with them CC-21', async () => {
    const memory = inMemory()
    memory.prober.replyBy('is-alive', ({ ROLLGATE_INSTANCE: name = '' }) =>
      name === 'web-4' && !memory.installed.has(name) ? no : yes,
    )
    await rolled(memory, rolling(4, { maxParallel: count(2), minAvailable: count(3) }))
    expect(installs(memory)).toEqual([
      '0 install web-4',
      '5 install web-1',
      '10 install web-2',
      '15 install web-3',
    ])
  })

  test('an instance that failed is missing, and before one too many is taken a person is asked CC-21', async () => {
    const memory = inMemory()
    only(memory, 'self-test', 'web-1', no)
    const ending = await rolled(memory, rolling(3, { maxFailures: 1, minAvailable: count(2) }))
    expect(ending).toMatchObject({ kind: 'waiting', pause: { failure: { code: 'capacity-floor' } } })
    expect(installs(memory)).toEqual(['0 install web-1'])
  })
})

describe('going back', () => {
  /** The newer release fails on the last of four instances, and the way back asks no person. */
  const turned = async (rollback: Rollout['rollback']) => {
    const memory = inMemory()
    memory.prober.replyBy('self-test', ({ ROLLGATE_INSTANCE: name, ROLLGATE_RELEASE: tag }) =>
      name === 'web-4' && tag === newer.tag ? no : yes,
    )
    const ending = await rolled(memory, rolling(4, { onFailure: 'roll-back', rollback }))
    expect(ending).toMatchObject({ outcome: { kind: 'rolled-back' } })
    return installs(memory).slice(4)
  }

  test('takes as many instances at once as its own pace says', async () => {
    expect(await turned({ maxParallel: count(2), minAvailable: null })).toEqual([
      '15 install web-1',
      '15 install web-2',
      '20 install web-3',
      '20 install web-4',
    ])
  })

  test('takes as many as going forward did where it has no pace of its own', async () => {
    expect(await turned(null)).toEqual([
      '15 install web-1',
      '20 install web-2',
      '25 install web-3',
      '30 install web-4',
    ])
  })
})

describe('an instance that goes down by itself', () => {
  /** web-4 dies for good when `install` of this instance is done. */
  function dyingWith(memory: InMemory, last: string): void {
    memory.prober.replyBy('is-alive', ({ ROLLGATE_INSTANCE: name = '' }) =>
      name === 'web-4' && memory.installed.has(last) ? no : yes,
    )
  }

  test('is missing from then on: a batch is made smaller CC-21', async () => {
    const memory = inMemory()
    dyingWith(memory, 'web-1')
    const plan = rolling(5, { maxParallel: count(2), minAvailable: count(3), maxFailures: 1 })
    await rolled(memory, plan)
    // Two at first; then web-4 costs nothing, and beside it only one more may go.
    expect(installs(memory).slice(0, 4)).toEqual([
      '0 install web-1',
      '0 install web-2',
      '5 install web-3',
      '5 install web-4',
    ])
  })

  test('and before one too many is taken a person is asked CC-21', async () => {
    const memory = inMemory()
    dyingWith(memory, 'web-1')
    memory.shell.play('install', ({ variables: { ROLLGATE_INSTANCE: name = '' } }) => {
      memory.installed.set(name, newer.tag)
      return { takes: 1_000 }
    })
    const ending = await rolled(memory, rolling(4, { minAvailable: count(3) }))
    expect(ending).toMatchObject({ kind: 'waiting', pause: { instances: ['web-4'] } })
    expect(memory.effects().filter((effect) => effect.startsWith('install'))).toEqual([
      'install web-1',
      'install web-4',
    ])
  })
})

describe('the progress deadline', () => {
  const slowInstall = {
    fleet: {
      ...aService('web', 2).fleet,
      install: { ...aCommand('install'), timeout: 36_000_000 },
    },
  }
  const together = { maxParallel: count(2), minAvailable: count(0), progressDeadline: 600_000 }

  test('ends the work on an instance that makes no progress, and keeps it out of traffic', async () => {
    const memory = inMemory()
    memory.shell.play('install', ({ variables: { ROLLGATE_INSTANCE: name = '' } }) => {
      if (name === 'web-1') return { lines: ['unpacking'], takes: Number.POSITIVE_INFINITY }
      memory.installed.set(name, newer.tag)
      return {}
    })
    const ending = await rolled(memory, rolling(2, together, slowInstall))
    expect(ending).toMatchObject({
      kind: 'waiting',
      pause: { instances: ['web-1'], failure: { code: 'progress-stalled', tail: ['unpacking'] } },
    })
    // Five seconds for web-2, and from then on nothing.
    expect(memory.seconds()).toBe(605)
    expect(memory.timeline()).toContain('5 enter web-2')
    expect(memory.effects()).not.toContain('start web-1')
  })

  test('takes one that stalled on its way into traffic out of it again WX-20', async () => {
    const memory = inMemory()
    memory.traffic.enter = async (_instance, { signal }) => {
      await memory.clock.sleep(36_000_000, signal)
      return 'it was stopped before the front door sent it requests'
    }
    const traffic = { kind: 'command', leave: null, enter: null, serving: null, timeout: 1_000 } as const
    const ending = await rolled(memory, rolling(2, {}, { traffic }))
    expect(ending).toMatchObject({ kind: 'waiting', pause: { failure: { code: 'progress-stalled' } } })
    expect(memory.timeline().slice(-2)).toEqual(['5 enter web-1', '600 leave web-1'])
  })

  test('runs anew for each instance that becomes healthy, in a batch too', async () => {
    const memory = inMemory()
    const start = { ...aCommand('start'), timeout: 36_000_000 }
    memory.shell.play('start', ({ variables: { ROLLGATE_INSTANCE: name = '' } }) => {
      memory.installed.set(name, newer.tag)
      return { takes: name === 'web-1' ? 500_000 : 700_000 }
    })
    const plan = rolling(2, together, { fleet: { ...aService('web', 2).fleet, start } })
    expect(await rolled(memory, plan)).toMatchObject({ outcome: { kind: 'succeeded' } })
  })

  test('runs anew for each batch', async () => {
    const memory = inMemory()
    const start = { ...aCommand('start'), timeout: 36_000_000 }
    memory.shell.play('start', { takes: 500_000 })
    const plan = rolling(3, {}, { fleet: { ...aService('web', 3).fleet, start } })
    expect(await rolled(memory, plan)).toMatchObject({ outcome: { kind: 'succeeded' } })
  })
})

test('a tolerated failure that a balancer brings back meanwhile is taken out of traffic again F04', async () => {
  const memory = inMemory()
  only(memory, 'self-test', 'web-1', no)
  const serving = { kind: 'run', command: aCommand('in-pool') } as const
  const traffic = { kind: 'command', leave: null, enter: null, serving, timeout: 1_000 } as const
  const plan = rolling(3, { maxFailures: 1, minAvailable: count(1) }, { traffic })
  expect(await rolled(memory, plan)).toMatchObject({ outcome: { failed: ['web/web-1'] } })
  const leaves = memory.effects().filter((effect) => effect === 'leave web-1')
  // Once for its change, once when that failed, and before each batch and the end, as this front door has it back.
  expect(leaves).toHaveLength(5)
})

describe('a roll that is stopped', () => {
  test('ends the batch it has begun, and begins no other', async () => {
    const memory = inMemory()
    void memory.clock.sleep(2_000).then(memory.askToStop)
    expect(await rolled(memory, rolling(3))).toEqual({ kind: 'interrupted', problem: null })
    expect(memory.timeline().at(-1)).toBe('5 enter web-1')
  })

  test('by force leaves the instance open: it has not failed, and the next run looks at it', async () => {
    const memory = inMemory()
    void memory.clock.sleep(2_000).then(memory.forceToStop)
    expect(await rolled(memory, rolling(3))).toEqual({ kind: 'interrupted', problem: null })
    expect(memory.seconds()).toBe(2)
    const { deployment } = await keptLedger(memory)
    expect(deployment?.journal.map(({ kind }) => kind).slice(-2)).toEqual([
      'instances-started',
      'interrupted',
    ])
  })
})
