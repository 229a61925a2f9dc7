import { expect } from 'vitest'
import type { GitHub } from '../../../src/adapters/github/connection.ts'
import { gitHubReleases } from '../../../src/adapters/github/release/store.ts'
import { known } from '../../../src/domain/reading.ts'
import { manifestName, manifestText, sha256Of } from '../../../src/domain/release/manifest.ts'
import { aFile, aManifest } from '../../contracts/release.contract.ts'
import { aGitHub, problemOf, type RuledGitHub } from './a-github.ts'
import { gitHubRules, type RuleAnswer, releaseContract, releasePipeline } from './answer.ts'

const manifest = manifestText(aManifest({ tag: 'v1' }))

/** Makes the release v1 as Rollgate does. */
async function released({ sandbox, github }: RuledGitHub, text = 'Notes') {
  const sha = await sandbox.commit('main', { a: '1' }, 'One')
  const releases = gitHubReleases(github)
  const draft = await releases.draft('v1', sha, 'In the making')
  await releases.attach(draft, aFile(manifestName, manifest, 'application/json'))
  await releases.tag('v1', sha, '')
  return { sha, releases, published: await releases.publish(draft, { text, prerelease: false }) }
}

/** Another program writes to GitHub. */
const elsewhere = ({ rest, place }: GitHub) => ({ repos: rest.repos, place })

export const releaseAnswers = {
  'release-of-other-workflows': gitHubRules(
    'other workflows than those of the default branch are named where GitHub says 404',
  ),
  'release-makes-tag': releasePipeline(
    'the manifest is the last file of the draft, and the tag comes before the publication MM-04',
  ),
  'release-tag-is-single': async () => {
    const { sandbox, github } = await aGitHub()
    const sha = await sandbox.commit('main', { a: '1' }, 'One')
    const releases = gitHubReleases(github)
    const draft = await releases.draft('v1', sha, 'In the making')
    const { repos, place } = elsewhere(github)
    const { data: other } = await repos.createRelease({ ...place, tag_name: 'v1' })
    const problem = await problemOf(releases.publish(draft, { text: 'Notes', prerelease: false }))
    expect(problem.code).toBe('github-refused')
    expect(known(await releases.published('v1'))?.id).toBe(other.id)
  },
  'draft-has-no-tag': releaseContract(
    'a draft is seen in the list alone, is no release of its tag, and can be taken away',
  ),
  'release-is-immutable': releaseContract(
    'a published release is found by its tag, immutable, with its manifest',
  ),
  'immutable-files-are-fixed': async () => {
    const { releases, published } = await released(await aGitHub())
    const problem = await problemOf(releases.attach(published, aFile('late.tar', 'late')))
    expect(problem.code).toBe('github-refused')
    expect(known(await releases.published('v1'))?.files.map(({ name }) => name)).toEqual([manifestName])
  },
  'immutable-tag-is-fixed': async () => {
    const ruled = await aGitHub()
    const { releases } = await released(ruled)
    const newer = await ruled.sandbox.commit('main', { a: '2' }, 'Two')
    expect(await releases.tag('v1', newer, '')).toBe(false)
    expect(ruled.sandbox.requests.filter(({ method }) => method === 'DELETE' || method === 'PATCH')).toEqual([
      expect.objectContaining({ operation: 'repos/update-release' }),
    ])
  },
  // A person may correct the notes: the release is still the one that was made.
  'immutable-text-may-change': async () => {
    const ruled = await aGitHub()
    const { releases, published } = await released(ruled)
    const { repos, place } = elsewhere(ruled.github)
    await repos.updateRelease({ ...place, release_id: published.id, body: 'Better words' })
    const now = known(await releases.published('v1'))
    expect(now?.text).toBe('Better words')
    expect(now && (await releases.manifest(now))?.sha256).toBe(sha256Of(manifest))
  },
  'immutable-tag-is-burned': gitHubRules('a tag that %s is refused with both reasons'),
  'file-digest': releaseContract(
    'another file in the place of the manifest or of an artifact is named MM-08',
  ),
  'file-name-is-single': async () => {
    const { sandbox, github } = await aGitHub()
    const sha = await sandbox.commit('main', { a: '1' }, 'One')
    const releases = gitHubReleases(github)
    const draft = await releases.draft('v1', sha, 'In the making')
    await releases.attach(draft, aFile('app.tar', 'first'))
    expect((await problemOf(releases.attach(draft, aFile('app.tar', 'second')))).code).toBe('github-refused')
    expect(sandbox.releases[0]?.assets.length).toBe(1)
    // A run that resumes with the draft takes the other file off first.
    const [again] = await releases.all()
    for (const file of again?.files ?? []) await releases.detach(file)
    await releases.attach(draft, aFile('app.tar', 'second'))
    expect((await releases.all())[0]?.files).toMatchObject([{ sha256: aFile('app.tar', 'second').sha256 }])
  },
  'file-name-letters': releasePipeline('artifacts keep their own names: those that could not are refused'),
  'release-body-length': async () => {
    const { published } = await released(await aGitHub(), '🚀'.repeat(125_001))
    expect([published.draft, published.text.endsWith('🚀…')]).toEqual([false, true])
    expect(published.text.length).toBeLessThanOrEqual(125_000)
  },
  'notes-need-previous-tag': releasePipeline(
    'the release before is the newest that this one contains: of its line, and for a final one a final one',
  ),
} satisfies Record<string, RuleAnswer>
