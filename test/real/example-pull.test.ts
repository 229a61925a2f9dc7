import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openOwnRepository } from '../../src/sandbox/own-repository.ts'
import { type PlayedRun, stepOf } from '../../src/sandbox/workflows/run/run-start.ts'
import { ended } from '../../src/sandbox/workflows/site/machine.ts'
import { ownWorkflows } from '../../src/workflows/own-workflows.ts'
import { type AgentHost, agentScript, hostWithSettings } from './bed/agent-host.ts'
import { missingParts } from './bed/parts.ts'

const missing = missingParts('dash', 'flock', 'git')
const example = new URL('../../examples/pull-hosts/', import.meta.url)
const names = ['web-1', 'web-2', 'web-3']

/** Stands in for systemd on a host: the shop runs while there is a file. It does not start from a broken release. */
const systemctl = `#!/bin/sh
case "$1" in
  start) ! test -e "$HOST/srv/current/broken" && : >"$HOST/up" ;;
  stop) rm -f "$HOST/up" ;;
esac
`
/** Stands in for curl: it downloads from a folder, and asks the shop whether it runs. */
const curl = `#!/bin/sh
case "$*" in
  *self-test*) test -e "$HOST/up" ;;
  *) cp "$DOWNLOADS/$ROLLGATE_RELEASE" "$ROLLGATE_ARTIFACT" ;;
esac
`

describe.skipIf(missing !== null)('the example of hosts that pull', () => {
  test('brings the releases that it makes to three hosts by their agents, stops at a bad one, and goes back', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'example-pull-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const [tools, downloads, source] = ['tools', 'downloads', 'source'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ]
    for (const one of [tools, downloads]) mkdirSync(one)
    writeFileSync(join(tools, 'systemctl'), systemctl, { mode: 0o755 })
    writeFileSync(join(tools, 'curl'), curl, { mode: 0o755 })
    const hosts = new Map<string, AgentHost>()
    const hostOf = (name: string): AgentHost => hosts.get(name) ?? expect.fail(`there is no ${name}`)
    const serves = (name: string): string | null =>
      existsSync(join(hostOf(name).folder, 'up'))
        ? readFileSync(join(hostOf(name).folder, 'srv/current/RELEASE'), 'utf8')
        : null

    const server = createServer(({ url = '' }, response) => {
      const [, name = '', what = ''] = url.split('/')
      const release = serves(name)
      const report = () =>
        execFileSync('dash', [agentScript, 'report', hostOf(name).state], { encoding: 'utf8' })
      if (what === 'web') response.end(report())
      else response.writeHead(release === null ? 503 : 200).end(release ?? 'down')
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    onTestFinished(() => void server.close())
    const address = server.address()
    const at = `127.0.0.1:${typeof address === 'object' ? address?.port : ''}/$ROLLGATE_INSTANCE`

    cpSync(example, source, { recursive: true })
    const config = join(source, '.github/rollgate.yml')
    const text = readFileSync(config, 'utf8')
      .replaceAll(/\$ROLLGATE_HOST:\d+/g, at)
      .replace(/interval: 1m.*/, 'interval: 200ms')
      .replace('intervals: 3', 'intervals: 100')
      .replace('min-healthy-time: 5s', 'interval: 50ms, min-healthy-time: 100ms')
      .replace('bake-time: 10m', 'bake-time: 1s, on: run')
      .replace(/ +traffic: .*\n/, '')
    expect(text).not.toMatch(/:9301|:8080|haproxy|10m/)
    writeFileSync(config, text)
    for (const [path, written] of ownWorkflows({ version: 'v0', runsOn: 'self-hosted' }))
      writeFileSync(join(source, path), written)
    const packed = join(folder, 'packed.tar.gz')
    await using own = await openOwnRepository({
      ...{ folder, source },
      environments: { production: { reviewers: ['rhea'] }, 'production-watch': {} },
      foreign: {
        'actions/upload-artifact': ({ workspace }) => {
          cpSync(join(workspace, 'dist/shop.tar.gz'), packed)
          return ended({})
        },
        'actions/download-artifact': ({ workspace }) => {
          cpSync(packed, join(workspace, 'dist/shop.tar.gz'))
          return ended({})
        },
      },
    })
    for (const name of names) {
      const host = join(folder, name)
      const settings = readFileSync(new URL('hosts/web', example), 'utf8')
        .replace(/^REMOTE=.*/m, `REMOTE=${own.github.gitDir}`)
        .replace(/^INSTANCE=.*/m, `INSTANCE=${name}`)
        .replaceAll('/srv/shop', `${host}/srv`)
      hosts.set(name, hostWithSettings(host, name, `${settings}SELF_TEST_TRIES=2\nSELF_TEST_WAIT=0\n`))
    }
    const over = new AbortController()
    const look = async (name: string): Promise<void> => {
      const env = { HOST: hostOf(name).folder, DOWNLOADS: downloads, PATH: `${tools}:${process.env.PATH}` }
      while (!over.signal.aborted) {
        await hostOf(name).look(env)
        await delay(400)
      }
    }
    const timers = names.map(look)
    onTestFinished(async () => {
      over.abort()
      await Promise.all(timers)
    })

    const release = async (tag: string, files: Record<string, string> = {}): Promise<void> => {
      await own.commit({ 'notes.txt': tag, ...files }, `Release ${tag}`)
      const run = await own.actions.dispatch('release.yml', { tag, description: 'What it is for' })
      expect([run.conclusion, run.problems], JSON.stringify(run.jobs)).toEqual(['success', []])
      const { assets = [] } = own.github.releases.find((one) => one.tag === tag) ?? {}
      writeFileSync(join(downloads, tag), assets.find((one) => one.name === 'shop.tar.gz')?.bytes ?? '')
    }
    const fill = (inputs: object): Promise<PlayedRun> =>
      own.actions.dispatch('rollgate.yml', { environment: 'production', ...inputs })
    const outcome = (run: PlayedRun) => stepOf(run.jobs.act, 'act')?.outputs.outcome
    const served = () => names.map(serves)

    await release('v1.0.0')
    expect(outcome(await fill({ do: 'deploy', release: 'v1.0.0' }))).toBe('succeeded')
    expect(served()).toEqual(['v1.0.0', 'v1.0.0', 'v1.0.0'])
    await release('v1.1.0')
    expect(outcome(await fill({ do: 'deploy', release: 'v1.1.0' }))).toBe('succeeded')
    expect(served()).toEqual(['v1.1.0', 'v1.1.0', 'v1.1.0'])

    await release('v1.2.0', { 'app/broken': 'yes' })
    const bad = await fill({ do: 'deploy', release: 'v1.2.0' })
    expect(outcome(bad)).toBe('waiting')
    expect(served()).toEqual([null, 'v1.1.0', 'v1.1.0'])
    const question = stepOf(bad.jobs.act, 'act')?.outputs.pause ?? ''
    const answer = { do: 'decide', question, decision: 'roll-back', reason: 'it does not start' }
    expect(outcome(await fill(answer))).toBe('rolled-back')
    expect(served()).toEqual(['v1.1.0', 'v1.1.0', 'v1.1.0'])
    expect(own.github.violations).toEqual([])
  }, 240_000)
})
