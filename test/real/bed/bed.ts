import { readFileSync } from 'node:fs'
import { type Load, startLoad } from '../../../src/sandbox/fleet/load.ts'
import { type Served, type ServedOptions, startServed } from './served.ts'
import { type SshdFarm, type SshdFarmOptions, type SshdHost, startSshd } from './sshd.ts'

/** Hosts with a real sshd and an application each, behind a real haproxy. */
export interface Bed extends Served {
  readonly farm: SshdFarm
  host(name: string): SshdHost
  /** Requests at a steady rate, each over a connection of its own. */
  load(perSecond: number): Load
  /** The service `web` as a config has it, with further settings laid over it, and over its `ssh`. */
  service(laid?: Service, ssh?: Service): Service
  /** The same with two slots an instance. */
  slotted(laid?: Service): Service
  /** Other files that a release needs for the app, by path. */
  readonly files: Readonly<Record<string, string>>
}

export type Service = Readonly<Record<string, unknown>>

export interface BedOptions
  extends Omit<ServedOptions, 'hosts'>,
    Pick<SshdFarmOptions, 'hosts' | 'perProcess'> {}

/** The load lasts as long as the work does. */
const unending = { most: Number.POSITIVE_INFINITY, longest: Number.POSITIVE_INFINITY }

/** The path of the bed's ssh settings in the checkout. */
export const SETTINGS = 'operations/ssh_config'

export async function startBed({ hosts, perProcess, ...options }: BedOptions): Promise<Bed> {
  const farm = await startSshd({ hosts, ...(perProcess !== undefined && { perProcess }) })
  try {
    return bedOf(farm, await startServed({ ...options, hosts: farm.hosts }))
  } catch (error) {
    await farm.close()
    throw error
  }
}

function bedOf(farm: SshdFarm, served: Served): Bed {
  return {
    ...served,
    farm,
    host: (name) => farm.hosts.find((host) => host.name === name) ?? unknown(name),
    load: (perSecond) => startLoad({ url: served.balancer.door, perSecond, keepAlive: false, ...unending }),
    service: (laid, ssh) => ({ ...serviceOf(farm, served, ssh), ...laid }),
    slotted: (laid) => ({ ...slottedOf(farm, served), ...laid }),
    files: { [SETTINGS]: readFileSync(farm.settings, 'utf8') },
    async close() {
      await served.close()
      await farm.close()
    },
  }
}

function serviceOf({ hosts }: SshdFarm, { apps, balancer }: Served, ssh: Service = {}): Service {
  const at = `http://$ROLLGATE_HOST:${apps[0]?.port}`
  return {
    fleet: {
      ssh: {
        settings: SETTINGS,
        'connect-timeout': '2s',
        hosts: Object.fromEntries(hosts.map(({ name, address }) => [name, { host: address }])),
        ...ssh,
      },
      stop: inSh('bin/host stop'),
      install: { ...inSh('bin/host install'), timeout: '3s' },
      start: inSh('bin/host start'),
    },
    traffic: {
      haproxy: { socket: balancer.sockets.admin, backend: 'web', 'drain-timeout': '5s', 'up-timeout': '5s' },
    },
    version: { http: `${at}/version`, timeout: '2s' },
    'health-check': {
      http: `${at}/is-alive`,
      interval: '20ms',
      'min-healthy-time': '40ms',
      'healthy-deadline': '5s',
      timeout: '2s',
    },
    'self-test': { http: `${at}/self-test`, timeout: '3s' },
  }
}

function slottedOf(farm: SshdFarm, served: Served): Service {
  const { fleet, traffic, ...probes } = serviceOf(farm, served) as Record<string, Record<string, object>>
  const port = String(served.apps[0]?.port)
  const atSlot = JSON.parse(JSON.stringify(probes).replaceAll(`:${port}/`, ':$PORT/'))
  const operate = (task: string) => inSh(`HOME="$PWD/$ROLLGATE_SLOT" exec "$ROLLGATE_SLOT/bin/host" ${task}`)
  return {
    ...atSlot,
    fleet: {
      ...fleet,
      slots: { a: { PORT: port }, b: { PORT: String(served.apps[1]?.port) } },
      stop: operate('stop'),
      install: operate('install'),
      start: operate('start'),
    },
    traffic: { haproxy: { ...traffic?.haproxy, server: '$ROLLGATE_INSTANCE-$ROLLGATE_SLOT' } },
  }
}

/** The shell of the bench's loops; bash, the default, takes twice as long to start. */
const inSh = (run: string) => ({ run, shell: 'sh' })

function unknown(name: string): never {
  throw new Error(`There is no host ${name} in this bed.`)
}
