import { describe, expect, test } from 'vitest'
import type { EnvironmentPolicy } from '../../src/domain/config/policy.ts'
import type { Freeze } from '../../src/domain/config/times.ts'
import type { Plan } from '../../src/domain/plan/plan.ts'
import { shownPlan } from '../../src/domain/shown/shown-plan.ts'
import type { FinalAnswer } from '../../src/pipeline/act/admit.ts'
import { decide } from '../../src/pipeline/act/decide.ts'
import { deploy } from '../../src/pipeline/act/deploy.ts'
import { converge } from '../../src/pipeline/act/reconcile.ts'
import type { Request } from '../../src/pipeline/plan/request.ts'
import { neverStops } from '../../src/pipeline/run/stop.ts'
import { aRun } from '../domain/a-journal.ts'
import { aCommand, aPolicy, noSteps } from '../domain/a-plan.ts'
import { aReader, aRepository, aRequest, configPath, planned, type Reading } from './a-repository.ts'
import { anActingRun } from './an-acting-run.ts'
import { bob, type InMemory, inMemory, keptLedger, ledgerCommits, reading } from './in-memory.ts'
import { watched } from './later-run.ts'

const hour = 3_600_000

/** From tomorrow on: it is Monday, 2 March 2026, 9:00 UTC. */
const spring: Freeze = {
  name: 'spring',
  times: { kind: 'once', timezone: 'Europe/Berlin', from: '2026-03-03T00:00', to: '2026-03-06T00:00' },
  allow: ['rollback'],
}
/** Within the freeze, and after whatever a test waits for. */
const later = '2026-03-05T00:00'
const ends = '2026-03-06 00:00 Europe/Berlin (2026-03-05 23:00 UTC)'

const freezing: Partial<EnvironmentPolicy> = {
  freezes: [spring],
  freezeOverride: ['alice', 'acme/releasers'],
}
const unguarded: Partial<EnvironmentPolicy> = { ...freezing, approval: { kind: 'none' } }

/** A shop in which the second of three releases serves, and the third is checked out. */
async function ready() {
  const memory = inMemory()
  const { v1, v2, v3, serve } = await aRepository(memory)
  await serve()
  memory.workspace.head = v3.sha
  return { memory, v1, v2 }
}

const deploying = (
  memory: InMemory,
  plan: Plan | null = null,
  request: Partial<Request> = {},
  policy: Reading['policy'] = unguarded,
) =>
  deploy(
    anActingRun({ ports: memory.ports, config: aReader({ policy }), doer: bob }),
    aRequest(request),
    plan && shownPlan(plan),
  )

const overriding = (by: string) => ({ override: { by, reason: 'the fix cannot wait' } })

describe('a freeze that begins while a run waits for its reviewers', () => {
  test('the plan was good, the deployment is refused, and nothing was written CC-20', async () => {
    const { memory } = await ready()
    const plan = await planned(memory, {}, aReader({ policy: unguarded }))
    expect(plan.refusals).toEqual([])
    await memory.clock.advance(24 * hour)
    await expect(deploying(memory, plan)).rejects.toMatchObject({
      code: 'frozen',
      what: `production is frozen: spring until ${ends}.`,
      next: `A deploy is allowed from ${ends} on. One of alice, acme/releasers may override it, with a reason in the input override-freeze.`,
    })
    expect(memory.effects()).toEqual([])
    expect(ledgerCommits(memory)).toHaveLength(1)
  })

  test('when it is over the same plan is deployed CC-20', async () => {
    const { memory } = await ready()
    const plan = await planned(memory, {}, aReader({ policy: unguarded }))
    await memory.clock.advance(5 * 24 * hour)
    expect(await deploying(memory, plan)).toMatchObject({ ending: { outcome: { kind: 'succeeded' } } })
  })

  test('an override that was not in the plan is not approved with it', async () => {
    const { memory } = await ready()
    const plan = await planned(memory, overriding('alice'), aReader({ policy: unguarded }))
    await memory.clock.advance(24 * hour)
    await expect(deploying(memory, plan, overriding('alice'))).rejects.toMatchObject({
      code: 'plan-changed',
      what: expect.stringContaining('alice overrides the freeze spring: the fix cannot wait'),
    })
    expect(memory.effects()).toEqual([])
  })

  test('a deployment that had begun before it goes on', async () => {
    const { memory } = await ready()
    memory.shell.play('install', { ends: { kind: 'exited', code: 1 } })
    const plan = await planned(memory, {}, aReader({ policy: unguarded }))
    expect(await deploying(memory, plan)).toMatchObject({ ending: { pause: { id: '4.1' } } })
    await memory.clock.advance(24 * hour)
    memory.shell.play(
      'install',
      ({ variables: { ROLLGATE_INSTANCE: name = '', ROLLGATE_RELEASE: tag = '' } }) => {
        memory.installed.set(name, tag)
        return {}
      },
    )
    const policy = aPolicy(unguarded)
    const kept = await memory.ledgers.read('shop', 'production')
    const { ending } = await decide(
      memory.ports,
      { ...kept, policy },
      anAnswer('retry', '4.1'),
      bob,
      neverStops,
      reading,
    )
    expect(ending).toMatchObject({ outcome: { kind: 'succeeded' } })
  })
})

describe('a deployment whose run was lost before anything had changed', () => {
  const build = { command: aCommand('build'), unless: null }
  const reads = { policy: unguarded, recipe: { steps: { ...noSteps, build } } }

  async function lost() {
    const { memory } = await ready()
    memory.shell.play('build', { takes: Number.POSITIVE_INFINITY })
    void memory.clock.sleep(2_000).then(memory.forceToStop)
    const alice = { run: aRun(1), by: ['alice'] }
    await deploy(
      anActingRun({ ports: memory.ports, config: aReader(reads), doer: alice, stop: memory.stop }),
      aRequest(),
      null,
    )
    expect(await keptLedger(memory)).toMatchObject({ deployment: { number: 4, record: null } })
    memory.shell.play('build', {})
    await memory.clock.advance(24 * hour)
    return memory
  }
  const again = (memory: InMemory) =>
    deploy(anActingRun({ ports: memory.ports, config: aReader(reads), doer: bob }), aRequest(), null)
  const retried = async (memory: InMemory, change: Partial<FinalAnswer>) => {
    const kept = await memory.ledgers.read('shop', 'production')
    const given = { ...anAnswer('retry', '4.1'), ...change }
    return decide(memory.ports, { ...kept, policy: aPolicy(unguarded) }, given, bob, neverStops, reading)
  }

  test('is not begun in a freeze by running it again, nor by a decision', async () => {
    const memory = await lost()
    await expect(again(memory)).rejects.toMatchObject({
      code: 'frozen',
      next: expect.stringContaining('Deployment 4 has changed nothing yet'),
    })
    await expect(retried(memory, {})).rejects.toMatchObject({ code: 'frozen' })
    expect(memory.installed.size).toBe(0)
  })

  test('goes on when the freeze is over', async () => {
    const memory = await lost()
    await memory.clock.advance(4 * 24 * hour)
    expect(await again(memory)).toMatchObject({ ending: { outcome: { kind: 'succeeded' } } })
  })

  test('may be abandoned, or gone on with by whoever may override', async () => {
    expect(await retried(await lost(), { decision: 'abandon' })).toMatchObject({
      ending: { outcome: { kind: 'abandoned' } },
    })
    const override = 'the shop is down'
    expect(await retried(await lost(), { by: 'alice', override })).toMatchObject({
      ending: { outcome: { kind: 'succeeded' } },
    })
  })
})

describe('while a freeze holds', () => {
  async function frozen() {
    const stage = await ready()
    await stage.memory.clock.advance(24 * hour)
    return stage
  }

  test('a rollback goes through where the freeze allows it, and is held where it does not', async () => {
    const { memory, v1 } = await frozen()
    const back = { wanted: 'rollback', tag: null } as const
    const strict = { ...unguarded, freezes: [{ ...spring, allow: [] }] }
    await expect(deploying(memory, null, back, strict)).rejects.toMatchObject({
      code: 'frozen',
      why: 'The config holds every rollback then.',
    })
    memory.workspace.head = v1.sha
    expect(await deploying(memory, null, back)).toMatchObject({ ending: { outcome: { kind: 'succeeded' } } })
  })

  test('nothing converges', async () => {
    const { memory } = await frozen()
    const { serving } = await keptLedger(memory)
    if (serving === null) throw new Error('nothing serves')
    const asked = { environment: 'production', app: 'shop', configPath }
    const converging = converge(
      anActingRun({ ports: memory.ports, config: aReader({ policy: unguarded }), doer: bob }),
      asked,
      serving,
    )
    await expect(converging).rejects.toMatchObject({ code: 'frozen' })
  })

  test('a sandbox is held too, where it says so', async () => {
    const { memory } = await frozen()
    await expect(deploying(memory, null, {}, { ...unguarded, class: 'sandbox' })).rejects.toMatchObject({
      code: 'frozen',
    })
  })

  test.each(['alice', 'ALICE', 'tessa'])('%s, whom the config names, may override it', async (by) => {
    const { memory } = await frozen()
    memory.repository.team('releasers', ['tessa'])
    const plan = await planned(memory, overriding(by), aReader({ policy: unguarded }))
    expect(plan.warnings[0]).toBe(`${by} overrides the freeze spring: the fix cannot wait.`)
    expect(await deploying(memory, plan, overriding(by))).toMatchObject({
      ending: { outcome: { kind: 'succeeded' } },
    })
    const { history } = await keptLedger(memory)
    expect(history[0]?.overridden).toEqual([
      { freezes: ['spring'], windows: [], by, reason: 'the fix cannot wait' },
    ])
    expect(ledgerCommits(memory)[1]).toBe(
      `deployment 4: opened, ${by} overrides the freeze spring: the fix cannot wait`,
    )
  })

  test.each([
    ['the policy does not have', { ...unguarded, freezes: [] }],
    ['has not begun', { ...unguarded, freezes: [{ ...spring, times: { ...spring.times, from: later } }] }],
  ] as const)('a plan that claims to override a freeze which %s is refused F47', async (_which, policy) => {
    const { memory } = await ready()
    await memory.clock.advance(24 * hour)
    const forged = await planned(memory, overriding('alice'), aReader({ policy: unguarded }))
    expect(forged.overridden).toMatchObject({ freezes: ['spring'], by: 'alice' })
    await expect(deploying(memory, forged, overriding('alice'), policy)).rejects.toMatchObject({
      code: 'plan-changed',
      what: expect.stringContaining('the override of a freeze (now: none)'),
    })
    expect(memory.effects()).toEqual([])
  })

  test('an override that was approved is good when its freeze has ended meanwhile', async () => {
    const { memory } = await frozen()
    const plan = await planned(memory, overriding('alice'), aReader({ policy: unguarded }))
    await memory.clock.advance(4 * 24 * hour)
    expect(await deploying(memory, plan, overriding('alice'))).toMatchObject({
      ending: { outcome: { kind: 'succeeded' } },
    })
  })

  test.each([
    ['somebody else', unguarded, 'One of alice, acme/releasers may override it'],
    ['anybody where nobody is named', { ...unguarded, freezeOverride: [] }, 'No one may override it'],
  ])('%s may not', async (_who, policy, next) => {
    const { memory } = await frozen()
    await expect(deploying(memory, null, overriding('mallory'), policy)).rejects.toMatchObject({
      code: 'frozen',
      why: expect.stringContaining('mallory gave a reason to override it'),
      next: expect.stringContaining(next),
    })
    expect(memory.effects()).toEqual([])
  })

  test('outside of its windows an environment takes no release, and the next one is said CC-19', async () => {
    const { memory } = await ready()
    const windows = [
      {
        name: 'nights',
        times: {
          kind: 'weekly',
          timezone: 'America/New_York',
          days: ['mon', 'wed'],
          from: '22:00',
          to: '02:00',
          nights: 1,
        },
      },
    ] as const
    const policy = { approval: unguarded.approval, windows } as Partial<EnvironmentPolicy>
    await expect(deploying(memory, null, {}, policy)).rejects.toMatchObject({
      code: 'frozen',
      what: 'It is outside the windows of production: nights.',
      next: expect.stringContaining('from 2026-03-02 22:00 America/New_York (2026-03-03 03:00 UTC) on'),
    })
    await memory.clock.advance(18 * hour)
    expect(await deploying(memory, null, {}, policy)).toMatchObject({
      ending: { outcome: { kind: 'succeeded' } },
    })
  })
})

describe('a freeze that begins while named people are asked', () => {
  const named: Partial<EnvironmentPolicy> = {
    ...freezing,
    approval: { kind: 'named', from: ['rhea', 'alice'], notSelf: true },
  }
  const policy = aPolicy(named)

  async function waiting() {
    const { memory } = await ready()
    expect(await deploying(memory, null, {}, named)).toMatchObject({ ending: { pause: { id: '4.1' } } })
    await memory.clock.advance(24 * hour)
    return memory
  }
  const answer = async (memory: InMemory, given: FinalAnswer) => {
    const kept = await memory.ledgers.read('shop', 'production')
    return decide(memory.ports, { ...kept, policy }, given, bob, neverStops, reading)
  }

  test('an approval is refused, and the question still waits until the freeze is over CC-20', async () => {
    const memory = await waiting()
    const before = await memory.ledgers.read('shop', 'production')
    await expect(answer(memory, anAnswer('approve', '4.1', 'rhea'))).rejects.toMatchObject({
      code: 'frozen',
      what: `production is frozen: spring until ${ends}.`,
      next: expect.stringMatching(/ Nothing was changed, and question 4\.1 still waits\.$/),
    })
    expect(await memory.ledgers.read('shop', 'production')).toEqual(before)
    expect(memory.effects()).toEqual([])
    await memory.clock.advance(3 * 24 * hour)
    expect(await answer(memory, anAnswer('approve', '4.1', 'rhea'))).toMatchObject({
      ending: { outcome: { kind: 'succeeded' } },
    })
  })

  test('it may be rejected', async () => {
    const memory = await waiting()
    expect(await answer(memory, anAnswer('reject', '4.1', 'rhea'))).toMatchObject({
      ending: { outcome: { kind: 'rejected' } },
    })
  })

  test('a run of the same release goes on asking, and the watch leaves it alone', async () => {
    const memory = await waiting()
    expect(await deploying(memory, null, {}, named)).toMatchObject({ ending: { kind: 'waiting' } })
    expect(await watched(memory, {}, policy)).toMatchObject({ deeds: [], due: null })
    expect(memory.effects()).toEqual([])
  })

  test('a person who may override approves with a reason: it stands in the ledger', async () => {
    const memory = await waiting()
    const override = 'the shop is down'
    const may = { ...anAnswer('approve', '4.1', 'rhea'), override }
    await expect(answer(memory, may)).rejects.toMatchObject({ code: 'frozen' })
    const { session } = await answer(memory, { ...may, by: 'alice' })
    expect(session.journal.find(({ kind }) => kind === 'decided')).toMatchObject({
      by: 'alice',
      overridden: { freezes: ['spring'], reason: override },
    })
    expect((await keptLedger(memory)).history[0]).toMatchObject({
      outcome: { kind: 'succeeded' },
      overridden: [{ freezes: ['spring'], by: 'alice', reason: override }],
    })
    expect(ledgerCommits(memory).join('\n')).toContain('alice overrides the freeze spring: the shop is down')
  })
})

const anAnswer = (decision: FinalAnswer['decision'], pause: string, by = 'bob'): FinalAnswer => ({
  environment: 'production',
  pause,
  decision,
  instances: [],
  reason: '',
  by,
  override: '',
})
