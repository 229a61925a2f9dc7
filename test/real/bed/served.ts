import { chownSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts } from '../../../src/sandbox/fleet/ports.ts'
import { type App, type AppPlace, compileApp, installApp } from './app.ts'
import { type BalancerOptions, type BedBalancer, startHaproxy } from './haproxy.ts'

/** Applications that are running, one on each host, and the balancer that sees them all up. */
export interface Served {
  readonly apps: readonly App[]
  readonly balancer: BedBalancer
  app(name: string): App
  close(): Promise<void>
}

export interface ServedOptions extends Pick<BalancerOptions, 'interval' | 'externalCheck' | 'keepsState'> {
  /** The number of hosts, `web-1` at 127.0.1.1 and so on, or the hosts themselves. */
  readonly hosts: number | readonly AppPlace[]
  /** Each host has two slots, `web-1-a` and `web-1-b`, of which only the first runs something at the start. */
  readonly slots?: boolean
  /** The release of all hosts at the start. */
  readonly release: string
  /** Milliseconds that an application takes from its start until it listens, once the bed is there. */
  readonly boot?: number
}

export async function startServed({
  hosts,
  release,
  boot = 0,
  slots = false,
  ...balancing
}: ServedOptions): Promise<Served> {
  // Short, as paths of sockets have to be.
  const folder = mkdtempSync(join(tmpdir(), 'bed-'))
  const places = typeof hosts === 'number' ? placesIn(folder, hosts) : hosts
  const program = compileApp(folder)
  const [port = 0, other = 0] = await freePorts(2)
  const apps = slots
    ? places.flatMap((place) => [
        installApp(slotOf(place, 'a'), port, program),
        installApp(slotOf(place, 'b'), other, program),
      ])
    : places.map((place) => installApp(place, port, program))
  const idle = slots ? apps.filter(({ name }) => name.endsWith('-b')) : []
  const endAll = async () => {
    await Promise.all(apps.map((app) => app.close()))
    rmSync(folder, { recursive: true, force: true })
  }

  try {
    for (const app of apps.filter((one) => !idle.includes(one))) {
      await app.operate('install', release)
      await app.operate('start', release)
      app.forget()
      app.trouble('boot-ms', String(boot))
    }
    const balancer = await startHaproxy({
      folder,
      servers: apps,
      idle: idle.map(({ name }) => name),
      ...balancing,
    })
    return {
      apps,
      balancer,
      app: (name) => apps.find((app) => app.name === name) ?? unknown(name),
      async close() {
        await balancer.close()
        await endAll()
      },
    }
  } catch (error) {
    await endAll()
    throw error
  }
}

/** A folder of the host's own, which belongs to the same user. */
function slotOf({ name, address, home }: AppPlace, slot: string): AppPlace {
  const { uid, gid } = statSync(home)
  const place = { name: `${name}-${slot}`, address, home: join(home, slot) }
  mkdirSync(place.home)
  chownSync(place.home, uid, gid)
  return place
}

function placesIn(folder: string, count: number): AppPlace[] {
  return Array.from({ length: count }, (_, index) => {
    const address = `127.0.1.${index + 1}`
    const home = join(folder, 'homes', address)
    mkdirSync(home, { recursive: true })
    return { name: `web-${index + 1}`, address, home }
  })
}

function unknown(name: string): never {
  throw new Error(`There is no host ${name} in this bed.`)
}
