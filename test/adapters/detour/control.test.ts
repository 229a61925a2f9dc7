import { expect, test } from 'vitest'
import { createDetours } from '../../../src/adapters/detour/control.ts'
import type { HaproxyDoor } from '../../../src/domain/config/detour-recipe.ts'
import type { Ports } from '../../../src/pipeline/ports.ts'
import { aService } from '../../domain/a-plan.ts'
import { createFakeClock } from '../../fakes/fake-clock.ts'

const on = (instance: string): HaproxyDoor => ({
  kind: 'haproxy',
  sockets: [],
  map: '/etc/haproxy/sides.map',
  key: 'side',
  writesKey: null,
  backends: { home: 'home', 'stand-in': 'stand-in' },
  on: { service: 'web', instance },
  marker: {
    addresses: [],
    header: 'x-side',
    values: { home: 'home', 'stand-in': 'stand-in' },
    timeout: 1_000,
  },
})

test('the programs of a door run on its instance, on whichever side of the service that is', async () => {
  const ran: string[] = []
  const fleet = () => ({
    run: async ({ name }: { name: string }) => {
      ran.push(name)
      return { kind: 'not-found', name, tail: [] }
    },
  })
  const { door } = createDetours({
    clock: createFakeClock(),
    shell: { run: () => Promise.reject(new Error('the runner has no map')) },
    fleet: fleet as unknown as Ports['fleet'],
    env: {},
  })
  const fleets = [aService('aside', 2), aService('web', 2)].map((one) => ({
    service: 'web',
    fleet: one.fleet,
  }))
  for (const instance of ['web-2', 'aside-1'])
    await door(on(instance), fleets).observe({}, new AbortController().signal)
  expect(ran).toEqual(['web-2', 'aside-1'])
})
