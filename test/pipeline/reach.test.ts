import { expect, test } from 'vitest'
import { execute } from '../../src/pipeline/execute.ts'
import { aService } from '../domain/a-plan.ts'
import { approvedPlan, inMemory, leanPlan, opened } from './in-memory.ts'

/** In which order ways are opened and commands run. Every way fails to open. */
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
      reach: async ({ name }: { name: string }) => {
        order.push(`reach ${name}`)
        throw new Error('no way')
      },
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
  expect(reached).toEqual(Array.from({ length: 10 }, (_, at) => `reach web-${at + 1}`))
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
