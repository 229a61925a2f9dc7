import { expect, test } from 'vitest'
import { createDetours } from '../../../src/adapters/detour/control.ts'
import type { HaproxyDoor } from '../../../src/domain/config/detour-recipe.ts'
import type { Ports } from '../../../src/pipeline/ports.ts'
import { aDetour } from '../../domain/a-detour.ts'
import { aService } from '../../domain/a-plan.ts'
import { createFakeClock } from '../../fakes/fake-clock.ts'

const on = (...instances: readonly string[]): HaproxyDoor => ({
  kind: 'haproxy',
  sockets: [],
  map: '/etc/haproxy/sides.map',
  key: 'side',
  writesKey: null,
  backends: { home: 'home', 'stand-in': 'stand-in' },
  on: instances.map((instance) => ({ service: 'web', instance })),
  marker: {
    addresses: [],
    header: 'x-side',
    values: { home: 'home', 'stand-in': 'stand-in' },
    timeout: 1_000,
  },
})

test('the programs of a door run on its instances, on whichever side of the service that is', async () => {
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
  const look = (...instances: readonly string[]) =>
    door(on(...instances), fleets).observe({}, new AbortController().signal)
  for (const instance of ['web-2', 'aside-1']) await look(instance)
  expect(ran).toEqual(['web-2', 'aside-1'])
  const { file } = await look('web-1', 'aside-2')
  expect(ran.slice(2)).toEqual(['web-1', 'aside-2'])
  expect(file).toMatchObject({
    why: { what: expect.stringContaining('web/web-1 is stuck; web/aside-2 is stuck') },
  })
})

test('a control is the same one for the same hosts, and another once their fleet is known or changed', () => {
  const { detour } = createDetours({
    clock: createFakeClock(),
    shell: { run: () => Promise.reject(new Error('no program runs')) },
    fleet: () => expect.fail('no program runs'),
    env: {},
  })
  const recipe = aDetour({ door: on('web-1') })
  const { name, fleet } = aService('web', 1)
  const web = [{ service: name, fleet }]
  const elsewhere = [
    { service: name, fleet: { ...fleet, instances: [{ name: 'web-1', env: { HOST: 'other' } }] } },
  ]
  const known = detour(recipe, web)
  expect(detour(recipe, [...web, { service: 'api', fleet }])).toBe(known)
  expect(detour(recipe, [{ service: name, fleet: { ...fleet, start: null } }])).toBe(known)
  for (const other of [[], elsewhere]) expect(detour(recipe, other as typeof web)).not.toBe(known)
})
