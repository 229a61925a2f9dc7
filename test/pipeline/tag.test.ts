import { expect, test } from 'vitest'
import { commitOf } from '../../src/pipeline/plan/tag.ts'
import { createMemoryRepository } from '../fakes/memory-repository.ts'

async function aRepository() {
  const repository = createMemoryRepository()
  const sha = await repository.commit('main', { file: '' }, 'first')
  for (const tag of ['v1.0.0', 'v1.1.0', 'v1.1.0-rc.1', 'shop/v2.0.0', 'v10.0.0'])
    await repository.tag(tag, sha)
  await repository.branch('release/1.x', sha)
  return { repository, sha }
}

const words = async (name: string) => {
  const { repository } = await aRepository()
  return commitOf(repository, name).then(
    () => null,
    ({ code, what, why, next }) => ({ code, what, why, next }),
  )
}

test.each([
  ['1.1.0', 'v1.1.0'],
  ['V1.1.0', 'v1.1.0'],
  ['release-1.1.0', 'v1.1.0'],
  ['2.0.0', 'shop/v2.0.0'],
  ['v2.0.0', 'shop/v2.0.0'],
  ['v1.1.O', 'v1.1.0'],
])('a release %s that is no tag names the tag %s F33', async (name, near) => {
  const problem = await words(name)
  expect(problem).toMatchObject({ code: 'tag-missing', what: `There is no tag ${name} in this repository.` })
  expect(problem?.next).toMatch(new RegExp(`^Did you mean ${near}( or|\\?)`))
})

test('a release that no tag is like names none F33', async () => {
  expect((await words('nightly'))?.next).toBe(
    'Correct the release, or push the tag (git push origin refs/tags/nightly), and run again.',
  )
})

test.each(['main', 'release/1.x'])(
  'a release named like the branch %s is told that this is a branch F33',
  async (name) => {
    const problem = await words(name)
    expect(problem).toMatchObject({ code: 'tag-missing', what: `${name} is a branch; releases are tags.` })
    expect(problem?.next).not.toContain(`git push origin ${name}`)
  },
)

test('a tag that cannot be read is no missing tag F33 F03', async () => {
  const { repository } = await aRepository()
  repository.hide()
  await expect(commitOf(repository, 'v1.0.0')).rejects.toMatchObject({ code: 'permission-missing' })
})
