import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { absent, found, known } from '../../src/domain/reading.ts'
import { type Manifest, manifestName, manifestText } from '../../src/domain/release/manifest.ts'
import type { NewFile, ReleaseStore, StoredRelease } from '../../src/pipeline/ports.ts'
import type { SandboxGitHub } from '../../src/sandbox/github/github.ts'

/** The means of a test to arrange the sources of releases, and to change what should never change. */
export type ReleaseWorld = Pick<
  SandboxGitHub,
  'commit' | 'branch' | 'tag' | 'commitStatus' | 'checkRun' | 'replaceAsset' | 'run'
>

export interface ReleaseSetting {
  readonly releases: ReleaseStore
  readonly world: ReleaseWorld
  /** The commit that a tag means now, and its message where it is an annotated one. */
  tagged(tag: string): Promise<{ commit: string | null; message: string | null }>
  close(): Promise<void>
}

export const aFile = (name: string, text: string, mediaType = 'application/octet-stream'): NewFile => ({
  name,
  mediaType,
  content: new Blob([text]),
  sha256: createHash('sha256').update(text).digest('hex'),
})

export const aManifest = (change: Partial<Manifest> = {}): Manifest => ({
  schema: 1,
  app: 'shop',
  tag: 'v1.0.0',
  commit: 'a'.repeat(40),
  artifacts: [],
  recipe: { digest: 'b'.repeat(64), release: null, steps: null, services: [] },
  'base-version': null,
  'schema-version': null,
  migrations: [],
  previous: null,
  candidate: null,
  created: { at: '2026-11-01T00:00:00.000Z', by: ['ada'], run: 'https://github.com/runs/1', 'run-id': 1 },
  ...change,
})

const manifestFile = (manifest: Manifest): NewFile =>
  aFile(manifestName, manifestText(manifest), 'application/json')

export function releaseContract(name: string, open: () => Promise<ReleaseSetting>): void {
  describe(`the release contract, by ${name}`, () => {
    let setting: ReleaseSetting
    let releases: ReleaseStore
    let first: string
    let second: string
    beforeAll(async () => {
      setting = await open()
      releases = setting.releases
      first = await setting.world.commit('main', { file: '1' }, 'first')
      second = await setting.world.commit('main', { file: '2' }, 'second')
    })
    afterAll(() => setting.close())

    const published = async (
      tag: string,
      files: readonly NewFile[],
      prerelease = false,
    ): Promise<StoredRelease> => {
      const draft = await releases.draft(tag, first, 'in the making')
      for (const file of files) await releases.attach(draft, file)
      await releases.tag(tag, first, '')
      return releases.publish(draft, { text: 'done', prerelease })
    }

    test('a commit is meant by its full SHA, by a branch, or as the newest of the default branch', async () => {
      await setting.world.branch('stable/1', first)
      expect(await releases.commit(first)).toEqual(found(first))
      expect(await releases.commit('stable/1')).toEqual(found(first))
      expect(await releases.commit(null)).toEqual(found(second))
      for (const unknown of ['stable', 'v1', 'f'.repeat(40)])
        expect(await releases.commit(unknown)).toEqual(absent)
    })

    test('the checks of a commit are its statuses and its check runs, the newest word of each', async () => {
      expect(await releases.checks(first)).toEqual([])
      const { commitStatus, checkRun } = setting.world
      commitStatus(second, 'ci/lint', 'success')
      commitStatus(second, 'ci/slow', 'pending')
      commitStatus(second, 'ci/bad', 'error')
      for (const id of [7, 8]) setting.world.run({ id, sha: second, workflow: 'ci.yml' })
      checkRun(second, 'test', { conclusion: 'failure', run: 7 })
      checkRun(second, 'test', { conclusion: 'success', run: 8 })
      checkRun(second, 'optional', { conclusion: 'skipped', run: 8 })
      checkRun(second, 'build', { status: 'in_progress', run: 9 })
      checkRun(second, 'deploy', { conclusion: 'cancelled', run: 9 })
      const found = (await releases.checks(second)).map(({ name, state, run }) => `${name} ${state} ${run}`)
      expect(found.sort()).toEqual([
        'build pending 9',
        'ci/bad red null',
        'ci/lint green null',
        'ci/slow pending null',
        'deploy red 9',
        'optional green 8',
        'test green 8',
      ])
    })

    test('two checks of one name both count, unless it is known that one ran again F05', async () => {
      const { world } = setting
      const states = async (name: string) =>
        (await releases.checks(second)).flatMap((check) => (check.name === name ? [check.state] : [])).sort()
      world.run({ id: 11, sha: second, workflow: 'ci.yml' })
      world.run({ id: 12, sha: second, workflow: 'nightly.yml' })
      world.run({ id: 13, sha: second, workflow: 'ci.yml', event: 'schedule' })
      world.run({ id: 14, sha: second, workflow: 'ci.yml', attempt: 2 })
      world.checkRun(second, 'two workflows', { conclusion: 'failure', run: 11 })
      world.checkRun(second, 'two workflows', { run: 12 })
      world.checkRun(second, 'two events', { conclusion: 'failure', run: 11 })
      world.checkRun(second, 'two events', { run: 13 })
      world.checkRun(second, 'two jobs', { conclusion: 'failure', run: 11 })
      world.checkRun(second, 'two jobs', { run: 11 })
      world.checkRun(second, 'runs unknown', { conclusion: 'failure', run: 98 })
      world.checkRun(second, 'runs unknown', { run: 99 })
      world.checkRun(second, 'two runs', { conclusion: 'failure', run: 11 })
      world.checkRun(second, 'two runs', { run: 14 })
      world.checkRun(second, 'two attempts', { conclusion: 'failure', run: 14 })
      world.checkRun(second, 'two attempts', { run: 14 })
      for (const name of ['two workflows', 'two events', 'two jobs', 'runs unknown'])
        expect(await states(name)).toEqual(['green', 'red'])
      for (const name of ['two runs', 'two attempts']) expect(await states(name)).toEqual(['green'])
    })

    test('a draft is seen in the list alone, is no release of its tag, and can be taken away', async () => {
      const draft = await releases.draft('v0.1.0', first, 'in the making')
      expect(draft).toMatchObject({
        tag: 'v0.1.0',
        target: first,
        draft: true,
        text: 'in the making',
        files: [],
      })
      expect(await releases.published('v0.1.0')).toEqual(absent)
      expect(await setting.tagged('v0.1.0')).toEqual({ commit: null, message: null })
      await releases.retext(draft, 'by another run')
      expect((await releases.all()).find(({ id }) => id === draft.id)?.text).toBe('by another run')
      await releases.discard(draft)
      expect((await releases.all()).some(({ id }) => id === draft.id)).toBe(false)
    })

    test('files are attached whole, whatever is in them, and can be taken off a draft', async () => {
      const draft = await releases.draft('v0.2.0', first, '')
      const json = aFile('data.json', 'no JSON at all', 'application/json')
      const text = aFile('a+b@1.txt', '\u{feff}ünï\r\n', 'text/plain')
      await releases.attach(draft, json)
      await releases.attach(draft, text)
      const of = async () => (await releases.all()).find(({ id }) => id === draft.id) ?? draft
      const { files } = await of()
      expect(files.map(({ name, size, sha256, whole }) => ({ name, size, sha256, whole }))).toEqual(
        [json, text].map(({ name, content, sha256 }) => ({ name, size: content.size, sha256, whole: true })),
      )
      for (const { name, sha256, content, mediaType } of [json, text]) {
        const artifact = { name, sha256, size: content.size, 'media-type': mediaType }
        const came = await releases.download(await of(), artifact)
        expect(Buffer.from(await came.arrayBuffer())).toEqual(Buffer.from(await content.arrayBuffer()))
      }
      if (files[0] !== undefined) await releases.detach(files[0])
      expect((await of()).files.map((file) => file.name)).toEqual(['a+b@1.txt'])
      await releases.discard(draft)
    })

    test('a tag is made once, annotated where there is something to say', async () => {
      expect(await releases.tag('v0.3.0', first, '')).toBe(true)
      expect(await releases.tag('shop/v0.3.0', first, 'The one\n\nwith words')).toBe(true)
      expect(await setting.tagged('v0.3.0')).toEqual({ commit: first, message: null })
      expect(await setting.tagged('shop/v0.3.0')).toEqual({ commit: first, message: 'The one\n\nwith words' })
      expect(await releases.tag('v0.3.0', first, '')).toBe(true)
      expect(await releases.tag('v0.3.0', second, '')).toBe(false)
      expect((await setting.tagged('v0.3.0')).commit).toBe(first)
    })

    test('a published release is found by its tag, immutable, with its manifest', async () => {
      const manifest = aManifest({ tag: 'v1.0.0', commit: first })
      const made = await published('v1.0.0', [manifestFile(manifest)], true)
      expect(made).toMatchObject({ draft: false, immutable: true, prerelease: true, text: 'done' })
      const stored = known(await releases.published('v1.0.0'))
      expect(stored).toEqual(made)
      if (stored === null) throw new Error('it is not there')
      const { sha256 } = manifestFile(manifest)
      expect(await releases.manifest(stored)).toEqual({ manifest, sha256 })
    })

    test('a release without a manifest has none', async () => {
      expect(await releases.manifest(await published('v1.1.0', [aFile('app.tar', 'app')]))).toBeNull()
    })

    test('another file in the place of the manifest or of an artifact is named MM-08', async () => {
      const app = aFile('app.tar', 'app')
      const manifest = manifestFile(aManifest({ tag: 'v1.2.0' }))
      await published('v1.2.0', [app, manifest])
      setting.world.replaceAsset('v1.2.0', 'app.tar', 'other')
      setting.world.replaceAsset('v1.2.0', manifestName, '{"schema": 1}')
      const stored = known(await releases.published('v1.2.0'))
      if (stored === null) throw new Error('it is not there')
      const tampered = { code: 'release-tampered' }
      await expect(releases.manifest(stored)).rejects.toMatchObject(tampered)
      const artifact = { name: 'app.tar', sha256: app.sha256, size: 3, 'media-type': '' }
      await expect(releases.download(stored, artifact)).rejects.toMatchObject(tampered)
      await expect(releases.download(stored, { ...artifact, name: 'gone' })).rejects.toMatchObject(tampered)
    })

    test('a manifest of a later Rollgate is not guessed at', async () => {
      const later = aFile(manifestName, '{"schema": 2}')
      await expect(releases.manifest(await published('v1.3.0', [later]))).rejects.toMatchObject({
        code: 'manifest-newer',
      })
    })

    test('notes are written between two tags, before the newer one is there', async () => {
      await releases.tag('v2.0.0', first, '')
      expect(await releases.notes('v2.1.0', second, 'v2.0.0')).toContain('v2.0.0...v2.1.0')
      expect(await releases.notes('v2.1.0', second, null)).toContain('commits/v2.1.0')
      expect((await setting.tagged('v2.1.0')).commit).toBeNull()
    })
  })
}
