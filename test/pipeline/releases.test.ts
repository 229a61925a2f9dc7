import { describe, expect, test, vi } from 'vitest'
import type { Recipe } from '../../src/domain/config/recipe.ts'
import { emptyLedger } from '../../src/domain/ledger/ledger.ts'
import { Problem } from '../../src/domain/problem.ts'
import { found, unknown } from '../../src/domain/reading.ts'
import { type ListRequest, listReleases } from '../../src/pipeline/look/releases.ts'
import type { StatusReader } from '../../src/pipeline/look/status.ts'
import { aFailed, aHistory, aPast } from '../domain/a-ledger.ts'
import { aCommand, aLedgerServing, aPolicy, noSteps } from '../domain/a-plan.ts'
import { aReader, aRepository, configPath } from './a-repository.ts'
import { type InMemory, inMemory } from './in-memory.ts'

const asked = (change: Partial<ListRequest> = {}): ListRequest => ({
  environment: null,
  app: 'shop',
  configPath,
  limit: 20,
  ...change,
})

/** Staging and production; the recipe of a tag is the standard one with what is said of it here. */
function reading(recipes: Readonly<Record<string, Partial<Recipe> | 'broken'>> = {}): StatusReader {
  const reader = aReader()
  const policy = (name: string) =>
    aPolicy({ name, app: null, class: name === 'production' ? 'production' : 'staging' })
  return {
    ...reader,
    readPolicy: (_source, name) => policy(name),
    readPolicies: () => [policy('staging'), policy('production')],
    readRecipe(source, overlay) {
      const own = recipes[source.commit]
      const words = { what: 'It has one mistake.', why: 'Read strictly.', next: 'Correct it.' }
      if (own === 'broken') throw new Problem('config-invalid', words)
      return { ...reader.readRecipe(source, overlay), ...own }
    },
  }
}

const list = (memory: InMemory, change: Partial<ListRequest> = {}, config = reading()) =>
  listReleases(memory.ports, config, asked(change))

const tagged = ({ releases }: Awaited<ReturnType<typeof list>>) =>
  releases.map(({ release, state }) => `${release.tag} ${state}`)

/** Production serves v2 after v1; v3 is tagged and nowhere. */
async function aShop() {
  const memory = inMemory()
  const repository = await aRepository(memory)
  await repository.serve()
  return { memory, ...repository }
}

describe('the releases there are', () => {
  test('are the tags and what environments remember, the newest first, each with its state MM-13 MM-14', async () => {
    const { memory, v1 } = await aShop()
    await memory.ledgers.append(null, { ...aLedgerServing(v1), environment: 'staging' }, 'v1 serves')
    const append = vi.spyOn(memory.ledgers, 'append')
    const listing = await list(memory)
    expect(tagged(listing)).toEqual([
      'v3 ready',
      'v2 deployed',
      'v1.1.0 ready',
      'v1.0.0 ready',
      'v1 deployed',
    ])
    expect(listing.releases.map(({ serves }) => serves.join())).toEqual(['', 'production', '', '', 'staging'])
    expect(listing.wanted).toBeNull()
    expect(append).not.toHaveBeenCalled()
  })

  test('are so many at most, but never without what serves', async () => {
    const { memory } = await aShop()
    const listing = await list(memory, { limit: 1 })
    expect(tagged(listing)).toEqual(['v3 ready', 'v2 deployed'])
    expect(listing.further).toBe(1)
  })

  test('are marked if their tag was moved or is gone MM-08', async () => {
    const { memory, v1, v3 } = await aShop()
    await memory.repository.tag('v2', v1.sha)
    const states = async (limit: number) =>
      (await list(memory, { limit })).releases
        .filter(({ tag }) => tag !== 'there')
        .map(({ release, tag }) => `${release.tag} ${release.sha.slice(0, 7)} ${tag}`)
    const moved = `v2 ${(await memory.ledgers.read('shop', 'production')).ledger.serving?.release.sha.slice(0, 7)} moved`
    expect(await states(20)).toEqual([moved])
    expect(await states(1)).toEqual([moved])
    memory.repository.tags = async () => found([{ tag: 'v3', sha: v3.sha }])
    expect((await states(20)).map((words) => words.split(' ').at(-1))).toEqual(['gone', 'gone'])
  })

  test('are not listed where the tags cannot be read: none of them would look like gone F03', async () => {
    const { memory } = await aShop()
    memory.repository.tags = async () => unknown(hidden)
    await expect(list(memory)).rejects.toMatchObject({ code: 'permission-missing' })
  })

  test('are listed also where an environment cannot be asked, which says so in its place', async () => {
    const { memory } = await aShop()
    memory.ledgers.plant('shop', 'staging', 'no ledger')
    const listing = await list(memory)
    expect(listing.environments).toMatchObject([
      { name: 'staging', memory: { kind: 'unknown', failure: { code: 'ledger-foreign' } } },
      { name: 'production', memory: { kind: 'read' } },
    ])
    expect(tagged(listing)).toContain('v2 deployed')
    expect((await list(memory, { environment: 'staging' })).wanted).toBeNull()
  })
})

describe('for an environment', () => {
  test('only what was made for its base is listed; the others are named CC-04 CC-06', async () => {
    const { memory, v3 } = await aShop()
    await memory.repository.tag('v4', await memory.repository.commit('main', {}, 'v4'))
    const config = reading({ v4: { baseVersion: '2027.1' } })
    const { releases, wanted } = await list(memory, { environment: 'production' }, config)
    expect(releases.map(({ release }) => release.tag)).not.toContain('v4')
    expect(wanted?.otherBase.map(({ tag }) => tag)).toEqual(['v4'])
    expect(releases[0]?.release).toEqual({ tag: 'v3', sha: v3.sha })
    const nothingServes = await list(memory, { environment: 'staging' }, config)
    expect(tagged(nothingServes)).toContain('v4 ready')
  })

  test('an older one is marked with its risk, in production with the acknowledgement that it wants CC-07 CC-08', async () => {
    const { memory } = await aShop()
    const { releases } = await list(memory, { environment: 'production' })
    const fitness = Object.fromEntries(releases.map(({ release, fitness }) => [release.tag, fitness]))
    expect(fitness).toMatchObject({
      v3: { kind: 'suits', relation: 'ahead', acknowledge: false },
      v2: { kind: 'serves' },
      v1: { kind: 'suits', relation: 'behind', acknowledge: true },
    })
  })

  test('each release says that it cannot be compared once the serving commit is gone F27', async () => {
    const { memory, v2 } = await aShop()
    memory.repository.lose(v2.sha)
    const { releases } = await list(memory, { environment: 'production' })
    expect(releases.find(({ release }) => release.tag === 'v3')?.fitness).toEqual({
      kind: 'suits',
      relation: 'unknown',
      acknowledge: true,
    })
  })

  test('one whose config cannot be read is marked, and hides no other CC-05', async () => {
    const { memory } = await aShop()
    await memory.repository.tag('v4', await memory.repository.commit('main', {}, 'v4'))
    const { releases } = await list(memory, { environment: 'production' }, reading({ v4: 'broken' }))
    expect(releases[0]?.fitness).toEqual({ kind: 'unreadable', why: 'It has one mistake.' })
    expect(releases).toHaveLength(6)
  })

  test('the ways back are judged by data and by config, the latest first SD-33', async () => {
    const { memory, v1, v2, v3 } = await aShop()
    const v4 = { ...v3, tag: 'v4', sha: await memory.repository.commit('main', {}, 'v4', { tag: 'v4' }) }
    const history = aHistory(
      aPast(v1),
      aPast(v2, { migrated: 'contract', startedAt: '2026-11-02T10:00:00.000Z' }),
      aPast(v3),
      aPast(v4),
      aFailed(v1),
    )
    const { head } = await memory.ledgers.read('shop', 'production')
    await memory.ledgers.append(head, aLedgerServing(v4, { history }), 'v4 serves')
    const steps = { ...noSteps, postDeploy: aCommand('old') }
    const { wanted } = await list(memory, { environment: 'production' }, reading({ v2: { steps } }))
    expect(wanted?.waysBack).toMatchObject([
      { release: v3, feasibility: { kind: 'safe' }, block: null },
      { release: v2, feasibility: { kind: 'config-differs', differences: ['steps.post-deploy'] } },
      { release: v1, feasibility: { kind: 'crosses-contract', since: '2026-11-02T10:00:00.000Z' } },
    ])
    const broken = await list(memory, { environment: 'production' }, reading({ v3: 'broken' }))
    expect(broken.wanted?.waysBack[0]?.feasibility.kind).toBe('config-unreadable')
    const serving = await list(memory, { environment: 'production' }, reading({ v4: 'broken' }))
    expect(serving.wanted?.waysBack[1]?.feasibility.kind).toBe('safe')
  })

  test('the last ten releases that served it are judged', async () => {
    const { memory, v1, v2 } = await aShop()
    const many = Array.from({ length: 14 }, (_, at) => ({ ...v1, sha: String(at).padStart(40, '0') }))
    for (const { sha } of many) await memory.repository.tag(`once-${sha}`, sha)
    const history = aHistory(...many.map((release) => aPast(release)), aPast(v2))
    const { head } = await memory.ledgers.read('shop', 'production')
    await memory.ledgers.append(head, aLedgerServing(v2, { history }), 'v2 serves')
    const { wanted } = await list(memory, { environment: 'production' })
    expect(wanted?.waysBack.map(({ release }) => Number(release.sha))).toEqual([
      13, 12, 11, 10, 9, 8, 7, 6, 5, 4,
    ])
  })

  test('a blocked one is marked, and so is the way back to it', async () => {
    const { memory, v1, v2, v3 } = await aShop()
    const { head, ledger } = await memory.ledgers.read('shop', 'production')
    const block = (release: typeof v1) => ({
      ...release,
      reason: 'bad',
      by: 'rhea',
      at: '2026-11-21T12:00:00.000Z',
    })
    await memory.ledgers.append(head, { ...ledger, blocked: [block(v3), block(v1)] }, 'blocked')
    const { releases, wanted } = await list(memory, { environment: 'production' })
    expect(releases[0]).toMatchObject({ release: { tag: 'v3' }, fitness: { kind: 'blocked' } })
    expect(wanted?.waysBack).toMatchObject([{ release: v1, block: { by: 'rhea' } }])
    expect(v2.tag).toBe('v2')
  })

  test('an environment without a serving release has no rollback', async () => {
    const { memory } = await aShop()
    await memory.ledgers.append(null, emptyLedger('shop', 'staging'), 'empty')
    expect((await list(memory, { environment: 'staging' })).wanted?.waysBack).toEqual([])
  })
})

const hidden = { code: 'permission-missing', what: 'Not seen.', why: 'The token.', next: 'Another.' } as const
