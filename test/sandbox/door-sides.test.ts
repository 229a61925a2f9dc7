import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Checkout, checkOut, runScript, serveByHand } from '../../src/sandbox/fleet/by-hand.ts'
import { eventually } from '../../src/sandbox/fleet/eventually.ts'
import { startFrontDoor } from '../../src/sandbox/fleet/front-door.ts'
import { shopRelease } from '../../src/sandbox/fleet/releases.ts'
import { openShop, type Shop } from '../../src/sandbox/fleet/shop.ts'

let folder: string
let shop: Shop
let checkout: Checkout

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollgate-sides-'))
  shop = await openShop({ folder: join(folder, 'shop'), instances: 2, standIn: 1 })
  checkout = checkOut(shopRelease(), { folder: join(folder, 'v1'), tag: 'v1.0.0', sha: 'a'.repeat(40) })
  await serveByHand(shop, checkout)
})

afterEach(async () => {
  await shop.close()
  await rm(folder, { recursive: true, force: true })
})

const door = async (change?: Readonly<Record<string, string>>): Promise<Record<string, unknown>> => {
  const asked = change === undefined ? {} : { method: 'POST', body: JSON.stringify(change) }
  return (await fetch(`${shop.frontDoor.url}/_door`, asked)).json() as Promise<Record<string, unknown>>
}
const wish = (text: string): Promise<Response> =>
  fetch(`${shop.frontDoor.url}/wishes`, { method: 'POST', body: text })

async function bringUpStandIn(): Promise<void> {
  const home = new DatabaseSync(shop.databases.home)
  home.prepare('VACUUM INTO ?').run(shop.databases['stand-in'])
  home.close()
  for (const instance of shop.standIn) {
    expect((await runScript(shop, checkout, ['install'], instance)).code).toBe(0)
    expect((await runScript(shop, checkout, ['start'], instance)).code).toBe(0)
    await eventually('it passes its self test', async () => {
      const response = await fetch(`${instance.url}/self-test`).catch(() => null)
      return response?.status === 200
    })
  }
  await eventually('the door knows', () => shop.frontDoor.standIn.every((member) => member.in))
}

test('every answer names its side, and none is of both', async () => {
  await bringUpStandIn()
  const sides: (string | null)[] = []
  const ask = async (): Promise<void> => {
    sides.push((await fetch(shop.frontDoor.url)).headers.get('x-side'))
  }
  await ask()
  await door({ side: 'stand-in' })
  await Promise.all([ask(), ask(), ask()])
  expect(sides).toEqual(['home', 'stand-in', 'stand-in', 'stand-in'])
  expect(shop.frontDoor.settings.side).toBe('stand-in')
})

test('the command of the door shows where visitors go, by file, memory and marker', async () => {
  await bringUpStandIn()
  const observed = async () => JSON.parse((await runScript(shop, checkout, ['door', 'observe'])).stdout)
  expect(await observed()).toEqual({
    file: 'home',
    memory: 'home',
    marker: 'home',
    writes: 'open',
    'in-flight': { home: 0, 'stand-in': 0 },
  })
  await door({ side: 'stand-in' })
  expect(await observed()).toMatchObject({ file: 'stand-in', memory: 'stand-in', marker: 'stand-in' })
})

test('writes that are shut are told to come again, and reads pass', async () => {
  expect((await wish('tea')).status).toBe(201)
  await door({ writes: 'shut' })
  const refused = await wish('rope')
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1'])
  expect((await fetch(shop.frontDoor.url)).status).toBe(200)
  await door({ writes: 'open' })
  expect((await wish('rope')).status).toBe(201)
})

test('a door that starts again reads its settings from the file', async () => {
  await door({ side: 'stand-in' })
  await door({ writes: 'shut' })
  const settings = join(shop.home, 'door.json')
  const again = await startFrontDoor({ instances: [], settings, interval: 60_000 })
  expect(again.settings).toEqual({ side: 'stand-in', writes: 'shut' })
  expect(JSON.parse(readFileSync(settings, 'utf8'))).toEqual(again.settings)
  await again.close()
})

test('an instance opens its database again when another file has taken its place', async () => {
  await bringUpStandIn()
  const other = new DatabaseSync(shop.databases['stand-in'])
  other.exec(`UPDATE products SET name = 'Kettle'`)
  other.prepare('VACUUM INTO ?').run(`${shop.databases['stand-in']}.new`)
  other.close()
  await rm(shop.databases['stand-in'])
  const { renameSync } = await import('node:fs')
  renameSync(`${shop.databases['stand-in']}.new`, shop.databases['stand-in'])
  await door({ side: 'stand-in' })
  expect(await (await fetch(shop.frontDoor.url)).text()).toContain('Kettle')
})
