import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
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
  /** The release of all hosts at the start. */
  readonly release: string
  /** Milliseconds that an application takes from its start until it listens, once the bed is there. */
  readonly boot?: number
}

export async function startServed({
  hosts,
  release,
  boot = 0,
  ...balancing
}: ServedOptions): Promise<Served> {
  // Short, as paths of sockets have to be.
  const folder = mkdtempSync(join(tmpdir(), 'bed-'))
  const places = typeof hosts === 'number' ? placesIn(folder, hosts) : hosts
  const program = compileApp(folder)
  const [port = 0] = await freePorts(1)
  const apps = places.map((place) => installApp(place, port, program))
  const endAll = async () => {
    await Promise.all(apps.map((app) => app.close()))
    rmSync(folder, { recursive: true, force: true })
  }

  try {
    for (const app of apps) {
      await app.operate('install', release)
      await app.operate('start', release)
      app.forget()
      app.trouble('boot-ms', String(boot))
    }
    const balancer = await startHaproxy({
      folder,
      servers: apps,
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
