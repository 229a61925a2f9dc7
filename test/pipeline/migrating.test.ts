import { describe, expect, test } from 'vitest'
import type { TwoPhases } from '../../src/domain/config/recipe.ts'
import { databaseSchema } from '../../src/domain/ledger/database-schema.ts'
import { emptyLedger, type Ledger, nextNumber, remember } from '../../src/domain/ledger/ledger.ts'
import type { Underway } from '../../src/domain/ledger/underway.ts'
import { ledgerFrom, writtenLedger } from '../../src/domain/ledger/written/ledger.ts'
import { migrationRefusals } from '../../src/domain/plan/migrating.ts'
import type { Plan } from '../../src/domain/plan/plan.ts'
import { safeWaysBack } from '../../src/domain/plan/way-back.ts'
import { found } from '../../src/domain/reading.ts'
import { describeFeasibility, feasibility } from '../../src/domain/release/feasibility.ts'
import { staysDone } from '../../src/domain/step/traits.ts'
import { completeSoaked } from '../../src/pipeline/act/complete-soaked.ts'
import { decide } from '../../src/pipeline/act/decide.ts'
import type { Context } from '../../src/pipeline/run/context.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { openSession } from '../../src/pipeline/run/session.ts'
import { aRun, resumed } from '../domain/a-journal.ts'
import {
  aCommand,
  aPlan,
  aPolicy,
  aRecipe,
  aRelease,
  aScheduler,
  aService,
  aWish,
  noSteps,
  type Wishes,
} from '../domain/a-plan.ts'
import { bob, durableLedger, type InMemory, inMemory, keptLedger, reading } from './in-memory.ts'

const policy = aPolicy({ approval: { kind: 'none' } })
const twoPhases = (change: Partial<TwoPhases> = {}): TwoPhases => ({
  command: aCommand('tool-start'),
  phase: 'expand',
  repeatable: false,
  complete: aCommand('complete'),
  rollback: aCommand('tool-rollback'),
  completeAfter: null,
  ...change,
})
const recipe = (change: Partial<TwoPhases> = {}, steps = {}) =>
  aRecipe({ steps: { ...noSteps, migrate: twoPhases(change), ...steps }, services: [aService('web', 2)] })

const v1 = aRelease('v1', { schemaVersion: '1' })
const v2 = aRelease('v2', { schemaVersion: '2' })
const v3 = aRelease('v3', { schemaVersion: '3' })
const fix = aRelease('v2.0.1', { schemaVersion: '2' })
const stranger = aRelease('v1.0.1', { schemaVersion: '1' })
const plain = aRecipe({ steps: noSteps, services: [aService('web', 2)] })

/** An environment that lives through several deployments, one after another. */
function place() {
  let ledger: Ledger = emptyLedger('shop', 'production')
  const plan = (wishes: Wishes): Plan => aPlan({ policy, recipe: recipe(), ledger, ...wishes })
  /** Opens a plan as the next deployment; `memory` holds it then. */
  async function open(its: Plan, memory: InMemory = inMemory()): Promise<Context> {
    expect(its.refusals.map(({ what }) => what)).toEqual([])
    const number = nextNumber(ledger)
    const empty = { number, plan: its, journal: [], holder: null, record: null } as const
    const underway: Underway = { ...empty, preDeploy: null, build: null, checkCompatibility: null }
    const at = memory.clock.now().toISOString()
    const happening = { kind: 'opened', number, run: aRun(1), by: ['alice'], at } as const
    await memory.ledgers.append(null, remember({ ...ledger, deployment: underway }, happening), 'opened')
    const kept = await memory.ledgers.read('shop', 'production')
    memory.workspace.head = its.release.sha
    return { ports: memory.ports, plan: its, session: openSession(kept, memory.ports), stop: memory.stop }
  }
  async function live(wishes: Wishes, memory: InMemory = inMemory()) {
    const ending = await execute(await open(plan(wishes), memory))
    ledger = await keptLedger(memory)
    return { ending, effects: memory.effects() }
  }
  return {
    plan,
    open,
    live,
    get ledger(): Ledger {
      return ledger
    },
    async keep(memory: InMemory) {
      ledger = await keptLedger(memory)
    },
  }
}

/** `v1` serves, and `v2` with its migration open. */
async function opened(change: Partial<TwoPhases> = {}) {
  const here = place()
  await here.live({ release: v1, relation: 'first', recipe: plain })
  await here.live({ release: v2, recipe: recipe(change) })
  return here
}

const say = (here: { readonly ledger: Ledger }, target = v1) =>
  describeFeasibility(feasibility(target, here.ledger.serving?.release ?? v1, here.ledger))

const answer = (pause: string, decision: 'retry' | 'force-next' | 'roll-back' | 'abandon') => ({
  ...{
    environment: 'production',
    pause,
    decision,
    instances: [],
    reason: 'seen to',
    by: 'rhea',
    override: '',
  },
})

async function deciding(memory: InMemory, ...given: Parameters<typeof answer>) {
  const kept = await memory.ledgers.read('shop', 'production')
  return decide(memory.ports, { ...kept, policy }, answer(...given), bob, memory.stop, reading)
}

/** The start of an instance fails with a release, and with no other. */
const failsFor = (memory: InMemory, instance: string, { tag }: { readonly tag: string }) =>
  memory.shell.play('start', ({ variables }) => ({
    ends: {
      kind: 'exited',
      code: variables.ROLLGATE_INSTANCE === instance && variables.ROLLGATE_RELEASE === tag ? 1 : 0,
    },
  }))

const refused = (plan: Plan) => plan.refusals.map(({ code }) => code)

describe('a two-phase migration', () => {
  test('is started by a deployment, and open until it is completed: the ledger keeps whose it is', async () => {
    const here = await opened()
    expect(here.ledger.migration).toMatchObject({
      release: { tag: 'v2' },
      deployment: 2,
      state: 'open',
      knownBy: [v2.sha],
    })
    expect(say(here)).toBe(
      'safe: the migration of v2 (deployment 2) is open, and going back runs its rollback',
    )
    expect(ledgerFrom(JSON.parse(JSON.stringify(writtenLedger(here.ledger))))).toEqual(here.ledger)
  })

  test('says in the plan that the way back stays open, and that its start can be undone', async () => {
    const here = place()
    await here.live({ release: v1, relation: 'first', recipe: plain })
    const its = here.plan({ release: v2 })
    expect(its.wayBack?.feasibility).toMatchObject({
      kind: 'safe',
      because: 'the migration stays open, and going back runs its rollback',
    })
    expect(its.steps.filter((step) => staysDone(its, step))).toEqual([])
  })

  test('is completed by an undertaking of its own, and the way back across it is shut then', async () => {
    const here = await opened()
    const its = here.plan({ wanted: 'complete-migration', release: v2, relation: 'identical' })
    expect(its.steps.map(({ kind }) => kind)).toEqual(['source', 'complete-migration'])
    expect(its.warnings).toContain(
      'Once the migration of v2 is completed there is no safe rollback to v1: their schema is gone.',
    )
    const { effects, ending } = await here.live({
      wanted: 'complete-migration',
      release: v2,
      relation: 'identical',
    })
    expect(ending).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(effects).toEqual(['complete'])
    expect(here.ledger.migration).toBeNull()
    expect(here.ledger.serving?.release.tag).toBe('v2')
    expect(say(here)).toContain('crosses a contract migration (deployment 3)')
    expect(safeWaysBack(here.ledger)).toEqual([])
    expect(refused(here.plan({ wanted: 'complete-migration', release: v2, relation: 'identical' }))).toEqual([
      'migration-not-open',
    ])
  })

  test('is rolled back by a rollback from before it, once every instance has gone back', async () => {
    const here = await opened()
    const { effects } = await here.live({
      wanted: 'rollback',
      release: v1,
      relation: 'behind',
      recipe: plain,
    })
    expect(effects.at(-1)).toBe('tool-rollback')
    expect(effects.filter((one) => one === 'tool-rollback')).toHaveLength(1)
    expect(here.ledger).toMatchObject({ migration: null, serving: { release: { tag: 'v1' } } })
    expect(databaseSchema(here.ledger)).toMatchObject({ kind: 'unknown', declared: { version: '1' } })
    const again = here.plan({ wanted: 'rollback', release: v2, recipe: recipe() })
    expect(refused(again)).toEqual(['migration-undone'])
    const { effects: forward } = await here.live({ release: v2 })
    expect(forward[0]).toBe('tool-start')
    expect(here.ledger.migration).toMatchObject({ deployment: 4 })
  })

  test('runs its rollback in the files of the release that started it', async () => {
    const here = await opened()
    const memory = inMemory()
    const seen: object[] = []
    memory.shell.play('tool-rollback', ({ variables, command }) => {
      seen.push({ at: command.workingDirectory, in: variables.ROLLGATE_CHECKOUT })
      return {}
    })
    await here.live({ wanted: 'rollback', release: v1, relation: 'behind', recipe: plain }, memory)
    expect(seen).toEqual([{ at: `files of ${v2.sha}`, in: `files of ${v2.sha}` }])
  })

  test('is taken back by the roll-back of its own deployment, after the instances and with no job running', async () => {
    const here = place()
    await here.live({ release: v1, relation: 'first', recipe: plain })
    const memory = inMemory()
    failsFor(memory, 'web-2', v2)
    const scheduled = recipe({}, { scheduler: aScheduler({ resumeAfter: 'migrate' }) })
    const context = await here.open(here.plan({ release: v2, recipe: scheduled }), memory)
    expect(await execute(context)).toMatchObject({ kind: 'waiting' })
    await deciding(memory, '2.1', 'roll-back')
    await here.keep(memory)
    const back = memory.effects().slice(memory.effects().indexOf('resume') + 1)
    expect(back.indexOf('tool-rollback')).toBeGreaterThan(back.lastIndexOf('web-1: start'))
    expect(back.slice(back.indexOf('tool-rollback') - 1)[0]).toBe('running')
    expect(here.ledger).toMatchObject({ migration: null, leases: [], serving: { release: { tag: 'v1' } } })
    expect(here.ledger.history[0]).toMatchObject({
      migrated: null,
      migration: { part: 'rolled-back', done: true },
      outcome: { kind: 'rolled-back' },
    })
  })
})

describe('an open migration and other releases', () => {
  test('a release with a migration of its own is refused, and told what to do', async () => {
    const here = await opened()
    const [refusal] = here.plan({ release: v3 }).refusals
    expect(refusal).toMatchObject({
      code: 'migration-open',
      next: expect.stringContaining('Complete it with complete-migration, or take it back: run roll-back'),
    })
  })

  test('a release of the same schema starts nothing, counts as built on it, and may complete it', async () => {
    const here = await opened()
    const { effects } = await here.live({ release: fix })
    expect(effects).not.toContain('tool-start')
    expect(here.ledger.migration?.knownBy).toEqual([v2.sha, fix.sha])
    await here.live({ wanted: 'complete-migration', release: fix, relation: 'identical' })
    expect(say(here, v2)).toContain('safe')
    expect(say(here, v1)).toContain('crosses a contract migration')
  })

  test('a release that is not built on it serves with a warning, and does not let it be completed', async () => {
    const here = await opened()
    const its = { release: stranger, relation: 'diverged', recipe: plain } as const
    expect(here.plan(its).warnings).toContainEqual(
      expect.stringContaining('The migration of v2 is open, and v1.0.1 is not built on it'),
    )
    await here.live(its)
    const complete = here.plan({ wanted: 'complete-migration', release: stranger, relation: 'identical' })
    expect(refused(complete)).toEqual(['migration-not-open'])
  })

  test('an abandoned deployment leaves it open; the same release starts it no more, a rollback takes it back', async () => {
    const here = place()
    await here.live({ release: v1, relation: 'first', recipe: plain })
    const memory = inMemory()
    failsFor(memory, 'web-1', v2)
    await execute(await here.open(here.plan({ release: v2 }), memory))
    await deciding(memory, '2.1', 'abandon')
    await here.keep(memory)
    expect(here.ledger.migration).toMatchObject({ state: 'open', deployment: 2 })
    expect(here.plan({ release: v2 }).omitted).toContainEqual({
      kind: 'migrate',
      reason: 'deployment 2 has started it with v2, and it is open',
    })
    const back = { wanted: 'rollback', release: v1, relation: 'identical', recipe: plain } as const
    const { effects } = await here.live(back)
    expect(effects.at(-1)).toBe('tool-rollback')
    expect(here.ledger.migration).toBeNull()
  })
})

describe('a command of a migration whose run was lost', () => {
  /** Notes the ledger of the moment at which a command runs: that is what the next run finds if this one is lost. */
  function losing(memory: InMemory, command: string) {
    let left: Ledger | null = null
    memory.shell.play(command, () => {
      left = durableLedger(memory)
      return {}
    })
    /** Resumes the deployment from there, as another run; returns what that run does. */
    return async () => {
      if (left === null) throw new Error(`${command} was not run`)
      const before = memory.effects().length
      const at = memory.clock.now().toISOString()
      const again = [{ kind: 'interrupted', cause: 'lost', at } as const, { ...resumed, at }].reduce(
        remember,
        left,
      )
      const { head } = await memory.ledgers.read('shop', 'production')
      await memory.ledgers.append(head, again, 'resumed')
      const kept = await memory.ledgers.read('shop', 'production')
      const session = openSession(kept, memory.ports)
      const { plan } = session.deployment
      const ending = await execute({ ports: memory.ports, plan, session, stop: memory.stop })
      return { memory, ending, effects: memory.effects().slice(before) }
    }
  }

  async function lostIn(command: string, wishes: Wishes, here: Awaited<ReturnType<typeof opened>>) {
    const memory = inMemory()
    const resume = losing(memory, command)
    await execute(await here.open(here.plan(wishes), memory))
    return resume()
  }

  test.each([
    ['complete', { wanted: 'complete-migration', release: v2, relation: 'identical' }, 'completing'],
    ['tool-rollback', { wanted: 'rollback', release: v1, relation: 'behind', recipe: plain }, 'rolling-back'],
  ] as const)('%s is asked about, and not run again', async (command, wishes, state) => {
    const here = await opened()
    const { memory, ending, effects } = await lostIn(command, wishes, here)
    expect(ending).toMatchObject({ kind: 'waiting', pause: { failure: { code: 'outcome-unknown' } } })
    expect(effects).not.toContain(command)
    await here.keep(memory)
    expect(here.ledger.migration).toMatchObject({ state })
  })

  test.each([
    ['complete', { wanted: 'complete-migration', release: v2, relation: 'identical' }],
    ['tool-rollback', { wanted: 'rollback', release: v1, relation: 'behind', recipe: plain }],
  ] as const)('%s runs again where the config calls it repeatable', async (command, wishes) => {
    const { ending, effects } = await lostIn(command, wishes, await opened({ repeatable: true }))
    expect(ending).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(effects.filter((one) => one === command)).toHaveLength(1)
  })

  test('the rollback of its own deployment is asked about as well', async () => {
    const here = place()
    await here.live({ release: v1, relation: 'first', recipe: plain })
    const memory = inMemory()
    failsFor(memory, 'web-1', v2)
    await execute(await here.open(here.plan({ release: v2 }), memory))
    const resume = losing(memory, 'tool-rollback')
    await deciding(memory, '2.1', 'roll-back')
    const { ending, effects } = await resume()
    expect(ending).toMatchObject({ kind: 'waiting', pause: { failure: { code: 'outcome-unknown' } } })
    expect(effects).not.toContain('tool-rollback')
    Object.assign(memory.ports.repository, { resolveTag: async () => found(v2.sha) })
    await deciding(memory, '2.2', 'force-next')
    await here.keep(memory)
    expect(here.ledger).toMatchObject({ migration: null, deployment: null })
  })

  test('an abandoned completion is in doubt: the way back is shut, and it may be completed again', async () => {
    const here = await opened()
    const wishes = { wanted: 'complete-migration', release: v2, relation: 'identical' } as const
    const { memory } = await lostIn('complete', wishes, here)
    await deciding(memory, '3.1', 'abandon')
    await here.keep(memory)
    expect(say(here)).toContain('crosses a contract migration')
    expect(here.plan({ wanted: 'rollback', release: v1, recipe: plain }).refusals[0]?.code).toBe(
      'rollback-unsafe',
    )
    const { effects } = await here.live(wishes)
    expect(effects).toEqual(['complete'])
    expect(here.ledger.migration).toBeNull()
  })

  test('a start in doubt is not completed, and not started again unasked', async () => {
    const here = place()
    await here.live({ release: v1, relation: 'first', recipe: plain })
    const { memory } = await lostIn('tool-start', { release: v2 }, here)
    await deciding(memory, '2.1', 'abandon')
    await here.keep(memory)
    expect(here.ledger.migration).toMatchObject({ state: 'starting' })
    expect(refused(here.plan({ release: v2 }))).toEqual(['migration-open'])
    expect(refused(here.plan({ wanted: 'complete-migration', release: v1, relation: 'identical' }))).toEqual([
      'migration-not-open',
    ])
    const { effects } = await here.live({
      wanted: 'rollback',
      release: v1,
      relation: 'identical',
      recipe: plain,
    })
    expect(effects).toContain('tool-rollback')
  })
})

describe('the soak of a migration', () => {
  const hour = 3_600_000
  const soaking = { completeAfter: 24 * hour }

  /** A memory with the ledger of an environment whose migration has been open for some hours. */
  async function openSince(hours: number, change: Partial<Ledger> = {}) {
    const here = await opened(soaking)
    const memory = inMemory()
    await memory.ledgers.append(null, { ...here.ledger, ...change }, 'as it was')
    await memory.clock.advance(hours * hour)
    return { here, memory }
  }
  const looks = (memory: InMemory, its = policy, run = aRun(9)) =>
    completeSoaked(memory.ports, 'shop', its, { run, by: ['the watch'] })

  test('is waited for: before it nothing is handed to a run, and nothing is written', async () => {
    const { memory } = await openSince(23)
    const commits = memory.ledgers.commits('shop', 'production').length
    expect(await looks(memory)).toMatchObject({ turn: { kind: 'nothing' }, id: null })
    expect(memory.ledgers.commits('shop', 'production')).toHaveLength(commits)
    const { here } = await openSince(0)
    const at = (hours: number) => new Date(memory.clock.now().getTime() + hours * hour).toISOString()
    const asked = (soaked: number | null, now: string) => {
      const { world } = aWish({
        ...{ release: v2, recipe: recipe(), ledger: here.ledger },
        timetable: { now, freezes: [], windows: [] },
      })
      return migrationRefusals({ mode: 'complete-migration', soaked }, world).map(({ what }) => what)
    }
    expect(asked(2, at(0))).toEqual([
      expect.stringContaining('The soak of the migration of v2 in production lasts until'),
    ])
    expect(asked(2, at(2))).toEqual([])
    expect(asked(null, at(0))).toEqual([])
    expect(asked(1, at(2))).toEqual([expect.stringContaining('deployment 1 is no longer open')])
  })

  test('over, its completion is handed to one run, behind the gate, and to no second while that lives', async () => {
    const { memory } = await openSince(25)
    expect(await looks(memory)).toMatchObject({ turn: { kind: 'due', release: { tag: 'v2' } }, id: 'm2' })
    memory.repository.run({ id: 9, status: 'in_progress' })
    expect(await looks(memory, policy, aRun(10))).toMatchObject({ turn: { kind: 'waits' }, id: null })
    expect((await keptLedger(memory)).migration?.handed).toMatchObject({ run: { id: 9 }, times: 1 })
  })

  test('over, it waits for a freeze to end, and for a deployment that is under way', async () => {
    const { memory } = await openSince(25)
    const times = { kind: 'once', timezone: 'UTC', from: '2020-01-01T00:00', to: '2099-01-01T00:00' } as const
    const closed = aPolicy({ approval: { kind: 'none' }, freezes: [{ name: 'audit', times, allow: [] }] })
    expect(await looks(memory, closed)).toMatchObject({ turn: { kind: 'waits' }, id: null })
  })

  test('over, a reviewer who rejects its run is not asked again: it is left to a person', async () => {
    const { memory } = await openSince(25)
    await looks(memory)
    memory.repository.run({ id: 9, status: 'completed' })
    memory.repository.approve(9, {
      environment: 'production',
      state: 'rejected',
      user: 'rhea',
      comment: 'not yet',
    })
    expect(await looks(memory, policy, aRun(10))).toMatchObject({ turn: { kind: 'declined', by: 'rhea' } })
    expect(await looks(memory, policy, aRun(11))).toMatchObject({ turn: { kind: 'nothing' } })
    expect((await keptLedger(memory)).migration?.declined).toEqual({ by: 'rhea', why: 'not yet' })
  })

  test('over, three runs that end without it leave it to a person', async () => {
    const { memory } = await openSince(25)
    for (const id of [9, 10, 11]) {
      expect(await looks(memory, policy, aRun(id))).toMatchObject({ turn: { kind: 'due' } })
      memory.repository.run({ id, status: 'completed' })
    }
    expect(await looks(memory, policy, aRun(12))).toMatchObject({ turn: { kind: 'nothing' }, id: null })
  })
})
