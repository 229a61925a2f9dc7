import { beforeEach, describe, expect, test } from 'vitest'
import type { ReleaseFolders, Variables } from '../../src/pipeline/ports.ts'
import { aRelease } from '../domain/a-plan.ts'
import { listener } from './shell.contract.ts'

export const web1 = { name: 'web-1', env: {} }

export const about = (tag: string, change: Variables = {}): Variables => ({
  ROLLGATE_APP: 'shop',
  ROLLGATE_ENVIRONMENT: 'production',
  ROLLGATE_SERVICE: 'web',
  ROLLGATE_INSTANCE: web1.name,
  ROLLGATE_RELEASE: tag,
  ROLLGATE_SHA: aRelease(tag).sha,
  ...change,
})

export const there = (tag: string, whole = true, digest: string | null = null) => ({
  tag,
  sha: aRelease(tag).sha,
  whole,
  digest,
})

export function releaseFoldersContract(
  name: string,
  make: () => ReleaseFolders | Promise<ReleaseFolders>,
): void {
  describe(`the contract of release folders, by ${name}`, () => {
    let folders: ReleaseFolders
    beforeEach(async () => {
      folders = await make()
    })
    const watch = listener()
    const begin = (tag: string) => folders.begin(web1, about(tag), watch)
    const bring = async (tag: string, digest: string | null = null) => [
      await begin(tag),
      await folders.finish(web1, about(tag), digest, watch),
    ]
    const list = (tag = 'v9') => folders.list(web1, about(tag), watch)

    test('an instance to which nothing was brought has no release', async () => {
      expect(await list()).toEqual([])
    })

    test('a folder that was begun and not marked is no whole release', async () => {
      expect(await begin('v1')).toBeNull()
      expect(await list()).toEqual([there('v1', false)])
    })

    test('a marked release is whole, with the digest of its file', async () => {
      expect(await bring('v1', 'abc')).toEqual([null, null])
      expect(await list()).toEqual([there('v1', true, 'abc')])
    })

    test('a release that is begun again is not whole until it is marked again', async () => {
      await bring('v1')
      await begin('v1')
      expect(await list()).toEqual([there('v1', false)])
    })

    test('the last used release comes first, and a look at one is a use', async () => {
      for (const tag of ['v1', 'v2', 'v3']) await bring(tag)
      expect(await list()).toMatchObject([{ tag: 'v3' }, { tag: 'v2' }, { tag: 'v1' }])
      expect(await list('v1')).toMatchObject([{ tag: 'v1' }, { tag: 'v3' }, { tag: 'v2' }])
    })

    test('cleared releases are gone, and the others stay', async () => {
      for (const tag of ['v1', 'v2', 'v3']) await bring(tag)
      const commits = ['v1', 'v3'].map((tag) => aRelease(tag).sha)
      expect(await folders.clear(web1, about('v4'), commits, watch)).toBeNull()
      expect(await list()).toEqual([there('v2')])
    })
  })
}
