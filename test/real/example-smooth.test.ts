import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { endProcess } from '../../src/sandbox/fleet/ending.ts'
import { eventually } from '../../src/sandbox/fleet/eventually.ts'
import { startLoadApart } from '../../src/sandbox/fleet/load-apart.ts'
import { freePorts } from '../../src/sandbox/fleet/ports.ts'
import type { JobInputs } from '../../src/sandbox/stage.ts'
import { missingParts, programPath } from './bed/parts.ts'
import { type PostgresBed, query, startPostgres } from './bed/postgres.ts'
import { openProject, type Project } from './bed/project.ts'

const example = new URL('../../examples/smooth-shop/', import.meta.url)
const packages = new URL('../../node_modules', import.meta.url).pathname
const read = (path: string): string => readFileSync(new URL(path, example), 'utf8')
const missing = missingParts('initdb', 'flock', 'haproxy') !== null

/** A folder for a test, which its balancer and its instances use. */
function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'smooth-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Returns the example's text for the places of a test. */
async function placing(postgres: PostgresBed, folder: string): Promise<(text: string) => string> {
  const ports = await freePorts(5)
  const places: Record<string, string> = {
    '/etc/haproxy/detour.map': join(folder, 'detour.map'),
    '/run/haproxy/admin.sock': join(folder, 'admin.sock'),
    '/var/lib/rollgate/shop': postgres.standIn.data,
    '/usr/lib/postgresql/15/bin': postgres.programs,
    ' group haproxy': '',
    '5432': String(postgres.home.port),
    '5433': String(postgres.standIn.port),
    ...Object.fromEntries(ports.map((port, at) => [`808${at}`, String(port)])),
    'class: production': 'class: production\n    requires: { approval: false }',
  }
  return (text) => Object.entries(places).reduce((whole, [from, to]) => whole.replaceAll(from, to), text)
}

async function startBalancer(folder: string, place: (text: string) => string): Promise<string> {
  const config = join(folder, 'haproxy.cfg')
  writeFileSync(config, place(read('haproxy.cfg')))
  writeFileSync(join(folder, 'detour.map'), read('detour.map'))
  const child = spawn(programPath('haproxy') ?? 'haproxy', ['-db', '-f', config], { stdio: 'ignore' })
  onTestFinished(async () => {
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  })
  const url = place('http://127.0.0.1:8080')
  await eventually('the balancer answers', async () => (await fetch(url).catch(() => null)) !== null)
  return url
}

const files = (place: (text: string) => string, more: Readonly<Record<string, string>>) => ({
  ...Object.fromEntries(
    [
      'shop.js',
      'migrate.js',
      'package.json',
      'db/001-shop.sql',
      ...readdirSync(new URL('bin', example)).map((name) => `bin/${name}`),
    ].map((path) => [path, { content: read(path), executable: path.startsWith('bin/') }]),
  ),
  '.github/rollgate.yml': place(read('.github/rollgate.yml')),
  ...more,
})

describe.skipIf(missing)('the example of a smooth shop on real parts', () => {
  test('a contract migration is made at home while visitors read from the stand-in, and no request fails SD-11 SD-12', async () => {
    const postgres = await startPostgres()
    onTestFinished(() => postgres.close())
    const folder = aFolder()
    const place = await placing(postgres, folder)
    const home = join(folder, 'shop')
    mkdirSync(home)
    chmodSync(folder, 0o755)
    symlinkSync(packages, join(home, 'node_modules'))
    onTestFinished(async () => {
      const pids = readdirSync(home).map((name) => readPid(join(home, name, 'server.pid')))
      for (const pid of pids.filter((one) => one !== null)) await endProcess(pid)
    })
    const url = await startBalancer(folder, place)
    const project = await openProject({})
    onTestFinished(() => project.close())
    symlinkSync(packages, join(placeOfCheckouts(project), 'node_modules'))
    const env = {
      ...postgres.env,
      SHOP_HOME: home,
      PGPASSWORD: 'shop',
      DATABASE_PORT: String(postgres.home.port),
      PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
    } as Record<string, string>
    const job = async (tag: string, inputs: JobInputs) => {
      const started = await project.start(tag, inputs, env)
      const main = await started.ended
      await started.post(main)
      return main
    }
    await project.github.commit('main', files(place, {}), 'Release v1', { tag: 'v1' })
    const first = await job('v1', { command: 'deploy', release: 'v1' })
    expect(first.outputs, first.log.join('\n')).toMatchObject({ outcome: 'succeeded' })

    const load = await startLoadApart({ url, perSecond: 50 })
    const migration = { 'db/002-no-remark.sql': 'ALTER TABLE products DROP COLUMN remark;\n' }
    await project.github.commit('main', files(place, migration), 'Release v2', { tag: 'v2' })
    const opened = await job('v2', { command: 'deploy', release: 'v2' })
    expect(opened.outputs, opened.log.join('\n')).toMatchObject({ outcome: 'waiting' })
    const columns = async (address: string) =>
      Object.keys((await query(address, 'SELECT * FROM products LIMIT 1'))[0] ?? {})
    expect(await columns(postgres.home.url)).toEqual(['id', 'name'])
    expect(await columns(postgres.standIn.url)).toEqual(['id', 'name', 'remark'])
    const visitor = await fetch(url)
    expect([visitor.headers.get('x-side'), visitor.headers.get('x-release')]).toEqual(['stand-in', 'v1'])
    const order = await fetch(`${url}/orders`, { method: 'POST', body: 'one' })
    expect([order.status, order.headers.get('retry-after')]).toEqual([503, '2'])

    const { pause = '' } = opened.outputs
    const done = await job('v2', { command: 'decide', pause, decision: 'complete', reason: 'looked at it' })
    expect(done.outputs, done.log.join('\n')).toMatchObject({ outcome: 'succeeded' })
    const after = await fetch(url)
    expect([after.headers.get('x-side'), after.headers.get('x-release')]).toEqual(['home', 'v2'])
    expect((await fetch(`${url}/orders`, { method: 'POST', body: 'two' })).status).toBe(201)
    expect(await load.stop()).toMatchObject({ failures: 0, reasons: [] })
    expect(await columns(postgres.home.url)).toEqual(['id', 'name'])
  }, 240_000)
})

/** Returns the pid in a file; null where the instance was stopped. */
const readPid = (file: string): number | null =>
  existsSync(file) ? Number(readFileSync(file, 'utf8')) : null

/** Returns the folder that every checkout of a project lies in. */
const placeOfCheckouts = ({ github }: Project): string =>
  /^.*\/project-[^/]+/.exec(github.gitDir)?.[0] ?? dirname(github.gitDir)
