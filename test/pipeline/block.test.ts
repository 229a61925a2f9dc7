import { describe, expect, test } from 'vitest'
import { absent, found } from '../../src/domain/reading.ts'
import type { ReleaseId } from '../../src/domain/release/release.ts'
import { shownPlan } from '../../src/domain/shown/shown-plan.ts'
import type { Ask } from '../../src/domain/signal/ask.ts'
import { type BlockRequest, block } from '../../src/pipeline/act/block.ts'
import { decide } from '../../src/pipeline/act/decide.ts'
import { deploy } from '../../src/pipeline/act/deploy.ts'
import { takeBlocks } from '../../src/pipeline/lock/take-blocks.ts'
import { aJournal, aRun, opened } from '../domain/a-journal.ts'
import { aSuspension } from '../domain/a-ledger.ts'
import { aPlan, aPolicy } from '../domain/a-plan.ts'
import { aReader, aRepository, aRequest, planned } from './a-repository.ts'
import { anActingRun } from './an-acting-run.ts'
import { bob, type InMemory, inMemory, keptLedger, reading } from './in-memory.ts'

const both = [aPolicy({ name: 'staging' }), aPolicy()]

const blocking = (change: Partial<BlockRequest> = {}): BlockRequest => ({
  tag: 'v3',
  reason: 'it loses orders',
  by: 'rhea',
  unblock: false,
  ...change,
})

const blocks = (memory: InMemory, change: Partial<BlockRequest> = {}, policies = both) =>
  block(memory.ports, 'shop', policies, blocking(change), bob)

async function aShop() {
  const memory = inMemory()
  const repository = await aRepository(memory)
  await repository.serve()
  return { memory, ...repository }
}

const outcomes = ({ environments }: Awaited<ReturnType<typeof blocks>>) =>
  environments.map(({ environment, outcome }) => `${environment} ${outcome}`)

describe('a block', () => {
  test('is one commit on the ledger of each environment, with who, when and why CC-34', async () => {
    const { memory, v3 } = await aShop()
    expect(outcomes(await blocks(memory))).toEqual(['staging blocked', 'production blocked'])
    const { tag, sha } = v3
    const at = memory.clock.now().toISOString()
    expect((await keptLedger(memory)).blocked).toEqual([
      { tag, sha, reason: 'it loses orders', by: 'rhea', at },
    ])
    expect(memory.ledgers.commits('shop', 'staging').map(({ message }) => message)).toEqual([
      'v3 is blocked by rhea: it loses orders',
    ])
  })

  test('is refused a deployment of it, also one that was planned before, until it is taken back', async () => {
    const { memory } = await aShop()
    const plan = await planned(memory)
    await blocks(memory)
    const again = () =>
      deploy(
        anActingRun({ ports: memory.ports, config: aReader(), doer: bob, stop: memory.stop }),
        aRequest(),
        shownPlan(plan),
      )
    await expect(again()).rejects.toMatchObject({
      code: 'release-blocked',
      why: expect.stringContaining('rhea'),
    })
    expect((await planned(memory)).refusals).toMatchObject([{ code: 'release-blocked' }])
    expect(outcomes(await blocks(memory, { unblock: true, reason: 'fixed' }, [aPolicy()]))).toEqual([
      'production unblocked',
    ])
    expect((await planned(memory)).refusals).toEqual([])
    expect(memory.effects()).toEqual([])
  })

  test('writes nothing where it is so already', async () => {
    const { memory } = await aShop()
    await blocks(memory)
    expect(outcomes(await blocks(memory))).toEqual(['staging unchanged', 'production unchanged'])
    expect(outcomes(await blocks(memory, { tag: 'v1', unblock: true }))).toEqual([
      'staging unchanged',
      'production unchanged',
    ])
    expect(memory.ledgers.commits('shop', 'staging')).toHaveLength(1)
  })

  test('says where the release serves: it goes on doing so', async () => {
    const { memory } = await aShop()
    const { environments } = await blocks(memory, { tag: 'v2' })
    expect(environments.map(({ serves }) => serves)).toEqual([false, true])
    expect((await keptLedger(memory)).serving?.release.tag).toBe('v2')
  })

  test('is refused for a missing tag; not for a known one that is gone', async () => {
    const { memory, v1 } = await aShop()
    await expect(blocks(memory, { tag: 'v9' })).rejects.toMatchObject({ code: 'tag-missing' })
    await expect(blocks(memory, { tag: '-v' })).rejects.toMatchObject({ code: 'tag-invalid' })
    memory.repository.resolveTag = async () => absent
    expect((await blocks(memory, { tag: 'v1' })).thing).toEqual({ kind: 'release', tag: 'v1', sha: v1.sha })
  })

  test('is not written beside a live run, which would lose its lock; elsewhere it is GH-09', async () => {
    const { memory } = await aShop()
    const { head, ledger } = await memory.ledgers.read('shop', 'production')
    const underway = (holder: ReturnType<typeof aRun> | null) => ({
      ...ledger,
      deployment: {
        number: 7,
        plan: aPlan(),
        journal: aJournal(opened),
        holder,
        record: null,
        preDeploy: null,
        build: null,
        checkCompatibility: null,
      },
    })
    const held = await memory.ledgers.append(head, underway(aRun(1)), 'under way')
    memory.repository.run({ id: 1, status: 'in_progress' })
    expect(outcomes(await blocks(memory))).toEqual(['staging blocked', 'production asked'])
    expect(await memory.ports.asks.read('shop', 'production')).toMatchObject({
      value: [{ kind: 'block', block: { tag: 'v3' }, unblock: false, deployment: null }],
    })
    expect((await memory.ledgers.read('shop', 'production')).head).toBe(held)
    memory.repository.run({ id: 1, status: 'completed', conclusion: 'failure' })
    expect(outcomes(await blocks(memory))).toEqual(['staging unchanged', 'production blocked'])
  })

  test('waits for a run that resumes the scheduler as well', async () => {
    const { memory } = await aShop()
    const { head, ledger } = await memory.ledgers.read('shop', 'production')
    const scheduler = aSuspension({ givenBackBy: aRun(1) })
    await memory.ledgers.append(head, { ...ledger, leases: [scheduler] }, 'being resumed')
    memory.repository.run({ id: 1, status: 'in_progress' })
    expect(outcomes(await blocks(memory))[1]).toBe('production asked')
  })

  test('two that write at once both count: the second looks anew', async () => {
    const { memory } = await aShop()
    const append = memory.ledgers.append.bind(memory.ledgers)
    let first = true
    memory.ledgers.append = async (head, ledger, message) => {
      if (first) {
        first = false
        await blocks(memory, { tag: 'v1', by: 'nora' }, [aPolicy()])
      }
      return append(head, ledger, message)
    }
    expect(outcomes(await blocks(memory, {}, [aPolicy()]))).toEqual(['production blocked'])
    expect((await keptLedger(memory)).blocked?.map(({ tag, by }) => `${tag} ${by}`)).toEqual([
      'v3 rhea',
      'v1 nora',
    ])
  })
})

describe('a block that was asked for, while no run or watch has written it yet', () => {
  const ask = (memory: InMemory, entry: Ask) => memory.asks.add('shop', 'production', entry)
  const anAskToBlock = ({ tag, sha }: ReleaseId): Ask => ({
    kind: 'block',
    ...{ id: 'block-1', by: 'rhea', reason: 'it loses orders', unblock: false },
    ...{
      at: '2026-03-02T09:00:00.000Z',
      run: 'https://github.com/acme/shop/actions/runs/91',
      deployment: null,
    },
    block: { tag, sha, reason: 'it loses orders', by: 'rhea', at: '2026-03-02T09:00:00.000Z' },
  })

  test('is refused a deployment already: the run that was to write it may have died', async () => {
    const { memory, v3 } = await aShop()
    const plan = await planned(memory)
    await ask(memory, anAskToBlock(v3))
    expect((await planned(memory)).refusals).toMatchObject([{ code: 'release-blocked' }])
    await expect(
      deploy(
        anActingRun({ ports: memory.ports, config: aReader(), doer: bob, stop: memory.stop }),
        aRequest(),
        shownPlan(plan),
      ),
    ).rejects.toMatchObject({ code: 'release-blocked', why: expect.stringContaining('rhea') })
    expect((await keptLedger(memory)).blocked).toEqual([])
  })

  test('is refused an approval already', async () => {
    const { memory, v3 } = await aShop()
    memory.workspace.head = v3.sha
    const approval = { kind: 'named', from: ['nora'], notSelf: false } as const
    const reader = aReader({ policy: { approval } })
    const asks = await deploy(
      anActingRun({ ports: memory.ports, config: reader, doer: bob, stop: memory.stop }),
      aRequest(),
      null,
    )
    await ask(memory, anAskToBlock(v3))
    const id = asks.kind === 'done' && asks.ending.kind === 'waiting' ? asks.ending.pause.id : ''
    const answer = {
      environment: 'production',
      pause: id,
      instances: [],
      reason: '',
      by: 'nora',
      override: '',
    }
    const kept = { ...(await memory.ledgers.read('shop', 'production')), policy: aPolicy({ approval }) }
    await expect(
      decide(memory.ports, kept, { ...answer, decision: 'approve' }, bob, memory.stop, reading),
    ).rejects.toMatchObject({ code: 'release-blocked' })
  })
})

test('a release that was blocked while it waited for approval is not approved, and the question waits on', async () => {
  const { memory, v3 } = await aShop()
  memory.workspace.head = v3.sha
  const approval = { kind: 'named', from: ['nora'], notSelf: false } as const
  const asks = await deploy(
    anActingRun({
      ports: memory.ports,
      config: aReader({ policy: { approval } }),
      doer: bob,
      stop: memory.stop,
    }),
    aRequest(),
    null,
  )
  expect(asks).toMatchObject({ kind: 'done', ending: { kind: 'waiting' } })
  await blocks(memory, {}, [aPolicy()])
  const kept = {
    ...(await memory.ledgers.read('shop', 'production')),
    policy: aPolicy({ approval: { kind: 'none' } }),
  }
  const id = asks.kind === 'done' && asks.ending.kind === 'waiting' ? asks.ending.pause.id : ''
  const answer = { environment: 'production', pause: id, instances: [], reason: '', by: 'nora', override: '' }
  await expect(
    decide(memory.ports, kept, { ...answer, decision: 'approve' }, bob, memory.stop, reading),
  ).rejects.toMatchObject({
    code: 'release-blocked',
    next: expect.stringContaining('The question still waits.'),
  })
  expect((await memory.ledgers.read('shop', 'production')).head).toBe(kept.head)
  const rejected = await decide(
    memory.ports,
    kept,
    { ...answer, decision: 'reject' },
    bob,
    memory.stop,
    reading,
  )
  expect(rejected.ending).toMatchObject({ kind: 'ended', outcome: { kind: 'rejected' } })
  expect((await keptLedger(memory)).history[0]?.decisions).toMatchObject([{ decision: 'reject', by: 'nora' }])
})

describe('a block of a commit', () => {
  /** The bug came with v2, and v4 fixes it; v5 has both, and `other` never had the bug. */
  async function aHistory() {
    const { memory, v2, v3 } = await aShop()
    const release = (tag: string) =>
      memory.repository.commit('main', { 'db/schema-version': `${tag}\n` }, tag, { tag })
    const [v4, v5] = [await release('v4'), await release('v5')]
    const given = { commit: v2.sha, fixedBy: v4, reason: 'it loses orders', by: 'rhea', unblock: false }
    return { memory, v3, v4, v5, given }
  }

  const refusalOf = async (memory: InMemory, tag: string) => {
    const [first] = (await planned(memory, { tag })).refusals.filter(({ code }) => code === 'release-blocked')
    return first?.what ?? null
  }

  test('hits every release that has it and not its fix, by ancestry', async () => {
    const { memory, given } = await aHistory()
    await block(memory.ports, 'shop', [aPolicy()], given, bob)
    expect(await refusalOf(memory, 'v3')).toContain('v3 is blocked in production, because it has ')
    expect(await refusalOf(memory, 'v4')).toBeNull()
    expect(await refusalOf(memory, 'v5')).toBeNull()
    const ledger = await keptLedger(memory)
    expect(ledger).toMatchObject({
      blocked: [],
      blockedCommits: [{ commit: given.commit, fixedBy: given.fixedBy }],
    })
  })

  test('hits every later release while nothing fixes it, and stands beside a block by tag', async () => {
    const { memory, given } = await aHistory()
    await block(memory.ports, 'shop', [aPolicy()], { ...given, fixedBy: null }, bob)
    for (const tag of ['v3', 'v4', 'v5']) expect(await refusalOf(memory, tag)).toContain('is blocked')
    await blocks(memory, { tag: 'v4' }, [aPolicy()])
    expect(await refusalOf(memory, 'v4')).toBe('v4 is blocked in production: it loses orders')
  })

  test('refuses a release whose ancestry is unknown, and says so', async () => {
    const { memory, given } = await aHistory()
    await block(memory.ports, 'shop', [aPolicy()], given, bob)
    const compare = memory.repository.compare.bind(memory.repository)
    memory.repository.compare = async (base, head) => (base === given.commit ? absent : compare(base, head))
    expect(await refusalOf(memory, 'v3')).toContain('is unknown: it loses orders')
    // The fix is known to be in it: whatever became of the other commit.
    expect(await refusalOf(memory, 'v5')).toBeNull()
  })

  test('is refused an approval that was asked for before it', async () => {
    const { memory, v3, given } = await aHistory()
    const approval = { kind: 'named', from: ['nora'], notSelf: false } as const
    const config = aReader({ policy: { approval } })
    memory.workspace.head = v3.sha
    await deploy(anActingRun({ ports: memory.ports, config, doer: bob, stop: memory.stop }), aRequest(), null)
    await block(memory.ports, 'shop', [aPolicy()], given, bob)
    const kept = await memory.ledgers.read('shop', 'production')
    const answer = { environment: 'production', decision: 'approve', instances: [], reason: '', override: '' }
    const pause = kept.ledger.deployment?.journal.flatMap((one) =>
      one.kind === 'paused' ? [one.pause.id] : [],
    )[0]
    const answer_ = { ...answer, decision: 'approve', by: 'nora', pause: pause ?? '' } as const
    const policy = aPolicy({ approval })
    const doer = { run: aRun(3), by: ['nora'] }
    await expect(
      decide(memory.ports, { ...kept, policy }, answer_, doer, memory.stop, reading),
    ).rejects.toMatchObject({ code: 'release-blocked' })
    expect(memory.effects()).toEqual([])
  })

  test('is lifted by the beginning of its name, also where the commit is gone', async () => {
    const { memory, given } = await aHistory()
    await block(memory.ports, 'shop', [aPolicy()], given, bob)
    memory.releases.commit = async () => absent
    const lift = {
      commit: given.commit.slice(0, 7),
      fixedBy: null,
      reason: 'fixed',
      by: 'rhea',
      unblock: true,
    }
    expect(outcomes(await block(memory.ports, 'shop', [aPolicy()], lift, bob))).toEqual([
      'production unblocked',
    ])
    expect((await keptLedger(memory)).blockedCommits).toEqual([])
    expect(await refusalOf(memory, 'v3')).toBeNull()
  })

  test('is not lifted by a beginning that two have, of one environment or of two', async () => {
    const { memory } = await aHistory()
    const [one, other] = ['a1'.padEnd(40, '0'), 'a2'.padEnd(40, '0')]
    const given = { fixedBy: null, reason: 'it loses orders', by: 'rhea', unblock: false }
    memory.releases.commit = async (name) => found(name ?? '')
    const blockBoth = both.map((policy, at) =>
      block(memory.ports, 'shop', [policy], { ...given, commit: [one, other][at] ?? '' }, bob),
    )
    await Promise.all(blockBoth)
    const lift = { ...given, commit: 'a', unblock: true }
    await expect(block(memory.ports, 'shop', both, lift, bob)).rejects.toMatchObject({
      code: 'input-invalid',
      what: expect.stringContaining(one),
    })
    expect((await keptLedger(memory)).blockedCommits).toMatchObject([{ commit: other }])
    expect(outcomes(await block(memory.ports, 'shop', both, { ...lift, commit: 'a2' }, bob))).toEqual([
      'staging unchanged',
      'production unblocked',
    ])
  })

  test('is refused for a commit that is not there, and for a fix that is the commit itself', async () => {
    const { memory, given } = await aHistory()
    for (const change of [{ commit: 'f'.repeat(40) }, { fixedBy: 'f'.repeat(40) }, { fixedBy: given.commit }])
      await expect(
        block(memory.ports, 'shop', [aPolicy()], { ...given, ...change }, bob),
      ).rejects.toMatchObject({ code: 'input-invalid' })
    expect((await keptLedger(memory)).blockedCommits).toEqual([])
  })

  test('asked for beside a live run is written down as soon as nobody holds the ledger, once', async () => {
    const { memory, given } = await aHistory()
    const { head, ledger } = await memory.ledgers.read('shop', 'production')
    const scheduler = aSuspension({ givenBackBy: aRun(1) })
    await memory.ledgers.append(head, { ...ledger, leases: [scheduler] }, 'being resumed')
    memory.repository.run({ id: 1, status: 'in_progress' })
    const asked = await block(memory.ports, 'shop', [aPolicy()], given, bob)
    expect(outcomes(asked)).toEqual(['production asked'])
    expect(await takeBlocks(memory.ports, 'shop', 'production', bob)).toEqual([])
    memory.repository.run({ id: 1, status: 'completed', conclusion: 'failure' })
    memory.asks.hide({ code: 'github-unavailable', what: 'GitHub is silent.', why: '', next: '' })
    await expect(takeBlocks(memory.ports, 'shop', 'production', bob)).rejects.toMatchObject({
      code: 'github-unavailable',
    })
    memory.asks.hide(null)
    expect(await takeBlocks(memory.ports, 'shop', 'production', bob)).toHaveLength(1)
    expect((await keptLedger(memory)).blockedCommits).toHaveLength(1)
    expect(await takeBlocks(memory.ports, 'shop', 'production', bob)).toEqual([])
  })
})
