import { describe, expect, test } from 'vitest'
import { shownPlan } from '../../src/domain/shown/shown-plan.ts'
import { survey } from '../../src/pipeline/plan/survey.ts'
import { aReader, aRepository, aRequest } from './a-repository.ts'
import { type InMemory, inMemory } from './in-memory.ts'

const staging = aReader({ policy: { class: 'staging', approval: { kind: 'none' } } })

async function planOf(memory: InMemory, config = staging, shown: ReturnType<typeof shownPlan> | null = null) {
  const { planning } = await survey(memory.ports, config, aRequest({ tag: 'latest' }), shown)
  if (planning.kind !== 'planned') throw new Error(planning.kind)
  return planning.plan
}

async function publish(memory: InMemory, tag: string, prerelease = false): Promise<void> {
  const commit = (await memory.repository.resolveTag(tag)) as { value: string }
  const draft = await memory.releases.draft(tag, commit.value, '')
  await memory.releases.publish(draft, { text: '', prerelease })
}

async function aShop() {
  const memory = inMemory()
  const { v3, serve } = await aRepository(memory)
  await serve()
  return { memory, v3 }
}

describe('latest', () => {
  test('is the newest release in a staging, a candidate as well, and the plan shows its tag SP-43', async () => {
    const { memory, v3 } = await aShop()
    for (const tag of ['v1', 'v2']) await publish(memory, tag)
    await publish(memory, 'v3', true)
    const plan = await planOf(memory)
    expect(plan.release).toMatchObject({ tag: 'v3', sha: v3.sha })
  })

  test('is the newest final release where the policy takes no other SP-43', async () => {
    const { memory } = await aShop()
    await publish(memory, 'v1')
    await publish(memory, 'v3', true)
    const final = aReader({ policy: { class: 'staging', approval: { kind: 'none' }, final: true } })
    expect((await planOf(memory, final)).release.tag).toBe('v1')
  })

  test('is no tag of a prerelease where the policy takes none, and the repository has no final one SP-43', async () => {
    const { memory } = await aShop()
    await publish(memory, 'v3', true)
    const final = aReader({ policy: { class: 'staging', approval: { kind: 'none' }, final: true } })
    await expect(planOf(memory, final)).rejects.toMatchObject({ code: 'tag-missing' })
  })

  test('is the newest tag where the repository makes no GitHub Releases SP-43', async () => {
    const { memory } = await aShop()
    expect((await planOf(memory)).release.tag).toBe('v3')
  })

  test('is resolved once: behind the gate it is what was shown, though a newer one came since SP-43', async () => {
    const { memory } = await aShop()
    await publish(memory, 'v1')
    await publish(memory, 'v3')
    const shown = shownPlan(await planOf(memory))
    await memory.repository.commit('main', { 'db/schema-version': '44\n' }, 'v4', { tag: 'v4' })
    await publish(memory, 'v4')
    expect((await planOf(memory, staging, shown)).release.tag).toBe('v3')
    expect((await planOf(memory)).release.tag).toBe('v4')
  })

  test('is refused for a production, whatever there is SP-43', async () => {
    const { memory } = await aShop()
    await publish(memory, 'v3')
    await expect(planOf(memory, aReader())).rejects.toMatchObject({
      code: 'input-invalid',
      what: expect.stringContaining('production is a production environment'),
    })
  })
})
