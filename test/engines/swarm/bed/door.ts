import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { eventually } from '../../../../src/sandbox/fleet/eventually.ts'
import { type Load, startLoad } from '../../load.ts'
import type { Daemon } from './daemon.ts'

/** The front door of a service. It closes with its test. */
export interface Door {
  /** Sends requests over kept connections until it is stopped. */
  load(): Load
}

const SERVERS = 14
const ADDRESS = 'http://127.0.0.1:18080/'

/** A haproxy in the network of the services. Docker's own names tell it where the replicas are. */
const settings = (service: string): string => `
global
  maxconn 1000
resolvers docker
  nameserver docker 127.0.0.11:53
  hold valid 200ms
  timeout resolve 300ms
defaults
  mode http
  timeout connect 1s
  timeout client 10s
  timeout server 10s
  retries 3
  retry-on conn-failure empty-response
  option redispatch 1
frontend door
  bind 127.0.0.1:18080
  default_backend replicas
backend replicas
  option httpchk GET /ready
  server-template replica ${SERVERS} tasks.${service}:8080 resolvers docker check inter 300ms fall 1 rise 1 init-addr none
`

/** Opens a front door before a service. */
export async function openDoor(daemon: Daemon, service: string): Promise<Door> {
  const name = `door-${service}`
  const file = join(daemon.folder, `${name}.cfg`)
  writeFileSync(file, settings(service))
  await daemon.docker(
    'run',
    '--detach',
    '--name',
    name,
    '--network',
    'web',
    '--no-healthcheck',
    daemon.image('v1'),
    'pause',
  )
  onTestFinished(async () => void (await daemon.docker('rm', '--force', name)))
  const [program = '', ...enter] = await daemon.inside(name)
  const haproxy = spawn(program, [...enter, 'haproxy', '-f', file], { stdio: 'ignore' })
  onTestFinished(() => void haproxy.kill('SIGKILL'))
  const asking = [...enter, daemon.program, 'get', ADDRESS]
  await eventually(`the door of ${service} is open`, async () => {
    const [code] = await once(spawn(program, asking, { stdio: 'ignore' }), 'exit')
    return code === 0
  })
  return { load: () => startLoad([program, ...enter, daemon.program, 'load', ADDRESS]) }
}
