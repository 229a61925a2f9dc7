import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createMasker } from '../../src/adapters/masking.ts'
import { createProcessGroups } from '../../src/adapters/shell/leftovers.ts'
import { createArtifacts, type Receiver } from '../../src/adapters/ssh/artifacts.ts'
import type { Cargo } from '../../src/pipeline/ports.ts'
import { listener } from '../contracts/shell.contract.ts'
import { scratch } from './real-shell.ts'

test('an upload that fails is tried again once for all who waited for it', async () => {
  const folder = scratch()
  writeFileSync(join(folder, 'shop.tar'), 'content')
  const artifacts = createArtifacts({
    cwd: folder,
    env: process.env,
    masker: createMasker(),
    groups: createProcessGroups(join(scratch(), 'groups')),
  })
  const artifact = {
    path: 'shop.tar',
    checkout: '.',
    app: 'shop',
    sha: 'a'.repeat(40),
    previous: '',
    claim: 'production.web',
  }
  const receiver: Receiver = {
    where: 'web-1',
    remote: { beside: () => ['sh', '-c', 'echo sent >>tries; exit 1'] },
    run: async () => ({ kind: 'exited', code: 0, tail: [], said: 'absent' }),
  }
  const bring = () => artifacts.bring(artifact, receiver, listener())
  const tries = () => readFileSync(join(folder, 'tries'), 'utf8').trim().split('\n')

  const failed = expect.objectContaining({ code: 'command-failed' })
  expect(await Promise.all([bring(), bring(), bring()])).toEqual([failed, failed, failed])
  expect(tries()).toHaveLength(2)
  expect(await bring()).toEqual(failed)
  expect(tries()).toHaveLength(3)
})

test('a file that leads out of the checkout is sent to no host F50', async () => {
  const folder = scratch()
  const home = scratch()
  writeFileSync(join(home, 'id_rsa'), 'key')
  symlinkSync(join(home, 'id_rsa'), join(folder, 'shop.tar'))
  const artifacts = createArtifacts({
    cwd: folder,
    env: process.env,
    masker: createMasker(),
    groups: createProcessGroups(join(scratch(), 'groups')),
  })
  const run = async () => expect.fail('nothing is asked of the host')
  const receiver: Receiver = { where: 'web-1', remote: { beside: run as never }, run }
  const artifact = {
    path: 'shop.tar',
    checkout: '.',
    app: 'shop',
    sha: 'a'.repeat(40),
    previous: '',
    claim: 'production.web',
  }
  expect(await artifacts.bring(artifact, receiver, listener())).toMatchObject({
    code: 'artifact-missing',
    what: expect.stringContaining('out of the checkout'),
  })
})

const digest = (text: string): string => createHash('sha256').update(text).digest('hex')

/** A host that is a folder here: scripts run in it as the login's shell would run them. */
function aHost() {
  const home = scratch()
  const inHome = (words: string): [string, ...string[]] => ['sh', '-c', `cd '${home}' && ${words}`]
  const receiver: Receiver = {
    where: 'web-1',
    remote: { beside: inHome },
    async run(script, variables) {
      const { status, stdout } = spawnSync('sh', ['-e', '-c', script], {
        cwd: home,
        env: { ...process.env, ...variables },
      })
      const tail = stdout.toString().trim().split('\n')
      return { kind: 'exited', code: status ?? 1, tail, said: tail.at(-1) ?? '' }
    },
  }
  return { home, receiver, kept: join(home, '.rollgate', 'shop', 'a'.repeat(40), 'shop.tar') }
}

function someArtifacts() {
  const folder = scratch()
  const env = { ...process.env, RUNNER_TEMP: scratch() }
  const groups = createProcessGroups(join(scratch(), 'groups'))
  const file = (content: string) => {
    writeFileSync(join(folder, 'elsewhere.tar'), content)
    return { file: join(folder, 'elsewhere.tar'), sha256: digest(content) }
  }
  return { file, artifacts: createArtifacts({ cwd: folder, env, masker: createMasker(), groups }) }
}

const shop = {
  path: 'build/shop.tar',
  checkout: '.',
  app: 'shop',
  sha: 'a'.repeat(40),
  previous: '',
  claim: 'production.web',
}

/** A cargo of these bytes that accepts no others, and counts how often they were asked for. */
function aCargo(got: { file: string; sha256: string }, wanted: string | null = got.sha256) {
  const counted = { obtained: 0 }
  const cargo: Cargo = {
    wanted: () => wanted,
    async obtain() {
      counted.obtained += 1
      return got
    },
    accepts: (sha256) => sha256 === got.sha256,
    keeping: { keep: 5, needed: [] },
  }
  return { cargo, counted }
}

test('bytes that are not in the checkout are got for a host without them, and asked for by no other F17', async () => {
  const { artifacts, file } = someArtifacts()
  const { receiver, kept } = aHost()
  const { cargo, counted } = aCargo(file('content'))
  expect(await artifacts.bring(shop, receiver, listener(), cargo)).toBeNull()
  expect(readFileSync(kept, 'utf8')).toBe('content')
  expect(counted.obtained).toBe(1)
  expect(await someArtifacts().artifacts.bring(shop, receiver, listener(), cargo)).toBeNull()
  expect(counted.obtained).toBe(1)
})

test('a host that keeps other bytes of the release gets those of the deployment, recorded or not F17', async () => {
  const { artifacts, file } = someArtifacts()
  const { receiver, kept } = aHost()
  await artifacts.bring(shop, receiver, listener(), aCargo(file('content')).cargo)
  const other = someArtifacts()
  const { cargo } = aCargo(other.file('other content'), null)
  expect(await other.artifacts.bring(shop, receiver, listener(), cargo)).toBeNull()
  expect(readFileSync(kept, 'utf8')).toBe('other content')
})

test('why the bytes cannot be got is the failure of the host, which keeps what it has F17', async () => {
  const { artifacts } = someArtifacts()
  const { receiver } = aHost()
  const failure = { code: 'artifact-missing', what: 'Nobody has it.', tail: [] }
  const cargo: Cargo = {
    wanted: () => null,
    obtain: async () => failure,
    accepts: () => false,
    keeping: { keep: 5, needed: [] },
  }
  expect(await artifacts.bring(shop, receiver, listener(), cargo)).toEqual(failure)
})

test('the copy of a host comes back if it has the digest that is asked for F17', async () => {
  const { artifacts, file } = someArtifacts()
  const { receiver, kept } = aHost()
  await artifacts.bring(shop, receiver, listener(), aCargo(file('content')).cargo)
  const fetched = await artifacts.fetch(shop, receiver, digest('content'), listener())
  expect(readFileSync(fetched?.file ?? '', 'utf8')).toBe('content')
  expect(await artifacts.fetch(shop, receiver, digest('another'), listener())).toBeNull()
  writeFileSync(kept, 'spoilt')
  expect(await artifacts.fetch(shop, receiver, digest('content'), listener())).toBeNull()
})

test('a copy that breaks off on its way back is none F17', async () => {
  const { artifacts, file } = someArtifacts()
  const { receiver } = aHost()
  await artifacts.bring(shop, receiver, listener(), aCargo(file('content')).cargo)
  const broken = { ...receiver, remote: { beside: (): [string, ...string[]] => ['sh', '-c', 'printf con'] } }
  expect(await artifacts.fetch(shop, broken, digest('content'), listener())).toBeNull()
})

test('a file of the same name from another service takes its place, and each comes again in its turn', async () => {
  const { receiver, kept } = aHost()
  const { artifacts, file } = someArtifacts()
  const other = { ...shop, path: 'api/shop.tar', claim: 'production.api' }
  const bring = async (artifact: typeof shop, content: string) => {
    expect(await artifacts.bring(artifact, receiver, listener(), aCargo(file(content)).cargo)).toBeNull()
    return readFileSync(kept, 'utf8')
  }
  expect(await bring(shop, 'of web')).toBe('of web')
  expect(await bring(other, 'of api')).toBe('of api')
  expect(await bring(shop, 'of web')).toBe('of web')
})
