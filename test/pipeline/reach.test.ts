import { expect, test } from 'vitest'
import type { Instance } from '../../src/domain/config/fleet.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { aService, count } from '../domain/a-plan.ts'
import { approvedPlan, inMemory, leanPlan, opened } from './in-memory.ts'

/**
 * Returns the order of opened and closed connections, prepared instances, and commands. Every connection
 * fails to open.
 */
function following(memory: ReturnType<typeof inMemory>) {
  const order: string[] = []
  const { fleet, shell } = memory.ports
  const ports = {
    ...memory.ports,
    shell: {
      run: (...[command, ...rest]: Parameters<typeof shell.run>) => {
        order.push(command.run)
        return shell.run(command, ...rest)
      },
    },
    fleet: (recipe: Parameters<typeof fleet>[0]) => ({
      ...fleet(recipe),
      reach: async ({ name }: Instance) => {
        order.push(`reach ${name}`)
        throw new Error('no way')
      },
      prepare: async ({ name }: Instance) => {
        order.push(`prepare ${name}`)
        return null
      },
      run: (...[instance, command, ...rest]: Parameters<ReturnType<typeof fleet>['run']>) => {
        order.push(`${command.run} ${instance.name}`)
        return fleet(recipe).run(instance, command, ...rest)
      },
      rest: ({ name }: Instance) => void order.push(`rest ${name}`),
    }),
  }
  return { ports, order }
}

test('ways to the first ten hosts are opened when something is about to change, and hold nothing up', async () => {
  const memory = inMemory()
  const { ports, order } = following(memory)
  const context = await opened(memory, leanPlan({ services: [aService('web', 12)] }))
  expect(await execute({ ...context, ports })).toMatchObject({ outcome: { kind: 'succeeded' } })
  const reached = order.filter((what) => what.startsWith('reach'))
  // Each is reached once more before its own change, so that the time to get it ready is its own.
  const ahead = reached.slice(0, 10)
  expect(ahead).toEqual(Array.from({ length: 10 }, (_, at) => `reach web-${at + 1}`))
})

test('they are opened beside the steps before the roll, and not before whoever must has approved', async () => {
  const memory = inMemory()
  const { ports, order } = following(memory)
  await execute({ ...(await opened(memory, approvedPlan())), ports })
  const [before, after] = [order.indexOf('build'), order.indexOf('configure-broker')]
  const first = order.findIndex((what) => what.startsWith('reach'))
  expect(before).toBeGreaterThanOrEqual(0)
  expect(first).toBeGreaterThan(before)
  expect(first).toBeLessThan(after)
})

/** Rolls hosts, some of them at a time, and returns the events. */
async function rolled(hosts: number, atATime: number): Promise<readonly string[]> {
  const memory = inMemory()
  const { ports, order } = following(memory)
  const services = [aService('web', hosts, { maxParallel: count(atATime) })]
  await execute({ ...(await opened(memory, leanPlan({ services }))), ports })
  return order
}

test('the next instances are got ready while a batch installs, not while it waits for this side', async () => {
  const order = await rolled(8, 1)
  const from = order.indexOf('stop web-2')
  expect(order.slice(from, order.indexOf('rest web-2'))).toEqual([
    'stop web-2',
    'install web-2',
    'start web-2',
    ...[3, 4, 5, 6].map((at) => `prepare web-${at}`),
  ])
})

test('a large batch gets no more than sixteen ready beside it', async () => {
  const order = await rolled(60, 20)
  const [from, to] = [order.indexOf('install web-20'), order.indexOf('rest web-20')]
  const ahead = order.slice(from, to).filter((what) => what.startsWith('prepare'))
  expect(ahead).toEqual(Array.from({ length: 16 }, (_, at) => `prepare web-${at + 21}`))
})

test('an instance that is done may rest, and one that failed is not left alone', async () => {
  const memory = inMemory()
  memory.shell.play('start', ({ variables }) => ({
    ends: { kind: 'exited', code: variables.ROLLGATE_INSTANCE === 'web-2' ? 1 : 0 },
  }))
  const { ports, order } = following(memory)
  const context = await opened(
    memory,
    leanPlan({ services: [aService('web', 3, { maxParallel: count(1) })] }),
  )
  expect(await execute({ ...context, ports })).toMatchObject({ kind: 'waiting' })
  expect(order.filter((what) => what.startsWith('rest'))).toEqual(['rest web-1'])
})
