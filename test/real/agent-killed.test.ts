import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { ledgerFiles } from '../../src/adapters/github/ledger/files.ts'
import { emptyLedger } from '../../src/domain/ledger/ledger.ts'
import { eventually } from '../../src/sandbox/fleet/eventually.ts'
import { type AgentHost, agentHost, agentScript, killing } from './bed/agent-host.ts'
import { commitOf, gitIn } from './bed/ledger-ref.ts'
import { missingParts } from './bed/parts.ts'

const missing = missingParts('dash', 'flock', 'git')
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/** Each takes two looks: a sample by default, every one of them with `ROLLGATE_MATRIX_EVERY=1`. */
const every = Number(process.env.ROLLGATE_MATRIX_EVERY ?? 13)

describe.skipIf(missing !== null)('an agent that is killed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rollgate-agent-killed-'))
  const gitDir = join(folder, 'shop.git')
  const downloads = join(folder, 'downloads')
  let made = 0

  beforeAll(() => {
    gitIn(gitDir, ['init', '--quiet', '--bare', gitDir])
    mkdirSync(downloads)
    for (const tag of ['v1', 'v2']) writeFileSync(join(downloads, tag), `${tag}\n`)
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  const write = (tag: string, order: string, parent: string | null): string => {
    const desired = {
      ...{ service: 'web', instance: 'web-1', order, restart: false, manifest: sha256(tag) },
      ...{ release: { tag, sha: sha256(tag).slice(0, 40) }, artifacts: { 'shop.txt': sha256(`${tag}\n`) } },
    }
    const files = ledgerFiles({ ...emptyLedger('shop', 'production'), pulled: [desired] })
    const commit = commitOf(gitDir, files, parent)
    gitIn(gitDir, ['update-ref', 'refs/rollgate/shop/production', commit])
    return commit
  }

  const aHost = (): AgentHost => {
    made += 1
    return agentHost(join(folder, `host-${made}`), { remote: gitDir, instance: 'web-1', downloads })
  }

  /** Kills at each command in turn until a look is over before it, and has each next look finish. Returns their number. */
  async function killEverywhere(ready: (host: AgentHost) => Promise<void>, order: string): Promise<number> {
    for (let at = 1; ; at += every) {
      const host = aHost()
      const counter = join(host.folder, 'counter')
      await ready(host)
      const killed = (await host.look(killing(counter, at))).code === null
      const between = await host.report()
      // A report never says more than what is there.
      if (between.version === 'v2') expect({ at, serves: host.serves() }).toEqual({ at, serves: 'v2' })
      const { code } = await host.look()
      const { version, order: ended, state } = await host.report()
      expect({ at, code, version, ended, state, serves: host.serves() }).toEqual({
        ...{ at, code: 0, version: 'v2', ended: order, state: 'done', serves: 'v2' },
      })
      const files = ['working', 'failed', 'trouble'].filter((name) => existsSync(join(host.state, name)))
      expect({ at, files }).toEqual({ at, files: [] })
      rmSync(host.folder, { recursive: true })
      if (!killed) return at
    }
  }

  test('at a command of its first look → the next look ends where one look would have', async () => {
    write('v2', '2.1', null)
    expect(await killEverywhere(async () => {}, '2.1')).toBeGreaterThan(100)
  }, 600_000)

  test('at a command while it brings another release → the next look ends where one look would have', async () => {
    const first = write('v1', '1.1', null)
    const before = aHost()
    await before.look()
    write('v2', '2.1', first)
    const ready = async (host: AgentHost) => {
      cpSync(join(before.folder, 'states'), join(host.folder, 'states'), { recursive: true })
      for (const name of ['current', 'up']) cpSync(join(before.folder, name), join(host.folder, name))
    }
    expect(await killEverywhere(ready, '2.1')).toBeGreaterThan(100)
  }, 600_000)

  test('in its install, which goes on alone → the next look waits for it, and then brings the release', async () => {
    write('v2', '2.1', null)
    const host = aHost()
    const gate = join(host.folder, 'gate')
    // The install waits for it, whatever becomes of the test.
    onTestFinished(() => writeFileSync(gate, ''))
    const slow = `while [ ! -e ${gate} ]; do sleep 0.05; done; cp "$ROLLGATE_ARTIFACT" ${host.folder}/current`
    const settings = readFileSync(host.settings, 'utf8')
    writeFileSync(host.settings, `${settings}INSTALL='echo INSTALL >>${host.folder}/ran; ${slow}'\n`)
    const child = spawn('dash', [agentScript, 'look', host.settings], { stdio: 'ignore' })
    await eventually('it installs', () => host.ran().includes('INSTALL'))
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(await host.look()).toMatchObject({ code: 0, said: expect.stringContaining('another look') })
    expect(host.serves()).toBeNull()
    writeFileSync(gate, '')
    let end = await host.look()
    while (end.said.includes('another look')) end = await host.look()
    expect(end).toMatchObject({ code: 0 })
    expect(host.serves()).toBe('v2')
    expect(await host.report()).toMatchObject({ version: 'v2', state: 'done' })
  })
})
