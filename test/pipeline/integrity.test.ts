import { expect, test } from 'vitest'
import { mapped, unknown } from '../../src/domain/reading.ts'
import { type Manifest, manifestName, manifestText, recipeDigest } from '../../src/domain/release/manifest.ts'
import { checkManifest, prove } from '../../src/pipeline/plan/integrity.ts'
import type { StoredRelease } from '../../src/pipeline/ports.ts'
import { snapshotInWords } from '../../src/report/plan/snapshot-in-words.ts'
import { aFile, aManifest } from '../contracts/release.contract.ts'
import { aRelease } from '../domain/a-plan.ts'
import { aFrozen } from './a-repository.ts'
import { type InMemory, inMemory } from './in-memory.ts'

const frozen = aFrozen()
const app = aFile('app.tar', 'the app')
const release = aRelease('v2')

const fitting: Partial<Manifest> = {
  tag: release.tag,
  commit: release.sha,
  artifacts: [{ name: app.name, sha256: app.sha256, size: app.content.size, 'media-type': '' }],
  recipe: { digest: recipeDigest(frozen.content), ...frozen.content },
  'base-version': release.baseVersion,
  'schema-version': release.schemaVersion,
}

/** A release with this manifest, published. Answers its digest. */
async function published({ releases }: InMemory, manifest: Manifest): Promise<string> {
  const file = aFile(manifestName, manifestText(manifest))
  const draft = await releases.draft(manifest.tag, manifest.commit, '')
  await releases.attach(draft, app)
  await releases.attach(draft, file)
  await releases.publish(draft, { text: '', prerelease: false })
  return file.sha256
}

const proven = ({ releases }: InMemory, recorded = aRelease('v2')) =>
  prove(releases, { release, frozen: () => frozen, recorded })

test('a release is verified against its manifest; a tag alone and a release by hand have none MM-08', async () => {
  const memory = inMemory()
  expect(await proven(memory)).toEqual({
    snapshot: { kind: 'tag-alone' },
    manifest: null,
    outputs: null,
    migrations: [],
  })
  const digest = await published(memory, aManifest(fitting))
  expect(await proven(memory)).toMatchObject({
    snapshot: { kind: 'verified', artifacts: 1, immutable: true, prerelease: false },
    manifest: digest,
    outputs: null,
  })
  const other = inMemory()
  const draft = await other.releases.draft('v2', release.sha, '')
  await other.releases.publish(draft, { text: '', prerelease: true })
  expect(await proven(other)).toMatchObject({
    snapshot: { kind: 'without-manifest', prerelease: true },
    manifest: null,
    outputs: null,
  })
})

test('the rules that keep its tag are told where nothing else keeps it MM-08', async () => {
  const memory = inMemory()
  await published(memory, aManifest(fitting))
  memory.releases.rulesets.push('Tags stay')
  expect((await proven(memory)).snapshot).not.toHaveProperty('tagRules')
  const { releases } = memory
  const mutable = {
    ...releases,
    published: async (tag: string) => mapped(await releases.published(tag), changeable),
  }
  const { snapshot } = await proven({ ...memory, releases: mutable })
  expect(snapshot).toMatchObject({ immutable: false, tagRules: ['Tags stay'] })
})

test('rules that GitHub does not show stop nothing, and are called unknown MM-08 F03', async () => {
  const memory = inMemory()
  await published(memory, aManifest(fitting))
  const { releases } = memory
  const dark = {
    ...releases,
    published: async (tag: string) => mapped(await releases.published(tag), changeable),
    tagRules: async () => unknown({ code: 'github-unavailable', what: 'No answer.', why: '', next: '' }),
  }
  const { snapshot } = await proven({ ...memory, releases: dark })
  expect(snapshot).toMatchObject({ immutable: false, tagRules: 'unknown' })
  expect(snapshotInWords(snapshot)).toContain('It is unknown whether a ruleset keeps its tag')
})

const changeable = (stored: StoredRelease) => ({ ...stored, immutable: false })

test('everything that differs is named at once MM-08', async () => {
  const memory = inMemory()
  await published(memory, aManifest({ ...fitting, commit: 'c'.repeat(40), 'schema-version': '9' }))
  const words = await proven(memory).catch(({ message }: Error) => message)
  expect(words).toContain('it was made from the commit')
  expect(words).toContain('its schema version is 9')
})

test('a manifest that fits, and is not the one that was deployed here, is refused; so is one that is gone MM-08', async () => {
  const memory = inMemory()
  const recorded = { ...aRelease('v2'), manifest: 'e'.repeat(64) }
  await expect(proven(memory, recorded)).rejects.toMatchObject({ code: 'release-tampered' })
  await published(memory, aManifest(fitting))
  await expect(proven(memory, recorded)).rejects.toThrow('when it was deployed here')
})

test('after a wait the manifest and the artifacts are what was approved MM-08', async () => {
  const memory = inMemory()
  const manifest = await published(memory, aManifest(fitting))
  const approved = { ...release, manifest }
  await checkManifest(memory.releases, approved)
  await checkManifest(memory.releases, aRelease('v9'))
  await expect(checkManifest(memory.releases, { ...approved, manifest: 'f' })).rejects.toThrow(
    'its manifest is',
  )
  memory.releases.replaceAsset('v2', 'app.tar', 'another')
  await expect(checkManifest(memory.releases, approved)).rejects.toThrow(
    'the artifact app.tar has the digest',
  )
})
