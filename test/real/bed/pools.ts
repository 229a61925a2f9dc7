import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { eventually } from '../../../src/sandbox/fleet/eventually.ts'
import { freePorts } from '../../../src/sandbox/fleet/ports.ts'
import { programPath } from './parts.ts'

/** A web server in front of a bed, whose pool is a folder that a script of `examples` writes. */
export interface PoolServer {
  /** The address that takes requests. */
  readonly door: string
  /** The script of the example. */
  readonly script: string
  /** The variables of the script that do not depend on the instance. */
  readonly env: Readonly<Record<string, string>>
  /** The variable that names an instance's address. */
  readonly addressIn: string
  /** The folder of the pool. */
  readonly pool: string
  /** The end of the name of an instance's file. */
  readonly ending: string
  close(): Promise<void>
}

export type PoolKind = 'nginx' | 'caddy'

const example = (path: string) => fileURLToPath(new URL(`../../../examples/${path}`, import.meta.url))

export const startPool = (kind: PoolKind, folder: string): Promise<PoolServer> =>
  ({ nginx: startNginx, caddy: startCaddy })[kind](folder)

/** Starts nginx with the example's site, at places of its own. */
async function startNginx(folder: string): Promise<PoolServer> {
  const [door = 0, marker = 0] = await freePorts(2)
  const [pool, conf, pid] = [join(folder, 'pool'), join(folder, 'nginx.conf'), join(folder, 'nginx.pid')]
  mkdirSync(pool)
  mkdirSync(join(folder, 'nginx'))
  writeFileSync(join(pool, 'marker.inc'), 'return 200 "nothing yet";\n')
  const site = readFileSync(example('nginx/web.conf'), 'utf8')
    .replaceAll('/etc/nginx/pools/web', pool)
    .replace('listen 80;', `listen 127.0.0.1:${door};`)
    .replace('127.0.0.1:8081', `127.0.0.1:${marker}`)
  const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${join(folder, 'nginx', name)};`,
  )
  writeFileSync(
    conf,
    `user root; daemon off; pid ${pid}; worker_processes 2; error_log ${join(folder, 'error.log')};
events {}
http {
  access_log off; ${folders.join(' ')}
  ${site}
}
`,
  )
  const close = await startServer(programPath('nginx') ?? 'nginx', '-c', conf)
  const env = {
    NGINX_POOL: pool,
    NGINX_MARKER: `http://127.0.0.1:${marker}/pool`,
    NGINX_CONF: conf,
    NGINX_PID: pid,
    NGINX_WAIT: '10',
  }
  await answers(env.NGINX_MARKER)
  return {
    door: `http://127.0.0.1:${door}/`,
    script: example('nginx/bin/pool'),
    env,
    addressIn: 'NGINX_ADDRESS',
    pool,
    ending: 'conf',
    close,
  }
}

/** Starts Caddy with the example's site, at places of its own. */
async function startCaddy(folder: string): Promise<PoolServer> {
  const [door = 0, admin = 0, left = 0] = await freePorts(3)
  const [pool, file] = [join(folder, 'pool'), join(folder, 'Caddyfile')]
  mkdirSync(pool)
  const site = readFileSync(example('caddy/Caddyfile'), 'utf8')
    .replaceAll('/etc/caddy/pools/web', pool)
    .replace(':80 {', `http://127.0.0.1:${door} {`)
    .replace(':8082 {', `http://:${left} {`)
  writeFileSync(file, `{\n\tadmin 127.0.0.1:${admin}\n}\n${site}`)
  const close = await startServer('caddy', 'run', '--config', file, '--adapter', 'caddyfile')
  const env = {
    CADDY_POOL: pool,
    CADDY_ADMIN: `http://127.0.0.1:${admin}`,
    CADDY_FILE: file,
    CADDY_LEFT: `127.0.0.1:${left}`,
    CADDY_WAIT: '10',
    XDG_DATA_HOME: folder,
    XDG_CONFIG_HOME: folder,
  }
  await answers(`${env.CADDY_ADMIN}/config/`)
  return {
    door: `http://127.0.0.1:${door}/`,
    script: example('caddy/bin/pool'),
    env,
    addressIn: 'CADDY_ADDRESS',
    pool,
    ending: 'caddy',
    close,
  }
}

/** Starts a server that ends with its parent, should that be killed. Returns what ends it. */
async function startServer(...words: readonly string[]): Promise<() => Promise<void>> {
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', ...words], { stdio: 'ignore' })
  const ended = once(child, 'exit')
  return async () => {
    child.kill('SIGTERM')
    await ended
  }
}

const answers = (url: string): Promise<void> =>
  eventually(`${url} answers`, async () => (await fetch(url).catch(() => null))?.ok === true)
