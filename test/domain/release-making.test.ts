import { describe, expect, test } from 'vitest'
import { type Check, requireGreen } from '../../src/domain/release/checks.ts'
import { tampering } from '../../src/domain/release/integrity.ts'
import { recipeDigest } from '../../src/domain/release/manifest.ts'
import { releaseAdvice } from '../../src/domain/release/release-advice.ts'
import { checkNewTagName, lineOf } from '../../src/domain/release/tag-name.ts'
import { aManifest } from '../contracts/release.contract.ts'
import { aPlan, aPolicy } from './a-plan.ts'

const check = (name: string, state: Check['state'], run: number | null = null): Check => ({
  name,
  state,
  run,
})
const all = { named: [], run: 1 }

describe('checks', () => {
  test('one that failed, and one that has not ended, are named WX-01', () => {
    const checks = [check('lint', 'green'), check('test', 'red'), check('slow', 'pending')]
    expect(() => requireGreen('abc', checks, all)).toThrow('failed: test; not ended: slow')
    expect(() => requireGreen('abc', [check('slow', 'pending')], all)).toThrow('Wait until they have ended')
  })

  test('the jobs of the run that asks do not count, and none at all is no failure', () => {
    expect(() => requireGreen('abc', [check('release', 'pending', 1)], all)).not.toThrow()
    expect(() => requireGreen('abc', [], all)).not.toThrow()
  })

  test('with named checks others do not count, and each must be there', () => {
    const checks = [check('deploy', 'red'), check('test (22)', 'green'), check('test (24)', 'green')]
    expect(() => requireGreen('abc', checks, { named: ['test *'], run: 1 })).not.toThrow()
    expect(() => requireGreen('abc', checks, { named: ['test (2?)'], run: 1 })).toThrow(
      'not there: test (2?)',
    )
  })
})

describe('integrity', () => {
  const artifact = { name: 'app.tar', sha256: 'a'.repeat(64), size: 3, 'media-type': 'application/x-tar' }
  const manifest = aManifest({ artifacts: [artifact], 'schema-version': '7' })
  const found = {
    ...{ tag: manifest.tag, commit: manifest.commit, recipe: manifest.recipe.digest },
    ...{ baseVersion: null, schemaVersion: '7', files: [artifact] },
  }

  test('an unchanged file is not named, also without a digest from GitHub', () => {
    expect(tampering(manifest, found)).toEqual([])
    expect(tampering(manifest, { ...found, files: [{ ...artifact, sha256: null }] })).toEqual([])
  })

  test.each([
    ['the tag', { tag: 'v2' }, 'it is the manifest of v1.0.0'],
    ['the commit', { commit: 'c' }, 'it was made from the commit'],
    ['the recipe', { recipe: 'd' }, 'its recipe has the digest'],
    ['the base version', { baseVersion: '2026.1' }, 'its base version is none, and the config says 2026.1'],
    ['the schema version', { schemaVersion: null }, 'its schema version is 7, and the commit says none'],
    ['an artifact that is gone', { files: [] }, 'the artifact app.tar is gone'],
    ['an artifact', { files: [{ ...artifact, sha256: 'b' }] }, 'has the digest b'],
    ['its size', { files: [{ ...artifact, sha256: null, size: 4 }] }, 'has 4 bytes, it had 3'],
  ])('%s is named MM-08', (_what, change, words) => {
    const named = tampering(manifest, { ...found, ...change })
    expect(named).toHaveLength(1)
    expect(named[0]).toContain(words)
  })
})

test('the digest of a recipe knows the order of services, and no order of keys', () => {
  const digest = (...services: unknown[]) => recipeDigest({ release: null, steps: { a: 1, b: 2 }, services })
  expect(recipeDigest({ services: [], steps: { b: 2, a: 1 }, release: null })).toBe(digest())
  expect(digest({ name: 'a' }, { name: 'b' })).not.toBe(digest({ name: 'b' }, { name: 'a' }))
})

describe('advice', () => {
  const good = {
    ...{ tag: 'v1.1.0', description: 'why', previous: 'v1.0.0', commits: 50, largeChange: 50 },
    ...{ checks: 2, onDefaultBranch: true, contracts: false, compatible: true },
  }

  test.each([
    ['an empty description MM-02', { description: '' }, 'The description is empty'],
    ['a tag that says nothing MM-29', { tag: 'latest' }, 'does not say which release it is'],
    ['a large change MM-29', { commits: 51 }, '51 commits lie between v1.0.0'],
    ['a change that is too large for one step SP-48', { commits: 51 }, 'may come behind a feature flag'],
    ['a contract migration SP-48', { contracts: true }, 'or migrate in two phases'],
    [
      'a release that cannot serve beside the other SP-48',
      { compatible: false },
      'backward compatibility in smaller steps',
    ],
    ['checks that nobody looked at', { checks: null }, 'require-checks is false'],
    ['a commit without checks', { checks: 0 }, 'has no checks'],
    ['a commit of another branch', { onDefaultBranch: false }, 'not on the default branch'],
  ])('%s is worth a warning', (_what, change, words) => {
    expect(releaseAdvice({ ...good, ...change })).toEqual([expect.stringContaining(words)])
  })

  test('nothing is said of a release that is as it should be, nor of the size of the first', () => {
    expect(releaseAdvice(good)).toEqual([])
    expect(releaseAdvice({ ...good, previous: null, commits: 900 })).toEqual([])
  })
})

test('names that git takes are taken, the name of a commit is not MM-03', () => {
  for (const tag of ['v1.0.0', '2024-03-15-fix', 'shop/v1.0.0', '20260315']) checkNewTagName(tag)
  for (const tag of ['a b', '-x', 'v1..2', 'v1.lock', 'a'.repeat(40)])
    expect(() => checkNewTagName(tag)).toThrow(/cannot be the name|reads like the name/)
  expect([lineOf('v1'), lineOf('shop/v1'), lineOf('a/b/v1')]).toEqual(['', 'shop/', 'a/b/'])
})

describe('a plan', () => {
  const verified = {
    kind: 'verified',
    artifacts: 1,
    url: 'https://x',
    immutable: true,
    prerelease: false,
  } as const
  const codes = (change: Parameters<typeof aPlan>[0]) => aPlan(change).refusals.map(({ code }) => code)

  test('a prerelease is refused by a production, unless its policy takes it, and by others that want final ones WX-04', () => {
    const snapshot = { ...verified, prerelease: true }
    expect(codes({ snapshot })).toEqual(['release-not-final'])
    expect(codes({ snapshot, policy: aPolicy({ final: false }) })).toEqual([])
    expect(codes({ snapshot, policy: aPolicy({ class: 'staging' }) })).toEqual([])
    expect(codes({ snapshot, policy: aPolicy({ class: 'staging', final: true }) })).toEqual([
      'release-not-final',
    ])
    expect(codes({ snapshot, wanted: 'rollback' })).not.toContain('release-not-final')
  })

  test('an environment may want a manifest MM-08', () => {
    const policy = aPolicy({ manifest: true })
    expect(codes({ policy, snapshot: { kind: 'tag-alone' } })).toEqual(['manifest-missing'])
    expect(codes({ policy, snapshot: { ...verified, kind: 'without-manifest' } })).toEqual([
      'manifest-missing',
    ])
    expect(codes({ policy, snapshot: verified })).toEqual([])
    expect(codes({ snapshot: { kind: 'tag-alone' } })).toEqual([])
  })
})
