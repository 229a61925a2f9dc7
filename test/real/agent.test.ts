import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { ledgerFiles } from '../../src/adapters/github/ledger/files.ts'
import { emptyLedger, type Ledger } from '../../src/domain/ledger/ledger.ts'
import type { Desired } from '../../src/domain/pull/desired.ts'
import { type AgentHost, agentHost, agentScript } from './bed/agent-host.ts'
import { type GitServer, startGitServer } from './bed/git-server.ts'
import { commitOf, gitIn } from './bed/ledger-ref.ts'
import { missingParts } from './bed/parts.ts'

const missing = missingParts('dash', 'flock', 'git', 'shellcheck')
const ref = 'refs/rollgate/shop/production'
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

const desired = (tag: string, order: string, change: Partial<Desired> = {}): Desired => ({
  ...{ service: 'web', instance: 'web-1', order, restart: false, manifest: sha256(`manifest of ${tag}`) },
  release: { tag, sha: sha256(tag).slice(0, 40) },
  artifacts: { 'shop.txt': sha256(`${tag}\n`), 'other.txt': sha256('other') },
  ...change,
})

describe.skipIf(missing !== null)('an agent on its host', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rollgate-agent-'))
  const downloads = join(folder, 'downloads')
  let server: GitServer
  let host: AgentHost
  let hosts = 0

  beforeAll(async () => {
    server = await startGitServer(folder)
    mkdirSync(downloads)
    for (const tag of ['v1', 'v2', 'v3']) writeFileSync(join(downloads, tag), `${tag}\n`)
  })
  afterAll(async () => {
    await server.stop()
    rmSync(folder, { recursive: true })
  })
  beforeEach(() => {
    hosts += 1
    host = hostWith()
    move(commit([], null))
  })

  const hostWith = (more = '') =>
    agentHost(join(folder, `host-${hosts}`), { remote: server.url, instance: 'web-1', downloads, more })

  const head = () => gitIn(server.gitDir, ['rev-parse', ref])
  const move = (to: string) => gitIn(server.gitDir, ['update-ref', ref, to])
  const ledgerOf = (pulled: readonly Desired[], change: Partial<Ledger> = {}): Ledger => ({
    ...emptyLedger('shop', 'production'),
    pulled,
    ...change,
  })
  const commit = (pulled: readonly Desired[], parent: string | null, change: Partial<Ledger> = {}) =>
    commitOf(server.gitDir, ledgerFiles(ledgerOf(pulled, change)), parent)
  /** Writes the ledger as Rollgate does: one commit more. */
  const write = (...pulled: readonly Desired[]) => move(commit(pulled, head()))

  test('is clean POSIX shell by shellcheck, and dash reads it', () => {
    execFileSync('shellcheck', ['--shell=sh', agentScript])
    execFileSync('dash', ['-n', agentScript])
  })

  test('brings the desired release: stop, install, start, self test, and its report says so', async () => {
    write(desired('v1', '1.1'))
    expect(await host.look()).toMatchObject({ code: 0 })
    expect(host.serves()).toBe('v1')
    expect(host.ran()).toEqual(['STOP', 'INSTALL', 'START', 'SELF_TEST'])
    expect(await host.report()).toMatchObject({ version: 'v1', order: '1.1', state: 'done', why: '' })
  })

  test('a release that is installed → nothing is done, however often it looks WX-09', async () => {
    write(desired('v1', '1.1'))
    await host.look()
    const ran = host.ran()
    for (const _ of [1, 2]) expect(await host.look()).toEqual({ code: 0, said: '', printed: '' })
    write(desired('v1', '1.1'), desired('v2', '2.1', { instance: 'web-2' }))
    await host.look()
    expect(host.ran()).toEqual(ran)
  })

  test('nothing desired → nothing is done', async () => {
    expect(await host.look()).toMatchObject({
      code: 0,
      said: expect.stringContaining('no release is desired'),
    })
    expect(host.ran()).toEqual([])
    expect(await host.report()).toMatchObject({ version: null, state: 'waiting' })
  })

  test('another release, and the one before again: each is brought', async () => {
    for (const [tag, order] of [
      ['v1', '1.1'],
      ['v2', '2.1'],
      ['v1', '2.2'],
    ] as const) {
      write(desired(tag, order))
      await host.look()
      expect(host.serves()).toBe(tag)
      expect(await host.report()).toMatchObject({ version: tag, order, state: 'done' })
    }
  })

  test('another order for the same release → its self test alone decides, and a restart stops and starts', async () => {
    write(desired('v1', '1.1'))
    await host.look()
    write(desired('v1', '2.1'))
    await host.look()
    expect(host.ran().slice(4)).toEqual(['SELF_TEST'])
    write(desired('v1', '3.1', { restart: true }))
    await host.look()
    expect(host.ran().slice(5)).toEqual(['STOP', 'START', 'SELF_TEST'])
    expect(await host.report()).toMatchObject({ order: '3.1', state: 'done' })
    await host.look()
    expect(host.ran()).toHaveLength(8)
  })

  test('another order for the same release, whose process has died → it is brought anew', async () => {
    write(desired('v1', '1.1'))
    await host.look()
    rmSync(join(host.folder, 'up'))
    write(desired('v1', '2.1'))
    await host.look()
    expect(host.serves()).toBe('v1')
    expect(await host.report()).toMatchObject({ order: '2.1', state: 'done' })
  })

  test('a self test that fails → stopped, reported, and not tried again without another order', async () => {
    write(desired('v1', '1.1'))
    await host.look()
    host.failOn('v2')
    write(desired('v2', '2.1'))
    expect(await host.look()).toMatchObject({ code: 1 })
    expect(host.serves()).toBeNull()
    expect(await host.report()).toMatchObject({ version: null, order: '2.1', state: 'failed' })
    expect(await host.report()).toMatchObject({ why: 'the self test failed 2 times' })
    const ran = host.ran()
    expect(await host.look()).toMatchObject({ code: 1 })
    expect(host.ran()).toEqual(ran)
    host.failOn()
    write(desired('v2', '2.2'))
    expect(await host.look()).toMatchObject({ code: 0 })
    expect(await host.report()).toMatchObject({ version: 'v2', order: '2.2', state: 'done' })
  })

  test('the release before, after a failed one → it is brought back', async () => {
    write(desired('v1', '1.1'))
    await host.look()
    host.failOn('v2')
    write(desired('v2', '2.1'))
    await host.look()
    write(desired('v1', '2.2'))
    expect(await host.look()).toMatchObject({ code: 0 })
    expect(host.serves()).toBe('v1')
  })

  test('a file with another digest than the manifest says → refused before anything stops', async () => {
    write(desired('v1', '1.1'))
    await host.look()
    const ran = host.ran()
    write(desired('v2', '2.1', { artifacts: { 'shop.txt': sha256('v2, once') } }))
    expect(await host.look()).toMatchObject({ code: 1 })
    expect(host.ran()).toEqual(ran)
    expect(host.serves()).toBe('v1')
    expect(await host.report()).toMatchObject({
      ...{ version: 'v1', order: '2.1', state: 'failed' },
      why: expect.stringContaining('has the SHA-256'),
    })
  })

  test('a file that cannot be fetched → the instance serves on, and a later look brings it', async () => {
    write(desired('v1', '1.1'))
    await host.look()
    write(desired('v9', '2.1', { artifacts: { 'shop.txt': sha256('v9\n') } }))
    expect(await host.look()).toMatchObject({ code: 1 })
    expect(host.serves()).toBe('v1')
    expect(await host.report()).toMatchObject({ state: 'waiting', why: expect.stringContaining('fetched') })
    writeFileSync(join(downloads, 'v9'), 'v9\n')
    expect(await host.look()).toMatchObject({ code: 0 })
    expect(host.serves()).toBe('v9')
  })

  test('a program that is killed in mid-output → its text counts for nothing, and a later look brings the release F02', async () => {
    write(desired('v1', '1.1'))
    await host.look()
    const killed = join(host.folder, 'killed')
    appendFileSync(
      host.settings,
      `git() { case "$*" in *"cat-file blob"*) [ -e ${killed} ] || { : >${killed}; command git "$@" | head -n 3; kill -9 "$(exec sh -c 'echo $PPID')"; } ;; esac; command git "$@"; }\n`,
    )
    write(desired('v2', '2.1'))
    await host.look()
    expect([existsSync(killed), host.serves(), host.ran().length]).toEqual([true, 'v1', 4])
    expect(await host.report()).not.toMatchObject({ state: 'refused' })
    expect(await host.look()).toMatchObject({ code: 0 })
    expect(host.serves()).toBe('v2')
  })

  test.skipIf(process.getuid?.() !== 0).each([0, 1, 2, 4, 8, 16])(
    'a disk with %d free pages → nothing begins that cannot be noted, and with room the release is brought F02',
    async (pages) => {
      mkdirSync(host.state)
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', host.state])
      onTestFinished(() => void execFileSync('umount', ['-l', host.state]))
      write(desired('v1', '1.1'))
      expect(await host.look()).toMatchObject({ code: 0 })
      write(desired('v2', '2.1'))
      const full = join(host.state, 'full')
      const { bavail, bsize } = statfsSync(host.state)
      writeFileSync(full, Buffer.alloc((Number(bavail) - pages) * Number(bsize)))
      const before = host.ran().length
      const { code, said } = await host.look()
      const begun = existsSync(join(host.state, 'working')) || host.serves() === 'v2'
      expect(host.ran().length > before).toBe(begun)
      if (host.serves() !== 'v2' || code !== 0) expect(said).toMatch(/could not be|No space left/)
      if (code === 0) expect(await host.report()).toMatchObject({ version: 'v2', state: 'done' })
      rmSync(full)
      expect(await host.look()).toMatchObject({ code: 0 })
      expect([host.serves(), await host.report()]).toMatchObject(['v2', { version: 'v2', state: 'done' }])
    },
  )

  test('a change whose begin cannot be noted → does not begin, and a later look brings the release F02', async () => {
    write(desired('v1', '1.1'))
    await host.look()
    const inItsWay = join(host.state, 'working.new')
    mkdirSync(inItsWay)
    write(desired('v2', '2.1'))
    expect(await host.look()).toMatchObject({ code: 1, said: expect.stringContaining('could not be noted') })
    expect([host.serves(), host.ran().length]).toEqual(['v1', 4])
    expect(await host.report()).toMatchObject({ version: 'v1', state: 'waiting' })
    rmSync(inItsWay, { recursive: true })
    expect(await host.look()).toMatchObject({ code: 0 })
    expect(host.serves()).toBe('v2')
  })

  test('a server that is gone → the instance serves on, and the report says when it looked', async () => {
    write(desired('v1', '1.1'))
    await host.look()
    appendFileSync(host.settings, 'REMOTE=git://127.0.0.1:1/shop.git\n')
    expect(await host.look()).toMatchObject({ code: 1 })
    expect(host.serves()).toBe('v1')
    expect(await host.report()).toMatchObject({ version: 'v1', order: '1.1', state: 'waiting' })
  })

  describe('a ref that it does not trust', () => {
    const refused = async (words: RegExp) => {
      const ran = host.ran()
      expect(await host.look()).toMatchObject({ code: 1, said: expect.stringMatching(words) })
      expect(host.ran()).toEqual(ran)
      expect(await host.report()).toMatchObject({ state: 'refused', why: expect.stringMatching(words) })
    }
    beforeEach(async () => {
      write(desired('v1', '1.1'))
      write(desired('v2', '2.1'))
      await host.look()
    })

    test('rewound to an earlier commit → refused, and the next good commit is taken', async () => {
      const good = head()
      move(`${good}~1`)
      await refused(/does not descend/)
      move(good)
      write(desired('v3', '3.1'))
      expect(await host.look()).toMatchObject({ code: 0 })
      expect(host.serves()).toBe('v3')
    })

    test('replaced by another history → refused', async () => {
      move(commit([desired('v3', '3.1')], null))
      await refused(/does not descend/)
      expect(host.serves()).toBe('v2')
    })

    const others: readonly (readonly [string, Partial<Ledger>])[] = [
      ['app', { app: 'till' }],
      ['environment', { environment: 'staging' }],
    ]
    test.each(others)('a desired release of another %s → refused', async (name, change) => {
      move(commit([desired('v3', '3.1')], head(), change))
      await refused(new RegExp(`is of the ${name} `))
    })

    test('the desired release of another instance in its place → refused', async () => {
      const [ledger, other] = ledgerFiles(ledgerOf([desired('v3', '3.1', { instance: 'web-2' })]))
      const moved = { file: 'desired/web/web-1', text: other?.text ?? '' }
      move(commitOf(server.gitDir, [ledger ?? moved, moved], head()))
      await refused(/is of the instance web-2/)
    })

    const broken: readonly (readonly [string, (text: string) => string, RegExp])[] = [
      ['without the digest of a manifest', (text) => text.replace(/^manifest .*\n/m, ''), /manifest/],
      ['with a digest that is none', (text) => text.replace(/^manifest .*/m, 'manifest none'), /manifest/],
      [
        'without the digest of the wanted file',
        (text) => text.replace(/^artifact .* shop.*\n/m, ''),
        /names no/,
      ],
      ['that is cut off', (text) => text.slice(0, -5), /cut off/],
      ['of a later form', (text) => text.replace('form 1', 'form 2'), /form/],
      ['with a command in its tag', (text) => text.replace(/^tag .*/m, 'tag v3;$(reboot)'), /tag/],
      ['with a path in its order', (text) => text.replaceAll('3.1', '../3'), /order/],
    ]
    test.each(broken)('a desired release %s → refused', async (_, change, words) => {
      const [ledger, file] = ledgerFiles(ledgerOf([desired('v3', '3.1')]))
      const text = change(file?.text ?? '')
      const files = [ledger, file && { ...file, text }].flatMap((one) => one ?? [])
      move(commitOf(server.gitDir, files, head()))
      await refused(words)
    })

    test('a commit without a ledger → refused', async () => {
      move(commitOf(server.gitDir, [{ file: 'README.md', text: 'x' }], head()))
      await refused(/holds no ledger/)
    })

    test('a well-made forgery on top of the ledger → not seen: it is brought', async () => {
      move(commit([desired('v3', '9.9')], head()))
      expect(await host.look()).toMatchObject({ code: 0 })
      expect(host.serves()).toBe('v3')
    })
  })

  test('settings that others may write → no command of them runs', async () => {
    write(desired('v1', '1.1'))
    chmodSync(host.settings, 0o666)
    expect(await host.look()).toMatchObject({ code: 2, said: expect.stringContaining('written by others') })
    expect(host.ran()).toEqual([])
  })

  test('a process that start leaves running → the next look is not kept from its work', async () => {
    const left = 'sleep 300 >/dev/null 2>&1 & echo $!'
    host = hostWith(`START='${left} >>${host.folder}/pids; : >${host.folder}/up'`)
    try {
      write(desired('v1', '1.1'))
      await host.look()
      write(desired('v2', '2.1'))
      expect(await host.look()).toMatchObject({ code: 0 })
      expect(host.serves()).toBe('v2')
    } finally {
      const pids = readFileSync(join(host.folder, 'pids'), 'utf8').trim().split('\n')
      for (const pid of pids) process.kill(Number(pid))
    }
  })

  test('a request to the socket → the report of that instance, and of no other path', async () => {
    write(desired('v1', '1.1'))
    await host.look()
    const ask = (path: string) =>
      execFileSync('dash', [agentScript, 'answer', join(host.folder, 'states')], {
        ...{ input: `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`, encoding: 'utf8' },
      })
    const [head = '', body = ''] = ask('/web-1').split('\r\n\r\n')
    expect(head).toMatch(/^HTTP\/1\.0 200 OK\r\n/)
    expect(head).toContain(`Content-Length: ${Buffer.byteLength(body)}`)
    expect(JSON.parse(body)).toMatchObject({ version: 'v1', order: '1.1', state: 'done' })
    for (const path of ['/', '/web-2', '/../states/web-1', '/.'])
      expect(ask(path)).toMatch(/^HTTP\/1\.0 404 /)
  })
})
