import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { exchange } from '../../../src/adapters/haproxy/exchange.ts'
import type { HaproxyDoor } from '../../../src/domain/config/detour-recipe.ts'
import type { DetourSide } from '../../../src/domain/detour/side.ts'
import { eventually } from '../../../src/sandbox/fleet/eventually.ts'
import { freePorts } from '../../../src/sandbox/fleet/ports.ts'
import { programPath } from './parts.ts'

/** Several real HAProxy, which decide by one map between two backends. */
export interface SidedDoor {
  /** The address of each balancer. */
  readonly doors: readonly string[]
  readonly recipe: HaproxyDoor
  /** The file of the map, as it is. */
  written(): string
  /** Starts one of them again in the place of the running one, as `systemctl reload` does. */
  reload(balancer: number): Promise<void>
  /** Says a command to the runtime API of one of them. */
  say(balancer: number, command: string): Promise<string>
  close(): Promise<void>
}

export interface SidedDoorOptions {
  readonly folder: string
  /** The port of the application of each side. */
  readonly ports: Readonly<Record<DetourSide, number>>
  readonly balancers?: number
}

export async function startSidedDoor({ folder, ports, balancers = 2 }: SidedDoorOptions): Promise<SidedDoor> {
  const map = join(folder, 'sides.map')
  writeFileSync(map, '# the side that serves\nside home\nwrites open\n')
  const doorPorts = await freePorts(balancers)
  const started = await Promise.all(doorPorts.map((port, at) => startOne({ folder, map, ports, port, at })))
  const one = (at: number) => started[at] ?? noBalancer(at)
  const doors = doorPorts.map((port) => `http://127.0.0.1:${port}/`)
  return {
    doors,
    recipe: {
      kind: 'haproxy',
      sockets: started.map(({ socket }) => socket),
      map,
      key: 'side',
      writesKey: 'writes',
      backends: { home: 'home', 'stand-in': 'stand-in' },
      on: [],
      marker: {
        addresses: doors,
        header: 'x-side',
        values: { home: 'home', 'stand-in': 'stand-in' },
        timeout: 3000,
      },
    },
    written: () => readFileSync(map, 'utf8'),
    reload: (at) => one(at).reload(),
    say: async (at, command) => (await exchange(one(at).socket, command)).join('\n'),
    close: async () => void (await Promise.all(started.map(({ close }) => close()))),
  }
}

interface OneBalancer {
  readonly folder: string
  readonly map: string
  readonly ports: SidedDoorOptions['ports']
  readonly port: number
  readonly at: number
}

async function startOne({ folder, map, ports, port, at }: OneBalancer) {
  const socket = join(folder, `door-${at}.sock`)
  const config = join(folder, `door-${at}.cfg`)
  writeFileSync(
    config,
    `global
  stats socket ${socket} mode 600 level admin
  maxconn 2000
  hard-stop-after 20s
defaults
  mode http
  retries 0
  timeout connect 2s
  timeout client 1h
  timeout server 30s
  timeout queue 5s
frontend door
  bind 127.0.0.1:${port}
  http-request return status 503 hdr Retry-After 5 if !METH_GET { str(writes),map(${map}) -m str shut }
  use_backend %[str(side),map(${map})]
backend home
  server app 127.0.0.1:${ports.home}
backend stand-in
  server app 127.0.0.1:${ports['stand-in']}
`,
  )
  const start = (...words: string[]) => {
    const program = programPath('haproxy') ?? 'haproxy'
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', program, '-db', '-f', config, ...words], {
      stdio: 'ignore',
    })
    return { child, ended: once(child, 'exit') }
  }
  let running = start()
  const old: (typeof running)[] = []
  const answers = (pid: number | undefined) =>
    eventually('haproxy answers', async () => {
      const [info = ''] = await exchange(socket, 'show info').catch(() => [''])
      return new RegExp(`^Pid: ${pid}$`, 'm').test(info)
    })
  await answers(running.child.pid)
  return {
    socket,
    async reload() {
      old.push(running)
      running = start('-sf', String(running.child.pid))
      await answers(running.child.pid)
    },
    async close() {
      for (const { child, ended } of [...old, running]) {
        child.kill('SIGKILL')
        await (child.exitCode === null && child.signalCode === null ? ended : null)
      }
    },
  }
}

function noBalancer(at: number): never {
  throw new Error(`There is no balancer ${at}.`)
}
