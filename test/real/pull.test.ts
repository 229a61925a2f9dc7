import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createClock } from '../../src/adapters/clock.ts'
import { createProber } from '../../src/adapters/prober.ts'
import { createPullFleet } from '../../src/adapters/pull-fleet.ts'
import { createTraffic } from '../../src/adapters/traffic.ts'
import type { PullFleet } from '../../src/domain/config/fleet.ts'
import type { Service } from '../../src/domain/config/service.ts'
import type { Desired } from '../../src/domain/pull/desired.ts'
import type { FinalDecision } from '../../src/domain/question/decision.ts'
import type { Release } from '../../src/domain/release/release.ts'
import { decide } from '../../src/pipeline/act/decide.ts'
import type { Ports } from '../../src/pipeline/ports.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { aFile } from '../contracts/release.contract.ts'
import {
  aLedgerServing,
  aPlan,
  aPolicy,
  aRecipe,
  aService,
  count,
  newer,
  noSteps,
  older,
} from '../domain/a-plan.ts'
import { bob, inMemory, opened, reading } from '../pipeline/in-memory.ts'
import { published } from '../pipeline/pulling.ts'
import { type AgentHost, agentHost, agentScript } from './bed/agent-host.ts'
import { type GitServer, startGitServer } from './bed/git-server.ts'
import { gitLedgers } from './bed/ledger-ref.ts'
import { missingParts } from './bed/parts.ts'

const missing = missingParts('dash', 'flock', 'git')
const names = Array.from({ length: 10 }, (_, at) => `web-${at + 1}`)
const interval = 1_500
/** The setting of an agent that is killed in its install, the first time. */
const dyingOnce = (folder: string): string =>
  `INSTALL='test -e ${folder}/died || { : >${folder}/died; kill -9 $PPID; exit; }; cp "$ROLLGATE_ARTIFACT" ${folder}/current'`

const policy = aPolicy({ approval: { kind: 'none' } })

describe.skipIf(missing !== null)('ten agents behind a real git server', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rollgate-pull-'))
  const downloads = join(folder, 'downloads')
  const clock = createClock()
  const memory = inMemory()
  const hosts = new Map<string, AgentHost>()
  /** The agents whose timer does not run, and those whose timer is slow. */
  const off = new Set<string>()
  const lagging = new Set<string>()
  const ended = new AbortController()
  const timers: Promise<void>[] = []
  let server: GitServer
  let instances: Server
  let releases: { older: Release; newer: Release }
  let ports: Ports
  let service: Service

  const hostOf = (name: string): AgentHost => hosts.get(name) ?? expect.fail(`there is no ${name}`)
  const served = () => Object.fromEntries(names.map((name) => [name, hostOf(name).serves()]))
  const all = (tag: string) => Object.fromEntries(names.map((name) => [name, tag]))

  /** Answers as the hosts would: for the process of an instance, and for its agent's socket. */
  function answerFor(path: string): [status: number, text: string] {
    const [, name = '', what = ''] = path.split('/')
    const release = hostOf(name).serves()
    if (what !== 'agent') return release === null ? [503, 'down'] : [200, release]
    const states = join(hostOf(name).folder, 'states')
    const input = `GET /${name} HTTP/1.0\r\n\r\n`
    const said = execFileSync('dash', [agentScript, 'answer', states], { input, encoding: 'utf8' })
    return [Number(said.split(' ')[1]), said.slice(said.indexOf('\r\n\r\n') + 4)]
  }

  const timer = async (name: string): Promise<void> => {
    while (!ended.signal.aborted) {
      if (!off.has(name)) await hostOf(name).look()
      await clock.sleep(lagging.has(name) ? 4 * interval : interval, ended.signal)
    }
  }

  beforeAll(async () => {
    server = await startGitServer(folder)
    mkdirSync(downloads)
    for (const { tag } of [older, newer]) writeFileSync(join(downloads, tag), `${tag}\n`)
    for (const instance of names) {
      const more = instance === 'web-2' ? dyingOnce(join(folder, instance)) : ''
      const options = { remote: server.url, instance, downloads, more }
      hosts.set(instance, agentHost(join(folder, instance), options))
    }
    instances = createServer(({ url = '' }, response) => {
      const [status, text] = answerFor(url)
      response.writeHead(status).end(text)
    })
    await new Promise<void>((resolve) => instances.listen(0, '127.0.0.1', resolve))
    const address = instances.address()
    const port = typeof address === 'object' ? address?.port : null
    const at = (what: string) =>
      ({ kind: 'http', url: `http://127.0.0.1:${port}/$ROLLGATE_INSTANCE/${what}`, timeout: 10_000 }) as const
    const fleet: PullFleet = {
      ...{ kind: 'pull', interval, intervals: 12, status: at('agent') },
      ...{ instances: names.map((name) => ({ name, host: '127.0.0.1', env: {} })) },
      ...{ prepare: null, stop: null, install: null, start: null },
    }
    const healthCheck = { interval: 100, minHealthyTime: 200, healthyDeadline: 5_000, probe: at('alive') }
    service = {
      ...aService('web', 10, { maxParallel: count(3) }),
      ...{ fleet, healthCheck, version: at('version'), traffic: { kind: 'is-alive' }, selfTest: null },
    }
    const file = ({ tag }: Release) => aFile('shop.txt', `${tag}\n`)
    releases = {
      older: await published(memory, older, file(older)),
      newer: await published(memory, newer, file(newer)),
    }
    const { shell } = memory.ports
    const prober = createProber(shell)
    ports = {
      ...memory.ports,
      ...{ clock, prober, ledgers: gitLedgers(server.gitDir) },
      fleet: (recipe) =>
        recipe.kind === 'pull' ? createPullFleet(recipe, { shell, prober }) : expect.fail('another fleet'),
      traffic: (one, control) => createTraffic(one.traffic, { fleet: control, clock }),
    }
  })
  afterAll(async () => {
    ended.abort()
    await Promise.all(timers)
    await new Promise((resolve) => instances.close(resolve))
    await server.stop()
    rmSync(folder, { recursive: true })
  })

  const answer = async (decision: FinalDecision, pause: string) => {
    const kept = await ports.ledgers.read('shop', 'production')
    const asked = { environment: 'production', pause, instances: [], reason: 'seen', by: 'bob' }
    const answered = { ...asked, decision, override: '' }
    return (await decide(ports, { ...kept, policy }, answered, bob, memory.stop, reading)).ending
  }

  test('one off, one slow, one killed, one whose self test fails → asked twice, and taken back to one release WX-10 WX-22', async () => {
    const [was, is] = [releases.older, releases.newer]
    const told = (instance: string): Desired => ({
      ...{ service: 'web', instance, order: '6.1', restart: false, manifest: was.manifest ?? '' },
      ...{
        release: { tag: was.tag, sha: was.sha },
        artifacts: { 'shop.txt': aFile('', `${was.tag}\n`).sha256 },
      },
    })
    const { serving } = aLedgerServing(was)
    const plan = aPlan({
      ...{ policy, release: is, recipe: aRecipe({ steps: noSteps, services: [service] }) },
      ledger: aLedgerServing(was, {
        serving: serving && { ...serving, preDeploy: null },
        pulled: names.map(told),
      }),
    })
    const bed = { ...memory, ports, ledgers: { ...memory.ledgers, ...ports.ledgers } }
    const context = await opened(bed, plan, { pulled: names.map(told) })
    writeFileSync(join(hostOf('web-2').folder, 'died'), '')
    await Promise.all(names.map((name) => hostOf(name).look()))
    expect(served()).toEqual(all(was.tag))

    rmSync(join(hostOf('web-2').folder, 'died'))
    off.add('web-4')
    lagging.add('web-6')
    hostOf('web-8').failOn(is.tag)
    const run = execute(context)
    timers.push(...names.map(timer))

    const first = await run
    expect(first).toMatchObject({
      kind: 'waiting',
      pause: { kind: 'failed-instances', instances: ['web-4'], failure: { code: 'not-converged' } },
    })
    const done = Object.fromEntries(
      ['web-1', 'web-2', 'web-3', 'web-5', 'web-6'].map((name) => [name, is.tag]),
    )
    expect(served()).toEqual({ ...all(was.tag), ...done })

    expect(existsSync(join(hostOf('web-2').folder, 'died'))).toBe(true)
    off.delete('web-4')
    const second = await answer('retry', '7.1')
    expect(second).toMatchObject({
      kind: 'waiting',
      pause: {
        instances: ['web-8'],
        failure: { code: 'agent-failed', what: expect.stringContaining('self test') },
      },
    })
    const further = Object.fromEntries(['web-4', 'web-7'].map((name) => [name, is.tag]))
    expect(served()).toEqual({ ...all(was.tag), ...done, ...further, 'web-8': null })

    expect(await answer('roll-back', '7.2')).toMatchObject({
      kind: 'ended',
      outcome: { kind: 'rolled-back' },
    })
    expect(served()).toEqual(all(was.tag))
    const { ledger } = await ports.ledgers.read('shop', 'production')
    expect(ledger.pulled.find(({ instance }) => instance === 'web-10')?.order).toBe('6.1')
    expect(await hostOf('web-8').report()).toMatchObject({ version: was.tag, state: 'done' })
  }, 300_000)
})
