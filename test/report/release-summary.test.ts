import { expect, test } from 'vitest'
import { snapshotInWords } from '../../src/report/plan/snapshot-in-words.ts'
import { checksums, releaseResult } from '../../src/report/releases/release-output.ts'
import { releaseSummary } from '../../src/report/releases/release-summary.ts'
import type { ReleaseView } from '../../src/report/releases/release-view.ts'
import { aManifest } from '../contracts/release.contract.ts'

const view = (change: Partial<ReleaseView> = {}): ReleaseView => ({
  manifest: aManifest({
    tag: 'v1.3.0',
    artifacts: [
      { name: 'shop.tar.gz', sha256: 'c'.repeat(64), size: 1_234_567, 'media-type': 'application/gzip' },
    ],
    'base-version': '2026.1',
    'schema-version': '42',
    migrations: [{ run: 'bin/migrate', phase: 'expand' }],
    previous: 'v1.2.0',
    candidate: 'v1.3.0-rc.2',
  }),
  sha256: 'd'.repeat(64),
  url: 'https://github.com/acme/shop/releases/tag/v1.3.0',
  immutable: true,
  prerelease: false,
  advice: ['The description is empty: a line says to everybody after you what this release is for.'],
  resumed: false,
  deployTo: 'production',
  compare: 'https://github.com/acme/shop/compare',
  ...change,
})

test('the page of a release says what it is made of, and what follows MM-04', async () => {
  await expect(releaseSummary(view())).toMatchFileSnapshot('golden/release.md')
})

test('a candidate says how it becomes final, and a release that can be changed says so', async () => {
  const manifest = aManifest({ tag: 'v1.3.0-rc.1' })
  const candidate = view({
    manifest,
    prerelease: true,
    immutable: false,
    deployTo: null,
    advice: [],
    resumed: true,
  })
  await expect(releaseSummary(candidate)).toMatchFileSnapshot('golden/release-candidate.md')
})

test('the words of others cannot change the page', () => {
  const manifest = aManifest({
    tag: 'v1|<b>x</b>',
    created: { ...aManifest().created, by: ['a](http://x)'] },
  })
  const page = releaseSummary(view({ manifest }))
  expect(page).not.toContain('<b>')
  expect(page).not.toContain('](http://x)')
})

test('the checksums are those that sha256sum takes, the manifest among them', () => {
  expect(checksums(view()).split('\n')).toEqual([
    `${'d'.repeat(64)}  rollgate-manifest.json`,
    `${'c'.repeat(64)}  shop.tar.gz`,
  ])
  expect(releaseResult(view())).toMatchObject({ schema: 1, outcome: 'released', 'deploy-to': 'production' })
})

test('a plan says what the release was checked against MM-08', () => {
  const url = 'https://github.com/acme/shop/releases/tag/v1'
  const published = { url, immutable: false, prerelease: false }
  expect(snapshotInWords(null)).toBeNull()
  expect(snapshotInWords({ kind: 'tag-alone' })).toContain('a tag alone')
  expect(snapshotInWords({ kind: 'without-manifest', ...published })).toContain('has no manifest')
  expect(snapshotInWords({ kind: 'verified', artifacts: 2, ...published })).toContain(
    '2 artifacts are what they were',
  )
  expect(snapshotInWords({ kind: 'verified', artifacts: 2, ...published, immutable: true })).toContain(
    'immutable.',
  )
  expect(snapshotInWords({ kind: 'verified', artifacts: 2, ...published, tagRules: ['a', 'b'] })).toContain(
    'Its tag is kept by the rulesets `a`, `b`; but it is **not immutable**: its files can be changed.',
  )
})
