import { describe, expect, test, vi } from 'vitest'
import type { Recipe } from '../../src/domain/config/recipe.ts'
import type { Past } from '../../src/domain/ledger/past.ts'
import { Problem } from '../../src/domain/problem.ts'
import { absent, found, unknown } from '../../src/domain/reading.ts'
import { shownPlan } from '../../src/domain/shown/shown-plan.ts'
import type { Request } from '../../src/pipeline/plan/request.ts'
import { recall, survey } from '../../src/pipeline/plan/survey.ts'
import { aFailed, aHistory, aPast } from '../domain/a-ledger.ts'
import { aCommand, aLedgerServing, aRecipe, aScheduler, aService, noSteps } from '../domain/a-plan.ts'
import { aReader, aRepository, aRequest, configPath, planned } from './a-repository.ts'
import { inMemory } from './in-memory.ts'

describe('the sources of a plan', () => {
  test('the policy of the default branch, the recipe of the release, the ledger, and how the commits stand', async () => {
    const memory = inMemory()
    const { v2, v3, serve } = await aRepository(memory)
    await serve()
    const reader = aReader()
    const plan = await planned(memory, {}, reader)
    expect(reader.read).toEqual([
      'the policy, from the default branch',
      'recipe of v3, from v3, under the policy',
      'recipe of v2, from v2, under the policy',
    ])
    expect(plan).toMatchObject({ release: v3, from: v2, relation: 'ahead', commits: 1, mode: 'deploy' })
  })

  test('the ledger of the app that the policy names, else of the one that is asked for MM-24', async () => {
    const memory = inMemory()
    await aRepository(memory)
    expect((await planned(memory, { app: 'other' })).app).toBe('shop')
    expect((await planned(memory, { app: 'other' }, aReader({ policy: { app: null } }))).app).toBe('other')
    const { ledger } = await recall(memory.ports, aReader(), aRequest({ app: 'other' }))
    expect(ledger.app).toBe('shop')
  })

  test('a first release stands to nothing, and nothing is compared', async () => {
    const memory = inMemory()
    await aRepository(memory)
    const compare = vi.spyOn(memory.repository, 'compare')
    expect(await planned(memory)).toMatchObject({ from: null, relation: 'first', commits: 0 })
    expect(compare).not.toHaveBeenCalled()
  })

  test('no schema file named, or none there, is no schema version', async () => {
    const memory = inMemory()
    await aRepository(memory)
    for (const schema of [null, 'db/elsewhere'])
      expect(await planned(memory, {}, aReader({ recipe: { schema } }))).toMatchObject({
        release: { schemaVersion: null },
      })
  })

  test('a deployment of the serving release is already deployed, unless it is asked for MM-28', async () => {
    const memory = inMemory()
    const { v2, serve } = await aRepository(memory)
    await serve()
    const { planning } = await survey(memory.ports, aReader(), aRequest({ tag: 'v2' }))
    expect(planning).toEqual({ kind: 'already-deployed', release: v2 })
    expect(await planned(memory, { tag: 'v2', redeploy: true })).toMatchObject({ mode: 'redeploy' })
  })
})

describe('the config', () => {
  test('must be on the default branch, and at the release MM-04', async () => {
    const memory = inMemory()
    const first = await memory.repository.commit('main', { other: '' }, 'none yet', { tag: 'v0' })
    await expect(planned(memory, { tag: 'v0' })).rejects.toMatchObject({
      code: 'config-missing',
      what: expect.stringContaining('the default branch'),
    })
    await memory.repository.commit('main', { [configPath]: 'now' }, 'now')
    memory.repository.environment('production', { reviewers: { users: ['rhea'] } })
    expect(await memory.repository.resolveTag('v0')).toEqual(found(first))
    await expect(planned(memory, { tag: 'v0' })).rejects.toMatchObject({
      code: 'config-missing',
      what: expect.stringContaining('v0'),
    })
  })
})

describe('the gate', () => {
  test.each([
    ['is not there', null],
    ['has no reviewers', {}],
  ])('an environment that %s is refused before anything else is read GH-05', async (_how, rules) => {
    const memory = inMemory()
    await memory.repository.commit('main', { [configPath]: 'policy' }, 'one', { tag: 'v3' })
    if (rules !== null) memory.repository.environment('production', rules)
    const resolveTag = vi.spyOn(memory.repository, 'resolveTag')
    await expect(planned(memory)).rejects.toMatchObject({ code: 'environment-unprotected' })
    expect(resolveTag).not.toHaveBeenCalled()
  })

  test.each([
    ['nobody', { kind: 'none' }],
    ['named people', { kind: 'named', from: ['rhea'], notSelf: true }],
  ] as const)('the environment needs no reviewers where %s approve', async (_who, approval) => {
    const memory = inMemory()
    await memory.repository.commit('main', { [configPath]: 'policy' }, 'one', { tag: 'v3' })
    expect(await planned(memory, {}, aReader({ policy: { approval } }))).toMatchObject({ relation: 'first' })
  })
})

describe('the tag', () => {
  test.each([
    ...['-v1', '/v1', 'v1/', 'v1.', 'v1.lock', 'v1..2', '.v1', 'a/.b', 'a//b', 'v1@{0}'],
    ...['v 1', 'v~1', 'v^1', 'v:1', 'v?', 'v*', 'v[1]', 'v\\1', 'v\n1', 'v\x7f', 'refs/tags/v3'],
  ])('%j is no name for one, and is not asked for MM-03', async (tag) => {
    const memory = inMemory()
    await aRepository(memory)
    const resolveTag = vi.spyOn(memory.repository, 'resolveTag')
    await expect(planned(memory, { tag })).rejects.toMatchObject({ code: 'tag-invalid' })
    expect(resolveTag).not.toHaveBeenCalled()
  })

  test.each(['v1.0.0', '2024-03-15-fix', 'shop/v1.1.0+ü', 'a.b', 'v1@x', '1'])(
    '%s is one MM-03',
    async (tag) => {
      const memory = inMemory()
      const { v3 } = await aRepository(memory)
      await memory.repository.tag(tag, v3.sha)
      expect(await planned(memory, { tag })).toMatchObject({ release: { tag, sha: v3.sha } })
    },
  )

  test.each([null, 'v9', 'main'])('%s is refused: only a tag is deployed MM-01 CC-05', async (tag) => {
    const memory = inMemory()
    await aRepository(memory)
    const code = tag === null ? 'input-invalid' : 'tag-missing'
    await expect(planned(memory, { tag })).rejects.toMatchObject({ code })
  })

  test('one that is a branch too is refused', async () => {
    const memory = inMemory()
    const { v1 } = await aRepository(memory)
    await memory.repository.branch('v3', v1.sha)
    await expect(planned(memory)).rejects.toMatchObject({ code: 'tag-ambiguous' })
  })
})

describe('a rollback', () => {
  const back = (change: Partial<Request> = {}) => ({ wanted: 'rollback', tag: null, ...change }) as const

  test('goes to what served before, not to what was last tried WX-29', async () => {
    const memory = inMemory()
    const { v1, serve } = await aRepository(memory)
    await serve()
    expect(await planned(memory, back())).toMatchObject({ mode: 'rollback', release: { sha: v1.sha } })
  })

  test('has nothing to go to where nothing served before MM-20', async () => {
    const memory = inMemory()
    const { v2, serve } = await aRepository(memory)
    await serve({ history: aHistory(aPast(v2)) })
    await expect(planned(memory, back())).rejects.toMatchObject({ code: 'nothing-to-roll-back-to' })
  })

  test('pressed again after a rollback names what serves and what else served here F35', async () => {
    const memory = inMemory()
    const { v1, v2, serve } = await aRepository(memory)
    const back1 = aPast(v1, { mode: 'rollback', from: v2 })
    const serving = aLedgerServing(v1).serving
    await serve({ serving, history: aHistory(aPast(v1), aPast(v2), back1) })
    await expect(planned(memory, back())).rejects.toMatchObject({
      code: 'nothing-to-roll-back-to',
      what: expect.stringContaining('went back from v2 to v1 already'),
      next: expect.stringMatching(/^If v1 works, nothing is to be done\. .* served here: v2\./),
    })
  })

  test.each(['v3', 'v9'])('does not go to %s, which has never served here WX-29', async (tag) => {
    const memory = inMemory()
    const { serve } = await aRepository(memory)
    await serve()
    await expect(planned(memory, back({ tag }))).rejects.toMatchObject({
      code: 'nothing-to-roll-back-to',
      next: expect.stringMatching(/^Safe to go back to, the nearest first: v1\. Leave the release out/),
    })
  })

  test('tells of what the ledger remembers, and that it has forgotten the deployments before F03', async () => {
    const memory = inMemory()
    const { v2, serve } = await aRepository(memory)
    const restarts = Array.from({ length: 100 }, () => aPast(v2, { mode: 'restart', from: v2 }))
    const history = aHistory(aPast(v2), ...restarts).slice(0, 100)
    await serve({ serving: aLedgerServing(v2).serving, history })
    const forgotten = 'Those before deployment 2 are forgotten; the git history of its ref has them.'
    await expect(planned(memory, back())).rejects.toMatchObject({
      what: `v2 serves production, and the ledger remembers no release before it. ${forgotten}`,
    })
    await expect(planned(memory, back({ tag: 'v1' }))).rejects.toMatchObject({
      what: 'The ledger of production remembers no successful deployment of v1.',
      why: expect.stringContaining(forgotten),
    })
  })

  test('to a release whose config cannot be read names those that are safe besides SD-33', async () => {
    const memory = inMemory()
    const { v1, v2, v3, serve } = await aRepository(memory)
    await serve({ history: aHistory(aPast(v1), aPast(v3), aPast(v2)) })
    const broken = aReader()
    broken.readRecipe = () => {
      throw new Problem('config-invalid', {
        what: 'It has one mistake.',
        why: 'So it is.',
        next: 'Correct it.',
      })
    }
    await expect(planned(memory, back({ tag: 'v3' }), broken)).rejects.toMatchObject({
      code: 'config-invalid',
      next: 'Safe to go back to, the nearest first: v1. Correct it.',
    })
    await expect(planned(memory, {}, broken)).rejects.toMatchObject({ next: 'Correct it.' })
  })

  test('goes to the commit that served, or nowhere when the tag has moved or is gone MM-08', async () => {
    const memory = inMemory()
    const { v3, serve } = await aRepository(memory)
    await serve()
    await memory.repository.tag('v1', v3.sha)
    await expect(planned(memory, back())).rejects.toMatchObject({ code: 'tag-moved' })
    await expect(planned(memory, back({ tag: 'v1' }))).rejects.toMatchObject({ code: 'tag-moved' })
    memory.repository.resolveTag = async () => absent
    await expect(planned(memory, back())).rejects.toMatchObject({ code: 'tag-missing' })
  })

  test.each([null, 'v3'])(
    'to %s, whose tag was deleted, says what the ledger knows, how to put it back and where else to go F28',
    async (tag) => {
      const memory = inMemory()
      const { v1, v2, v3, serve } = await aRepository(memory)
      await serve({ history: aHistory(aPast(v1), aPast(v3), aPast(v2)) })
      const { sha } = v3
      memory.repository.resolveTag = async () => absent
      await expect(planned(memory, back({ tag }))).rejects.toMatchObject({
        code: 'tag-missing',
        what: `There is no tag v3 in this repository any more; the ledger of production knows it as commit ${sha}.`,
        next: `Safe to go back to, the nearest first: v1. To have v3 itself put its tag back, and run again: git tag v3 ${sha} && git push origin v3.`,
      })
    },
  )
})

describe('a tag that was deleted', () => {
  const tagless = async () => {
    const memory = inMemory()
    const repository = await aRepository(memory)
    memory.repository.resolveTag = async () => absent
    return { memory, ...repository }
  }

  test('is told to whoever deploys it with the commit that the ledger knows, also where it never served F28', async () => {
    const { memory, v3, serve } = await tagless()
    await serve()
    await expect(planned(memory)).rejects.toMatchObject({
      code: 'tag-missing',
      what: expect.stringContaining(`the ledger of production knows it as commit ${v3.sha}`),
      next: expect.stringContaining(`git tag v3 ${v3.sha} && git push origin v3`),
    })
  })

  test('is pushed by its whole name where a branch has it too F28', async () => {
    const { memory, v1, v3, serve } = await tagless()
    await serve()
    await memory.repository.branch('v3', v1.sha)
    await expect(planned(memory)).rejects.toMatchObject({
      next: expect.stringContaining(`git tag v3 ${v3.sha} && git push origin refs/tags/v3`),
    })
  })

  test('is misspelt where the ledger knows no such release F28', async () => {
    const { memory, serve } = await tagless()
    await serve()
    await expect(planned(memory, { tag: 'v9' })).rejects.toMatchObject({
      what: 'There is no tag v9 in this repository.',
    })
  })

  const services = [aService('web', 2)]
  test.each([
    ['a restart', { wanted: 'restart' }, { services }],
    ['a task', { wanted: 'task', task: 'report' }, { tasks: { report: aCommand('report') } }],
    [
      'a run of the scheduler',
      { wanted: 'scheduler-run' },
      { steps: { ...noSteps, scheduler: aScheduler() } },
    ],
  ] as const)('is not needed for %s of what serves, deleted or moved F28', async (_what, wanted, recipe) => {
    const memory = inMemory()
    const { v1, v2, serve } = await aRepository(memory)
    await serve()
    const request = { ...wanted, tag: null }
    const before = await planned(memory, request, aReader({ recipe }))
    expect(before).toMatchObject({ mode: wanted.wanted, release: v2, refusals: [] })
    await memory.repository.tag('v2', v1.sha)
    expect(await planned(memory, request, aReader({ recipe }))).toEqual(before)
    memory.repository.resolveTag = async () => absent
    expect(await planned(memory, request, aReader({ recipe }))).toEqual(before)
  })

  test('took the GitHub Release with it, and what serves is restarted all the same F28', async () => {
    const memory = inMemory()
    const { v2, serve } = await aRepository(memory)
    const made = { ...v2, manifest: 'f'.repeat(64) }
    await serve({ ...aLedgerServing(made), history: aHistory(aPast(made)) })
    const reader = aReader({ recipe: { services } })
    const plan = await planned(memory, { wanted: 'restart', tag: null }, reader)
    expect(plan).toMatchObject({ mode: 'restart', release: { sha: v2.sha }, refusals: [] })
    expect(plan.snapshot).toBeNull()
    const again = planned(memory, { tag: 'v2', redeploy: true }, reader)
    await expect(again).rejects.toMatchObject({ code: 'release-tampered' })
  })
})

describe('a serving commit that is gone', () => {
  const gone = async () => {
    const memory = inMemory()
    const repository = await aRepository(memory)
    await repository.serve()
    memory.repository.lose(repository.v2.sha)
    return { memory, ...repository }
  }
  const knowing = { acknowledged: { older: true, dataLoss: false } }
  const cannotBeCompared = expect.arrayContaining([
    expect.stringContaining('v3 and what serves cannot be compared'),
  ])

  test('cannot be compared with: a deployment wants acknowledge-older, and says why F27', async () => {
    const { memory, v2 } = await gone()
    const plan = await planned(memory)
    expect(plan).toMatchObject({
      from: v2,
      relation: 'unknown',
      commits: 0,
      warnings: cannotBeCompared,
      refusals: [
        {
          code: 'release-older',
          what: `v3 cannot be compared with v2, which serves production: the repository does not have its commit ${v2.sha} any more. It may be older.`,
          next: expect.stringContaining('acknowledge-older: true'),
        },
      ],
      wayBack: { release: v2, feasibility: { kind: 'config-unreadable' } },
    })
  })

  test.each([
    ['whoever acknowledges that it may be older', knowing, {}],
    ['a sandbox', {}, { class: 'sandbox' }],
  ] as const)('warns %s, and goes on F27', async (_who, request, policy) => {
    const { memory } = await gone()
    const plan = await planned(memory, request, aReader({ policy }))
    expect(plan).toMatchObject({ relation: 'unknown', refusals: [], warnings: cannotBeCompared })
    expect(plan.older).toBeNull()
  })

  test('keeps nobody from going back F27', async () => {
    const { memory, v1 } = await gone()
    const plan = await planned(memory, { wanted: 'rollback', tag: null })
    expect(plan).toMatchObject({ mode: 'rollback', release: v1, relation: 'unknown', refusals: [] })
    expect(plan.warnings.join()).toContain('v1 and what serves cannot be compared')
  })

  test.each([
    ['restarted', { wanted: 'restart', tag: null }],
    ['run in a task', { wanted: 'task', task: 'report', tag: null }],
  ] as const)('is not %s without its files, and the problem says so F27', async (_how, request) => {
    const { memory } = await gone()
    await expect(planned(memory, request)).rejects.toMatchObject({ code: 'commit-missing' })
  })

  test('is no missing commit where GitHub does not answer F27 F03', async () => {
    const { memory } = await gone()
    const why = { code: 'github-unavailable', what: 'It broke.', why: 'It is down.', next: 'Wait.' } as const
    memory.repository.compare = async () => unknown(why)
    await expect(planned(memory, knowing)).rejects.toMatchObject({ code: 'github-unavailable' })
  })
})

describe('looking again behind the gate', () => {
  test('reads everything again that a plan from an input only claims F47', async () => {
    const memory = inMemory()
    const { serve } = await aRepository(memory)
    await serve()
    const plan = await planned(memory)
    const { repository } = memory
    const spies = {
      resolveTag: vi.spyOn(repository, 'resolveTag'),
      file: vi.spyOn(repository, 'file'),
      compare: vi.spyOn(repository, 'compare'),
      resolveBranch: vi.spyOn(repository, 'resolveBranch'),
      environmentRules: vi.spyOn(repository, 'environmentRules'),
    }
    const { planning } = await survey(memory.ports, aReader(), aRequest(), shownPlan(plan))
    expect(planning).toEqual({ kind: 'planned', plan })
    const asked = Object.entries(spies).map(([name, spy]) => [name, spy.mock.calls.length])
    expect(Object.fromEntries(asked)).toEqual({
      resolveTag: 1,
      file: 4,
      compare: 1,
      resolveBranch: 0,
      environmentRules: 0,
    })
  })

  test('compares again when something else serves by now', async () => {
    const memory = inMemory()
    const { v1, serve } = await aRepository(memory)
    await serve()
    const plan = await planned(memory)
    const { head, ledger } = await memory.ledgers.read('shop', 'production')
    const serving = aLedgerServing(v1).serving
    await memory.ledgers.append(head, { ...ledger, serving }, 'v1 serves')
    const again = await survey(memory.ports, aReader(), aRequest(), shownPlan(plan))
    expect(again.planning).toMatchObject({ plan: { from: { tag: 'v1' }, commits: 2 } })
  })

  test('a tag that has moved since is refused SP-07', async () => {
    const memory = inMemory()
    const { v1, serve } = await aRepository(memory)
    await serve()
    const plan = await planned(memory)
    await memory.repository.tag('v3', v1.sha)
    const again = survey(memory.ports, aReader(), aRequest(), shownPlan(plan))
    await expect(again).rejects.toMatchObject({ code: 'tag-moved' })
  })
})

describe('the proof that a policy asks for', () => {
  const wanting = () => aReader({ policy: { verifiedIn: 'staging' } })

  test('is read from the other ledger, anew each time MM-18 MM-17', async () => {
    const memory = inMemory()
    const { v3, serve } = await aRepository(memory)
    await serve()
    expect(await planned(memory, {}, wanting())).toMatchObject({
      verification: { kind: 'unverified', where: 'staging' },
      refusals: [{ code: 'not-verified' }],
    })
    const staging = (...pasts: readonly Past[]) => ({
      ...aLedgerServing(v3, { history: aHistory(...pasts) }),
      environment: 'staging',
    })
    const head = await memory.ledgers.append(null, staging(aPast(v3)), 'v3 serves')
    const plan = await planned(memory, {}, wanting())
    expect(plan).toMatchObject({ verification: { kind: 'verified', deployment: 1 }, refusals: [] })
    const twice = await memory.ledgers.append(head, staging(aPast(v3), aPast(v3)), 'v3 serves again')
    const proven = await survey(memory.ports, wanting(), aRequest(), shownPlan(plan))
    expect(proven.planning).toEqual({ kind: 'planned', plan })
    await memory.ledgers.append(twice, staging(aPast(v3), aPast(v3), aFailed(v3)), 'v3 fails')
    const again = await survey(memory.ports, wanting(), aRequest(), shownPlan(plan))
    expect(again.planning).toMatchObject({ plan: { refusals: [{ code: 'not-verified' }] } })
  })

  test('counts from the success, by the clock of the look, and is judged again behind the gate MM-18', async () => {
    const memory = inMemory()
    const { v3, serve } = await aRepository(memory)
    await serve()
    const hour = 3_600_000
    const soaking = aReader({ policy: { verifiedIn: 'staging', verifiedFor: hour } })
    const endedAt = memory.clock.now().toISOString()
    const good = aPast(v3, { startedAt: endedAt, endedAt, record: 9 })
    const staging = (...pasts: readonly Past[]) => ({
      ...aLedgerServing(v3, { history: aHistory(...pasts) }),
      environment: 'staging',
    })
    const head = await memory.ledgers.append(null, staging(good), 'v3 serves')
    expect(await planned(memory, {}, soaking)).toMatchObject({ refusals: [{ code: 'soak-too-short' }] })
    await memory.clock.sleep(hour)
    const plan = await planned(memory, {}, soaking)
    expect(plan).toMatchObject({ verification: { kind: 'verified', deployment: 1 }, refusals: [] })
    const now = memory.clock.now().toISOString()
    await memory.ledgers.append(
      head,
      staging(good, aPast(v3, { startedAt: now, endedAt: now, record: 10 })),
      'again',
    )
    const again = await survey(memory.ports, soaking, aRequest(), shownPlan(plan))
    expect(again.planning).toMatchObject({ plan: { refusals: [{ code: 'soak-too-short' }] } })
  })

  test('is done without where somebody says why MM-18', async () => {
    const memory = inMemory()
    const { serve } = await aRepository(memory)
    await serve()
    const override = { by: 'dora', reason: 'the shop is down' }
    const plan = await planned(memory, { overrideVerified: override }, wanting())
    expect(plan).toMatchObject({ verification: { kind: 'overridden', ...override }, refusals: [] })
    expect(plan.warnings.join()).toContain('dora wants it anyway: the shop is down')
  })

  test('is asked of no rollback, and of nothing where no policy wants it', async () => {
    const memory = inMemory()
    const { serve } = await aRepository(memory)
    await serve()
    const read = vi.spyOn(memory.ledgers, 'read')
    expect((await planned(memory, { wanted: 'rollback', tag: null }, wanting())).refusals).toEqual([])
    expect((await planned(memory)).verification).toBeNull()
    expect(read.mock.calls.map(([, environment]) => environment)).toEqual(['production', 'production'])
  })
})

describe('the rehearsal that a policy asks for', () => {
  const wanting = (change = {}) => aReader({ policy: { rehearsedIn: 'staging', ...change } })

  test('is read from the other ledger, anew each time, and asks for the way to what serves here', async () => {
    const memory = inMemory()
    const { v1, v2, v3, serve } = await aRepository(memory)
    await serve()
    const staging = (...pasts: readonly Past[]) => ({
      ...aLedgerServing(v3, { history: aHistory(...pasts) }),
      environment: 'staging',
    })
    const back = (release: typeof v1) => aPast(release, { mode: 'rollback', from: v3 })
    const before = [aPast(v1), aPast(v2), aPast(v3)]
    let head = await memory.ledgers.append(null, staging(...before, back(v1), aPast(v3)), 'back to v1')
    expect(await planned(memory, {}, wanting())).toMatchObject({
      rehearsal: { kind: 'unrehearsed', where: 'staging', to: 'v2' },
      refusals: [{ code: 'not-rehearsed', what: expect.stringContaining('went back to v1, not to v2') }],
    })
    const rehearsed = [...before, back(v2), aPast(v3)]
    head = await memory.ledgers.append(head, staging(...rehearsed), 'back to v2')
    const plan = await planned(memory, {}, wanting({ verifiedIn: 'staging' }))
    expect(plan).toMatchObject({
      rehearsal: { kind: 'rehearsed', back: 4, again: 5, to: { tag: 'v2' } },
      verification: { kind: 'verified' },
      refusals: [],
    })
    const twice = [...rehearsed, back(v2), aPast(v3)]
    head = await memory.ledgers.append(head, staging(...twice), 'once more')
    const again = await survey(memory.ports, wanting({ verifiedIn: 'staging' }), aRequest(), shownPlan(plan))
    expect(again.planning).toEqual({ kind: 'planned', plan })
    await memory.ledgers.append(head, staging(...twice, aFailed(v3)), 'v3 fails')
    const moved = await survey(memory.ports, wanting(), aRequest(), shownPlan(plan))
    expect(moved.planning).toMatchObject({ plan: { refusals: [{ code: 'not-rehearsed' }] } })
  })

  test('is another one than was approved once another way was gone', async () => {
    const memory = inMemory()
    const { v1, v3, serve } = await aRepository(memory)
    await serve()
    const v0 = { ...v1, tag: 'v0', sha: '0'.repeat(40) }
    const back = (release: typeof v1) => aPast(release, { mode: 'rollback', from: v3 })
    const toV1 = [aPast(v0), aPast(v1), aPast(v3), back(v1), aPast(v3)]
    const staging = (...pasts: readonly Past[]) => ({
      ...aLedgerServing(v3, { history: aHistory(...pasts) }),
      environment: 'staging',
    })
    const head = await memory.ledgers.append(null, staging(...toV1), 'back to v1')
    const plan = await planned(memory, {}, wanting())
    expect(plan).toMatchObject({ rehearsal: { to: { tag: 'v1' } } })
    await memory.ledgers.append(head, staging(...toV1, back(v0), aPast(v3)), 'back to v0')
    const now = await survey(memory.ports, wanting(), aRequest(), shownPlan(plan))
    expect(now.planning).toMatchObject({ plan: { rehearsal: { to: { tag: 'v0' } } } })
  })

  test('is not asked of the first release: there is nothing to go back to', async () => {
    const memory = inMemory()
    await aRepository(memory)
    const plan = await planned(memory, {}, wanting())
    expect(plan.refusals).toEqual([])
    expect(plan.rehearsal).toBeNull()
  })

  test('is done without where somebody says why, and asked of no rollback', async () => {
    const memory = inMemory()
    const { serve } = await aRepository(memory)
    await serve()
    const override = { by: 'dora', reason: 'the shop is down' }
    const plan = await planned(memory, { overrideRehearsed: override }, wanting())
    expect(plan).toMatchObject({ rehearsal: { kind: 'overridden', ...override }, refusals: [] })
    expect((await planned(memory, { wanted: 'rollback', tag: null }, wanting())).refusals).toEqual([])
  })
})

describe('the config that a rollback would later run', () => {
  /** A reader that knows another recipe for some tags. */
  const reading = (recipes: Readonly<Record<string, () => Recipe>>) => {
    const reader = aReader()
    const readRecipe: typeof reader.readRecipe = (source, overlay) =>
      recipes[source.commit]?.() ?? reader.readRecipe(source, overlay)
    return { ...reader, readRecipe }
  }

  test('is compared, and the plan says where it differs SD-33', async () => {
    const memory = inMemory()
    const { serve } = await aRepository(memory)
    await serve()
    const v2 = () => aRecipe({ steps: { ...noSteps, postDeploy: aCommand('old') } })
    const plan = await planned(memory, {}, reading({ v2 }))
    expect(plan.wayBack).toMatchObject({
      release: { tag: 'v2' },
      feasibility: { kind: 'config-differs', differences: ['steps.post-deploy'] },
    })
    const again = await survey(memory.ports, reading({ v2 }), aRequest(), shownPlan(plan))
    expect(again.planning).toEqual({ kind: 'planned', plan })
  })

  test('that cannot be read is said, and keeps nobody from going forward', async () => {
    const memory = inMemory()
    const { serve } = await aRepository(memory)
    await serve()
    const broken = (code: 'config-invalid' | 'github-unavailable') => () => {
      throw new Problem(code, { what: 'It has one mistake.', why: '', next: '' })
    }
    const plan = await planned(memory, {}, reading({ v2: broken('config-invalid') }))
    expect(plan).toMatchObject({
      refusals: [],
      wayBack: { feasibility: { kind: 'config-unreadable', why: 'It has one mistake.' } },
    })
    const silent = planned(memory, {}, reading({ v2: broken('github-unavailable') }))
    await expect(silent).rejects.toMatchObject({ code: 'github-unavailable' })
  })
})
