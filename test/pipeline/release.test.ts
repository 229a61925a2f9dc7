import { expect, test } from 'vitest'
import { absent } from '../../src/domain/reading.ts'
import { manifestName } from '../../src/domain/release/manifest.ts'
import { release } from '../../src/pipeline/release/publish.ts'
import type { Making } from '../../src/pipeline/release/request.ts'
import { aRun } from '../domain/a-journal.ts'
import { aPolicy } from '../domain/a-plan.ts'
import { aReader, configPath } from './a-repository.ts'
import { type InMemory, inMemory } from './in-memory.ts'

const making = (tag: string, change: Partial<Making> = {}): Making => ({
  tag,
  description: 'why',
  commit: null,
  outputs: {},
  artifacts: [],
  from: null,
  prerelease: false,
  requireChecks: true,
  checks: [],
  deployAfter: null,
  app: 'shop',
  configPath,
  ...change,
})

const reader = { ...aReader(), readPolicies: () => [aPolicy()] }

/** A commit with green checks. */
async function landed(memory: InMemory, message: string): Promise<string> {
  const files = { [configPath]: 'the config', 'db/schema-version': '41\n' }
  const sha = await memory.repository.commit('main', files, message)
  memory.releases.checkRun(sha, 'test', {})
  memory.workspace.head = sha
  return sha
}

const doer = (number: number) => ({ run: aRun(number), by: ['rita'] })

const made = (memory: InMemory, tag: string, change: Partial<Making> = {}) =>
  release(memory.ports, reader, making(tag, change), doer(8), memory.stop)

test('the manifest is the last file of the draft, and the tag comes before the publication MM-04', async () => {
  const memory = inMemory()
  const commit = await landed(memory, 'one')
  memory.files.set('dist/app.tar', 'the app')
  const { manifest, stored, sha256 } = await made(memory, 'v1', { artifacts: ['dist/app.tar'] })
  expect(manifest).toMatchObject({ commit, 'base-version': '2026.1', 'schema-version': '41' })
  expect(stored.files.map(({ name }) => name)).toEqual(['app.tar', manifestName])
  expect(stored.files[1]?.sha256).toBe(sha256)
  expect(stored).toMatchObject({ draft: false, text: expect.stringMatching(/^why\n\n/) })
  expect(memory.releases.messages.get('v1')).toBe('why')
})

test('the release before is the newest that this one contains: of its line, and for a final one a final one', async () => {
  const memory = inMemory()
  const previous: (string | null)[] = []
  const next = async (tag: string, change: Partial<Making> = {}) => {
    await landed(memory, tag)
    previous.push((await made(memory, tag, change)).manifest.previous)
  }
  await next('v2.0.0')
  await next('api/v2.0.0')
  await next('v2.1.0-rc.1', { prerelease: true })
  await next('v2.1.0-rc.2', { prerelease: true })
  await next('v2.1.0')
  const hotfix = await memory.repository.commit('hotfix', { [configPath]: '' }, 'elsewhere')
  await made(memory, 'v2.0.1', { commit: hotfix, requireChecks: false })
  await next('v2.2.0')
  expect(previous).toEqual([null, null, 'v2.0.0', 'v2.1.0-rc.1', 'v2.0.0', 'v2.1.0'])
})

test('a large change and a commit elsewhere are said, and do not hinder MM-29', async () => {
  const memory = inMemory()
  await landed(memory, 'one')
  await made(memory, 'v1')
  for (let at = 0; at < 51; at++) await landed(memory, `more ${at}`)
  expect((await made(memory, 'v2')).advice).toEqual([expect.stringContaining('51 commits lie between v1')])
  const side = await memory.repository.commit('side', { [configPath]: '' }, 'elsewhere')
  memory.releases.checkRun(side, 'test', {})
  expect((await made(memory, 'v3', { commit: 'side' })).advice).toEqual([
    expect.stringContaining('not on the default branch'),
  ])
})

test('a run that is told to stop publishes nothing, and the next goes on with its draft MM-04', async () => {
  const memory = inMemory()
  const sha = await landed(memory, 'one')
  const attach = memory.releases.attach
  memory.releases.attach = async (...given) => {
    await attach(...given)
    memory.askToStop()
  }
  memory.files.set('app.tar', 'the app')
  await expect(made(memory, 'v1', { artifacts: ['*'] })).rejects.toMatchObject({ code: 'interrupted' })
  expect(await memory.releases.published('v1')).toEqual(absent)
  expect(await memory.repository.resolveTag('v1')).toEqual(absent)

  const { ports } = memory
  const never = new AbortController().signal
  const request = making('v1', { artifacts: ['*'] })
  const done = await release(ports, reader, request, doer(9), { asked: never, forced: never })
  expect(done).toMatchObject({ resumed: true, manifest: { commit: sha } })
  expect(await memory.releases.all()).toHaveLength(1)
  expect(done.stored.files).toHaveLength(2)
})

test('a run that is overtaken at the tag deletes its own draft WX-07', async () => {
  const memory = inMemory()
  const first = await landed(memory, 'one')
  await landed(memory, 'two')
  const tag = memory.releases.tag
  memory.releases.tag = async (...given) => {
    await memory.repository.tag('v1', first)
    return tag(...given)
  }
  await expect(made(memory, 'v1')).rejects.toMatchObject({ code: 'release-exists' })
  expect(await memory.releases.all()).toEqual([])
})

test('artifacts keep their own names: those that could not are refused', async () => {
  const memory = inMemory()
  await landed(memory, 'one')
  const refused = async (paths: readonly string[]) => {
    memory.files.clear()
    for (const path of paths) memory.files.set(path, path.includes('empty') ? '' : path)
    return made(memory, 'v1', { artifacts: ['*'] }).then(String, (problem: Error) => problem.message)
  }
  expect(await refused(['a/app.tar', 'b/app.tar'])).toContain('have the same name in a release')
  expect(await refused(['my app.tar'])).toContain('letters in its name that GitHub replaces')
  expect(await refused(['empty.txt'])).toContain('is empty')
  expect(await refused([`dist/${manifestName}`])).toContain('the name of the manifest itself')
  expect(await refused([])).toContain('No file in the checkout fits the pattern *')
  expect(await memory.releases.all()).toEqual([])
})

test('files of a checkout of another commit, or of none, are no artifacts', async () => {
  const memory = inMemory()
  await landed(memory, 'one')
  memory.files.set('app.tar', 'the app')
  for (const [head, code] of [
    ['f'.repeat(40), 'checkout-differs'],
    [null, 'checkout-unknown'],
  ] as const) {
    memory.workspace.head = head
    await expect(made(memory, 'v1', { artifacts: ['*'] })).rejects.toMatchObject({ code })
  }
})
