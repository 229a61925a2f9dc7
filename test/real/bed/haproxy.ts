import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { exchange } from '../../../src/adapters/haproxy/exchange.ts'
import { eventually } from '../../../src/sandbox/fleet/eventually.ts'
import { freePorts } from '../../../src/sandbox/fleet/ports.ts'
import { programPath } from './parts.ts'

/** The balancer in front of a bed. */
export interface BedBalancer {
  /** The address that takes requests. */
  readonly door: string
  /** The runtime API of HAProxy: with full access, the same over TCP, and read-only. */
  readonly sockets: { readonly admin: string; readonly tcp: string; readonly reading: string }
  /** The log of HAProxy: every change of a server's state. */
  readonly log: readonly string[]
  watchFromHere(): Promise<void>
  /** The fewest servers that were up at any moment since then, by the log of every change. */
  fewestUp(): number
  up(): Promise<string[]>
  /** Starts HAProxy again in the place of the running one, as `systemctl reload` does. */
  reload(): Promise<void>
  /** Lets a server into traffic, for every cause that took it out. */
  enter(server: string): Promise<void>
  /** Requests that are under way at a server. */
  sessions(server: string): Promise<number>
  /** The result of the last health check of a server, like `L7OK`. */
  lastCheck(server: string): Promise<string>
  /** The failed requests that HAProxy counted; one may be counted at a server and at the backend too. */
  failures(): Promise<Failures>
  close(): Promise<void>
}

export interface Failures {
  readonly connections: number
  readonly responses: number
  readonly answered5xx: number
}

export interface BalancerOptions {
  /** An empty folder whose path is short enough for a socket. */
  readonly folder: string
  readonly servers: readonly { readonly name: string; readonly address: string; readonly port: number }[]
  /** Milliseconds between two health checks of a server that is up. */
  readonly interval?: number
  /** A program that checks them in place of haproxy. */
  readonly externalCheck?: string
  /** Servers behind which nothing runs at the start. */
  readonly idle?: readonly string[]
  /** Keeps the state of its servers over a reload. */
  readonly keepsState?: boolean
}

/** Starts haproxy with one backend, `web`. It tries nothing twice, so that no failure is hidden. */
export async function startHaproxy({
  folder,
  servers,
  interval = 150,
  externalCheck,
  idle = [],
  keepsState = false,
}: BalancerOptions): Promise<BedBalancer> {
  const [doorPort = 0, runtimePort = 0] = await freePorts(2)
  const sockets = {
    admin: join(folder, 'admin.sock'),
    tcp: `127.0.0.1:${runtimePort}`,
    reading: join(folder, 'reading.sock'),
  }
  writeFileSync(
    join(folder, 'haproxy.cfg'),
    `global
  stats socket ${sockets.admin} mode 600 level admin
  stats socket ipv4@${sockets.tcp} level admin
  stats socket ${sockets.reading} mode 600 level user
  log stdout format raw local0 notice
  maxconn 4000
  server-state-file ${join(folder, 'server-state')}
${externalCheck === undefined ? '' : '  external-check\n  insecure-fork-wanted'}
defaults
  mode http
  log global
  load-server-state-from-file ${keepsState ? 'global' : 'none'}
  retries 0
  timeout connect 2s
  timeout client 10s
  timeout server 10s
  timeout queue 2s
  timeout check 2s
frontend door
  bind 127.0.0.1:${doorPort}
  default_backend web
backend web
${externalCheck === undefined ? '  option httpchk GET /is-alive' : `  option external-check\n  external-check command ${externalCheck}`}
  default-server check inter ${interval}ms fastinter 20ms downinter 20ms fall 2 rise 1
${servers.map(({ name, address, port }) => `  server ${name} ${address}:${port}`).join('\n')}
`,
  )
  // HAProxy ends with its parent, should that be killed.
  const program = ['--pdeathsig', 'KILL', programPath('haproxy') ?? 'haproxy']
  const log: string[] = []
  const start = (...words: string[]) => {
    const started = spawn('setpriv', [...program, '-db', '-f', join(folder, 'haproxy.cfg'), ...words], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [started.stdout, started.stderr])
      createInterface({ input: stream }).on('line', (line) => void log.push(line))
    return { child: started, ended: once(started, 'exit') }
  }
  let { child, ended } = start()

  const rows = async () => table((await exchange(sockets.admin, 'show stat web -1 -1')).join())
  const serversNow = async () => (await rows()).filter((row) => row.svname !== 'BACKEND')
  const up = async () =>
    (await serversNow()).filter((row) => row.status?.startsWith('UP')).map((row) => row.svname ?? '')
  const cellOf = async (server: string, name: string) =>
    (await serversNow()).find((row) => row.svname === server)?.[name] ?? ''
  const close = async () => {
    child.kill('SIGKILL')
    await ended
  }
  const reload = async () => {
    const before = ended
    if (keepsState)
      writeFileSync(
        join(folder, 'server-state'),
        (await exchange(sockets.admin, 'show servers state')).join(''),
      )
    ;({ child, ended } = start('-sf', String(child.pid)))
    await before
    await allChecked()
  }
  let watched = { from: 0, up: 0 }

  const allChecked = () =>
    eventually(`haproxy sees ${servers.length} servers up`, async () => {
      if (child.exitCode !== null) throw new Error(`haproxy ended: ${log.join('\n')}`)
      // Before their first check all servers count as up; one that is kept out has no check.
      return (await serversNow().catch(() => [{ status: '', check_status: '' }])).every(
        ({ svname = '', status, check_status }) =>
          idle.includes(svname) || status === 'MAINT' || /^(\* )?(L7|PROC)OK$/.test(check_status ?? ''),
      )
    })

  try {
    await allChecked()
  } catch (error) {
    await close()
    throw error
  }
  return {
    door: `http://127.0.0.1:${doorPort}/`,
    sockets,
    log,
    async watchFromHere() {
      watched = { from: log.length, up: (await up()).length }
    },
    fewestUp: () => Math.min(watched.up, ...log.slice(watched.from).flatMap(countIn)),
    up,
    reload,
    enter: async (server) => void (await exchange(sockets.admin, `set server web/${server} state ready`)),
    sessions: async (server) => Number(await cellOf(server, 'scur')),
    lastCheck: async (server) => (await cellOf(server, 'check_status')).replace('* ', ''),
    async failures() {
      const all = await rows()
      const sum = (name: string) => all.reduce((total, row) => total + Number(row[name]), 0)
      return { connections: sum('econ'), responses: sum('eresp'), answered5xx: sum('hrsp_5xx') }
    },
    close,
  }
}

/** Returns the number of servers left, from a line about a server that came or went. */
function countIn(line: string): number[] {
  const count = /\b(\d+) active and 0 backup servers/.exec(line)?.[1]
  return count === undefined ? [] : [Number(count)]
}

function table(csv: string): Record<string, string>[] {
  const [header = '', ...lines] = csv.trim().split('\n')
  const names = header.replace(/^# /, '').split(',')
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, index) => [names[index], cell])))
}
