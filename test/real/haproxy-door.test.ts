import { writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createClock } from '../../src/adapters/clock.ts'
import { createHaproxyDoor } from '../../src/adapters/detour/haproxy-door.ts'
import { found } from '../../src/domain/reading.ts'
import type { DetourDoor } from '../../src/pipeline/ports.ts'
import { eventually } from '../../src/sandbox/fleet/eventually.ts'
import { freePorts } from '../../src/sandbox/fleet/ports.ts'
import { realShell, scratch } from '../adapters/real-shell.ts'
import { detourDoorContract } from '../contracts/detour-door.contract.ts'
import { listener } from '../contracts/shell.contract.ts'
import { missingParts } from './bed/parts.ts'
import { type SidedDoor, startSidedDoor } from './bed/sided-door.ts'

vi.setConfig({ testTimeout: 90_000 })

describe.skipIf(missingParts('haproxy') !== null)('the contract', () => {
  detourDoorContract('two HAProxy', async () => {
    const { bed, door } = await aDoor()
    return {
      door,
      variables: {},
      visit: async () => {
        const side = (await fetch(bed.doors[1] ?? '')).headers.get('x-side')
        return side === 'home' || side === 'stand-in' ? side : null
      },
      async reload() {
        await bed.reload(0)
        await bed.reload(1)
      },
      async moveMemory(side) {
        for (const balancer of [0, 1]) await bed.say(balancer, `set map ${bed.recipe.map} side ${side}`)
      },
    }
  })
})

describe.skipIf(missingParts('haproxy') !== null)('a door of two real haproxy', () => {
  test('it points to a side in file, memory and marks, and again after a reload of each', async () => {
    const { door, bed } = await aDoor()
    expect(await see(door)).toMatchObject({
      file: found('home'),
      memory: found('home'),
      marker: found('home'),
      writes: found('open'),
    })
    expect(await door.point('stand-in', {}, listener())).toMatchObject({
      kind: 'done',
      evidence: { marker: 'stand-in' },
    })
    const aside = { file: found('stand-in'), memory: found('stand-in'), marker: found('stand-in') }
    expect(await see(door)).toMatchObject(aside)
    expect(bed.written()).toBe('# the side that serves\nwrites open\nside stand-in\n')
    await bed.reload(0)
    await bed.reload(1)
    expect(await see(door)).toMatchObject(aside)
    expect(await door.point('home', {}, listener())).toMatchObject({ kind: 'done' })
    expect(await see(door)).toMatchObject({
      file: found('home'),
      memory: found('home'),
      marker: found('home'),
    })
  })

  test('a map that was set in memory alone is seen, and is lost by a reload', async () => {
    const { door, bed } = await aDoor()
    for (const balancer of [0, 1]) await bed.say(balancer, `set map ${bed.recipe.map} side stand-in`)
    expect(await see(door)).toMatchObject({
      file: found('home'),
      memory: found('stand-in'),
      marker: found('stand-in'),
    })
    await bed.reload(0)
    const seen = await see(door)
    expect(seen.memory).toMatchObject({
      kind: 'unknown',
      why: { what: expect.stringMatching(/^The balancers differ for side: home at .*, stand-in at /) },
    })
    expect(seen.marker).toMatchObject({ kind: 'unknown' })
  })

  test('writes are shut and opened, over a reload too, while reads pass', async () => {
    const { door, bed } = await aDoor()
    const status = async (method: string) => (await fetch(bed.doors[1] ?? '', { method })).status
    expect(await door.writes('shut', {}, listener())).toMatchObject({ kind: 'done' })
    expect([await status('POST'), await status('GET')]).toEqual([503, 200])
    await bed.reload(1)
    expect([await status('POST'), (await see(door)).writes]).toEqual([503, found('shut')])
    expect(await door.writes('open', {}, listener())).toMatchObject({ kind: 'done' })
    expect([await status('POST'), (await see(door)).writes]).toEqual([200, found('open')])
  })

  test('a side is drained when its last request has ended, and no sooner', async () => {
    const { door, bed, apps } = await aDoor()
    const slow = fetch(new URL('/hold', bed.doors[0])).then(({ status }) => status)
    await eventually(
      'it is in flight',
      async () => (await see(door)).inFlight.home.kind === 'found' && apps.held.length === 1,
    )
    expect(await see(door)).toMatchObject({ inFlight: { home: found(1), 'stand-in': found(0) } })
    await door.point('stand-in', {}, listener())
    let drained = false
    const draining = door.drained('home', {}, listener()).then((deed) => {
      drained = true
      return deed
    })
    await door.observe({}, listener().signal)
    expect(drained).toBe(false)
    apps.held[0]?.()
    expect([await slow, await draining]).toMatchObject([200, { kind: 'done', evidence: { inFlight: '0' } }])
  })

  test('a frontend that goes on answering with the other mark lets no move be done', async () => {
    const { bed } = await aDoor()
    const stubborn = await listening((_, response) => response.setHeader('x-side', 'home').end())
    const { marker } = bed.recipe
    const door = doorOf({
      ...bed,
      recipe: { ...bed.recipe, marker: { ...marker, addresses: [...marker.addresses, stubborn.url] } },
    })
    const aborting = new AbortController()
    const moving = door.point('stand-in', {}, { ...listener(), signal: aborting.signal })
    await eventually(
      'both balancers have moved',
      async () => (await see(door)).memory.kind === 'found' && bed.written().includes('stand-in'),
    )
    aborting.abort()
    expect(await moving).toMatchObject({ kind: 'failed', failure: { code: 'detour-door' } })
  })

  test('a misspelt backend, a balancer that is gone and a file that is gone are unknown, with the words', async () => {
    const { door, bed } = await aDoor()
    await bed.say(0, `set map ${bed.recipe.map} side standin`)
    await bed.say(1, `set map ${bed.recipe.map} side standin`)
    expect((await see(door)).memory).toMatchObject({
      kind: 'unknown',
      why: { what: `The key side of ${bed.recipe.map} is standin, which is the backend of no side.` },
    })
    writeFileSync(bed.recipe.map, 'writes open\n')
    expect((await see(door)).file).toMatchObject({
      kind: 'unknown',
      why: { what: expect.stringContaining('is missing') },
    })
    await bed.close()
    const { memory, marker, inFlight } = await see(door)
    for (const reading of [memory, marker, inFlight.home]) expect(reading).toMatchObject({ kind: 'unknown' })
    expect(await door.point('home', {}, listener())).toMatchObject({ kind: 'failed' })
  })
})

const see = (door: DetourDoor) => door.observe({}, listener().signal)

const doorOf = ({ recipe }: Pick<SidedDoor, 'recipe'>): DetourDoor =>
  createHaproxyDoor(recipe, { clock: createClock(), hosts: [{ name: '', programs: realShell().shell }] })

async function aDoor() {
  const [home = 0, standIn = 0] = await freePorts(2)
  const held: (() => void)[] = []
  for (const [port, side] of [
    [home, 'home'],
    [standIn, 'stand-in'],
  ] as const)
    await listening((request, response) => {
      response.setHeader('x-side', side)
      if (request.url === '/hold') held.push(() => response.end())
      else response.end()
    }, port)
  const bed = await startSidedDoor({ folder: scratch(), ports: { home, 'stand-in': standIn } })
  onTestFinished(() => bed.close())
  return { bed, door: doorOf(bed), apps: { held } }
}

async function listening(
  answer: Parameters<typeof createServer>[1],
  port = 0,
): Promise<{ url: string; server: Server }> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`, server }
}
