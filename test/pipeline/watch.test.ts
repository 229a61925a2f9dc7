import { describe, expect, test, vi } from 'vitest'
import type { Probe } from '../../src/domain/config/command.ts'
import { onFleets } from '../../src/domain/config/declared-service.ts'
import type { Recipe } from '../../src/domain/config/recipe.ts'
import { onward } from '../../src/domain/journal/direction.ts'
import type { Happening } from '../../src/domain/journal/journal.ts'
import { handedOn } from '../../src/domain/ledger/handed-on.ts'
import { suspensionIn } from '../../src/domain/ledger/lease.ts'
import { emptyLedger, type Ledger } from '../../src/domain/ledger/ledger.ts'
import type { Plan } from '../../src/domain/plan/plan.ts'
import { Problem } from '../../src/domain/problem.ts'
import type { Watched } from '../../src/pipeline/act/watch.ts'
import { goOn, takeLock } from '../../src/pipeline/lock/take-lock.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { watchInWords } from '../../src/report/act/watch-words.ts'
import { aJournal, aRun, done, failed, opened as openedBy, pauseOf, started } from '../domain/a-journal.ts'
import { aHistory, aPast, aSuspension } from '../domain/a-ledger.ts'
import {
  aCommand,
  aLedgerServing,
  allSteps,
  aRecipe,
  aScheduler,
  aService,
  aTestBed,
  newer,
  older,
} from '../domain/a-plan.ts'
import {
  bob,
  type InMemory,
  inMemory,
  keep,
  keptLedger,
  leanPlan,
  ledgerCommits,
  opened,
} from './in-memory.ts'
import { watched } from './later-run.ts'

const hour = 3_600_000
const production = { name: 'production', url: null }
const plan = leanPlan({
  steps: { scheduler: aScheduler({ deploy: null }), migrate: allSteps.migrate },
  services: [aService('web', 2)],
})
const begun: Happening[] = [openedBy, ...done('source')]
const suspended = [...begun, ...done('suspend-scheduler')]

const unseen: Probe = { kind: 'run', command: aCommand('in-pool') }
const byCommand = { kind: 'command', leave: null, enter: null, serving: unseen, timeout: 1_000 } as const
const recipe = aRecipe({ services: [aService('web', 2, {}, { traffic: byCommand })] })

const watch = (
  memory: InMemory,
  change: { mayRun?: boolean; run?: number; recipe?: Recipe } = {},
): Promise<Watched> =>
  watched(
    memory,
    {
      doer: { run: aRun(change.run ?? 9), by: ['github-actions[bot]'] },
      mayRun: change.mayRun ?? true,
      recipe: async () => change.recipe ?? recipe,
    },
    production,
  )

const did = ({ deeds }: Watched) => deeds.map(({ duty }) => duty.kind)

async function arranged(wanted: Plan, happenings: readonly Happening[], change: Partial<Ledger> = {}) {
  const memory = inMemory()
  await keep(memory, wanted, aJournal(...happenings), change)
  return memory
}

describe('a sound environment', () => {
  test('nothing is written and nothing is run', async () => {
    const pause = pauseOf(plan, aJournal(...suspended, ...failed('migrate')))
    const waiting: Happening[] = [...suspended, ...failed('migrate'), { kind: 'paused', pause }]
    for (const memory of [
      inMemory(),
      await arranged(plan, waiting),
      await arranged(plan, [...begun, { kind: 'left' }]),
    ]) {
      const commits = ledgerCommits(memory).length
      expect(await watch(memory)).toMatchObject({ deeds: [], due: null, problem: null, live: false })
      expect(ledgerCommits(memory)).toHaveLength(commits)
      expect(memory.effects()).toEqual([])
    }
  })

  test('a deployment whose run is live is left to it, whatever the time is', async () => {
    const memory = await arranged(plan, suspended)
    memory.repository.run({ id: 1, status: 'in_progress' })
    await memory.clock.advance(1_000 * hour)
    expect(await watch(memory)).toMatchObject({ deeds: [], live: true })
    expect(memory.effects()).toEqual([])
  })
})

describe('a run that is over and holds the environment', () => {
  test('before the migration the scheduler is resumed, and the deployment is ended GH-09', async () => {
    const memory = await arranged(plan, suspended)
    const watched = await watch(memory)
    expect(did(watched)).toEqual(['close'])
    expect(memory.effects()).toEqual(['resume'])
    expect(await keptLedger(memory)).toMatchObject({
      deployment: null,
      leases: [],
      serving: { release: older },
    })
  })

  test('with the instances half changed it is let go for the next run, and nothing is run GH-09', async () => {
    const rolling: Happening[] = [
      ...begun,
      started('roll-services/web'),
      { kind: 'instances-started', step: 'roll-services/web', instances: ['web-1'], direction: onward },
    ]
    const memory = await arranged(leanPlan({ services: [aService('web', 2)] }), rolling)
    expect(await watch(memory)).toMatchObject({ deeds: [{ concluded: { ending: { kind: 'interrupted' } } }] })
    expect((await keptLedger(memory)).deployment).toMatchObject({ holder: null })
    expect(memory.effects()).toEqual([])
    expect(did(await watch(memory, { run: 10 }))).toEqual([])
  })

  test('a duty that needs commands of a release is only named where they are not at hand', async () => {
    const memory = await arranged(plan, suspended)
    const commits = ledgerCommits(memory).length
    expect(await watch(memory, { mayRun: false })).toMatchObject({
      deeds: [],
      due: { duty: { kind: 'close' }, release: { tag: newer.tag, sha: newer.sha } },
    })
    expect(ledgerCommits(memory)).toHaveLength(commits)
    const plain = await arranged(leanPlan({ services: [aService('web', 2)] }), begun)
    expect(did(await watch(plain, { mayRun: false }))).toEqual(['close'])
  })

  test('two that watch at once: one corrects it', async () => {
    const memory = await arranged(plan, suspended)
    memory.repository.run({ id: 9, status: 'in_progress' })
    memory.repository.run({ id: 10, status: 'in_progress' })
    const [one, other] = await Promise.all([watch(memory), watch(memory, { run: 10 })])
    expect(memory.effects()).toEqual(['resume'])
    const quiet = [one, other].filter(
      ({ problem, deeds }) => problem?.code === 'lock-lost' || deeds.length === 0,
    )
    expect(quiet).toHaveLength(1)
  })
})

describe('a question whose time is over', () => {
  const trying = leanPlan({ services: [aService('web', 3, {}, { testBed: aTestBed(1) })] })

  test('a bake goes on with the others WX-32', async () => {
    const memory = inMemory()
    await execute(await opened(memory, trying))
    expect(did(await watch(memory))).toEqual([])
    await memory.clock.advance(hour)
    expect(await watch(memory, { mayRun: false })).toMatchObject({
      due: { duty: { kind: 'lapse' }, release: newer_ },
    })
    expect(await watch(memory)).toMatchObject({
      deeds: [{ duty: { kind: 'lapse' }, concluded: { ending: { outcome: { kind: 'succeeded' } } } }],
    })
    expect(await keptLedger(memory)).toMatchObject({ deployment: null, serving: { release: newer } })
  })

  test('a command that breaks off is a problem of its own, and is not tried again at once', async () => {
    const memory = inMemory()
    await execute(await opened(memory, trying))
    await memory.clock.advance(hour)
    const write = memory.ledgers.append
    const append = vi.spyOn(memory.ledgers, 'append')
    const down = new Problem('github-unavailable', { what: 'GitHub is away.', why: 'Down.', next: 'Wait.' })
    append.mockImplementationOnce(write).mockRejectedValue(down)
    expect(await watch(memory)).toMatchObject({
      deeds: [{ concluded: { ending: { kind: 'interrupted' } } }],
      problem: { code: 'github-unavailable' },
    })
  })

  test('one that counts as abandoned needs no commands', async () => {
    const memory = inMemory()
    memory.shell.play('migrate', () => ({ ends: { kind: 'exited', code: 1 } }))
    const unanswered = { after: hour, decision: 'abandon' } as const
    const asking = { ...plan, environment: { ...plan.environment, unanswered } }
    await execute(await opened(memory, asking))
    await memory.clock.advance(hour)
    expect(await watch(memory, { mayRun: false })).toMatchObject({
      deeds: [{ duty: { kind: 'lapse' }, concluded: { ending: { outcome: { kind: 'abandoned' } } } }],
    })
  })
})

const newer_ = { tag: newer.tag, sha: newer.sha }

describe('a suspension whose lease is over', () => {
  const late = aSuspension({ release: newer_ })
  const resting = (memory: InMemory, ledger: Partial<Ledger>) =>
    memory.ledgers.append(null, { ...emptyOf(), ...ledger }, 'as it was')
  const emptyOf = (): Ledger => emptyLedger('shop', 'production')

  test('is ended by its own command, once, and the log of the ledger says so SP-25', async () => {
    const memory = inMemory()
    await resting(memory, { leases: [late] })
    await memory.clock.advance(10_000 * hour)
    expect(did(await watch(memory))).toEqual(['give-back'])
    expect(memory.effects()).toEqual(['resume'])
    expect(suspensionIn(await keptLedger(memory))).toBeNull()
    expect(ledgerCommits(memory).at(-1)).toBe('the scheduler is resumed: its lease was over')
    expect(did(await watch(memory))).toEqual([])
  })

  test('is left alone while the lease runs, and under a migration that has not succeeded', async () => {
    const running = inMemory()
    await resting(running, { leases: [aSuspension({ until: '2999-01-01T00:00:00.000Z' })] })
    const migrating = inMemory()
    await resting(migrating, { leases: [{ ...late, pinned: true }] })
    await migrating.clock.advance(10_000 * hour)
    for (const memory of [running, migrating]) {
      expect(did(await watch(memory))).toEqual([])
      expect(memory.effects()).toEqual([])
    }
  })

  test('that cannot be ended is said to be so, stays in the ledger, and is tried again', async () => {
    const memory = inMemory()
    await resting(memory, { leases: [late] })
    await memory.clock.advance(10_000 * hour)
    memory.shell.play('resume', () => ({ lines: ['no scheduler there'], ends: { kind: 'exited', code: 1 } }))
    expect(await watch(memory)).toMatchObject({ problem: { code: 'scheduler-suspended' } })
    expect(suspensionIn(await keptLedger(memory))).toEqual(late)
    memory.shell.play('resume', () => ({}))
    expect(did(await watch(memory))).toEqual(['give-back'])
  })

  test('nobody begins a deployment while it is being ended', async () => {
    const memory = inMemory()
    await resting(memory, { leases: [late] })
    await memory.clock.advance(10_000 * hour)
    memory.repository.run({ id: 9, status: 'in_progress' })
    const hold = async () =>
      takeLock(
        memory.ports,
        await memory.ledgers.read('shop', 'production'),
        plan,
        { preDeploy: null, build: null, checkCompatibility: null },
        bob,
      )
    let attempt: Promise<unknown> = Promise.resolve(null)
    memory.shell.play('resume', () => {
      attempt = hold().catch((thrown) => thrown)
      return { takes: 1_000 }
    })
    expect(did(await watch(memory))).toEqual(['give-back'])
    expect(await attempt).toMatchObject({ code: 'environment-locked' })
  })
})

describe('records', () => {
  test('that say something else than the ledger are corrected, and those of nobody’s deployments ended', async () => {
    const memory = inMemory()
    const history = aHistory(aPast(older, { record: 1 }), aPast(newer, { record: 2 }))
    for (const number of [1, 2, 3])
      await memory.records.open(plan, number, aRun(number).url, { mayExist: false })
    await memory.records.say(1, { state: 'success', description: '', run: '', url: null })
    await memory.records.say(2, { state: 'in_progress', description: '', run: '', url: null })
    await memory.ledgers.append(
      null,
      {
        ...emptyLedger('shop', 'production'),
        serving: {
          release: newer,
          deployment: 2,
          since: '',
          record: 2,
          ...handedOn({ preDeploy: null }),
          hosts: null,
          outputs: {},
          images: {},
        },
        history,
      },
      'as it was',
    )
    expect((await watch(memory)).corrected).toHaveLength(3)
    expect([1, 2, 3].map((record) => memory.records.states(record).at(-1))).toEqual([
      `inactive: superseded by ${newer.tag}`,
      'success: succeeded',
      'error: orphaned: the ledger knows no deployment 3',
    ])
    expect((await watch(memory)).corrected).toEqual([])
  })

  test('are ended where the ledger has forgotten their deployments: none of them serves any more F03', async () => {
    const memory = inMemory()
    const pasts = [aPast(older), aPast(older), aPast(newer, { record: 3 })]
    for (const number of [1, 2, 3])
      await memory.records.open(plan, number, aRun(number).url, { mayExist: false })
    await memory.records.say(1, { state: 'success', description: '', run: '', url: null })
    await memory.records.say(3, { state: 'success', description: '', run: '', url: null })
    const { serving } = aLedgerServing(newer)
    await memory.ledgers.append(
      null,
      {
        ...emptyLedger('shop', 'production'),
        serving: serving && { ...serving, deployment: 3, record: 3 },
        history: aHistory(...pasts).slice(0, 1),
      },
      'as it was',
    )
    await watch(memory)
    expect([1, 2, 3].map((record) => memory.records.states(record).at(-1))).toEqual([
      `inactive: superseded by ${newer.tag}`,
      'error: orphaned: the ledger has forgotten deployment 2',
      'success: ',
    ])
  })
})

describe('an instance that failed in an open pause', () => {
  const rolls = leanPlan({ services: onFleets(recipe.services) })
  const reply = (memory: InMemory, gets: boolean) =>
    memory.prober.reply(
      'in-pool',
      gets ? { kind: 'yes', text: '' } : { kind: 'no', why: 'it is out', text: '' },
    )

  /** A rollout with an open question: the self test of an instance failed, and it is out of traffic. */
  async function paused(): Promise<InMemory> {
    const memory = inMemory()
    memory.prober.reply('self-test', { kind: 'no', why: 'answered 503', text: '' })
    expect(await execute(await opened(memory, rolls))).toMatchObject({ kind: 'waiting' })
    reply(memory, false)
    return memory
  }

  test('is left alone while it stays out of traffic, and nothing is written F04', async () => {
    const memory = await paused()
    const commits = ledgerCommits(memory).length
    const before = memory.effects().length
    expect(await watch(memory)).toMatchObject({ corrected: [], due: null, problem: null })
    expect(memory.effects().slice(before)).toEqual(['in-pool? web-1'])
    expect(ledgerCommits(memory)).toHaveLength(commits)
  })

  test('is taken out of traffic again when the balancer has brought it back, and the question stays F04', async () => {
    const memory = await paused()
    reply(memory, true)
    const before = memory.effects().length
    const { corrected, ledger } = await watch(memory)
    expect(corrected).toEqual(['web-1 had failed, was back in traffic, and was taken out of it again'])
    expect(memory.effects().slice(before)).toEqual(['in-pool? web-1', 'leave web-1'])
    const { deployment } = await keptLedger(memory)
    expect(deployment).toMatchObject({ holder: null })
    expect(pauseOf(rolls, deployment?.journal ?? [])).toMatchObject({ id: '7.1', instances: ['web-1'] })
    expect(watchInWords({ ...(await watch(memory)), ledger }, '').state).toContain('question 7.1')
  })

  test('is named where its release is not checked out F04', async () => {
    const memory = await paused()
    expect(await watch(memory, { mayRun: false })).toMatchObject({
      due: { duty: { kind: 'keep-out', instances: ['web-1'] }, release: { tag: newer.tag } },
    })
  })

  /** An answer is taken, and its run is lost before it notes anything that it does. */
  async function answeredAndLost(memory: InMemory, decision: 'retry' | 'roll-back'): Promise<void> {
    const kept = await memory.ledgers.read('shop', 'production')
    const { deployment } = kept.ledger
    const pause = deployment && pauseOf(deployment.plan, deployment.journal)
    if (deployment === null || pause === null) throw new Error('no question waits')
    const decided = {
      kind: 'decided',
      pause: pause.id,
      decision,
      instances: [],
      by: 'bob',
      reason: '',
    } as const
    await goOn(memory.ports, kept, deployment, bob, { pause, decided })
    await watch(memory)
  }

  test.each([
    ['retry', newer.tag],
    ['roll-back', older.tag],
  ] as const)(
    'and was changed again by a %s whose run was lost stays in traffic if it shows that it is right F04 F41',
    async (decision, serves) => {
      for (const right of [true, false]) {
        const memory = await paused()
        reply(memory, true)
        memory.prober.reply(
          'self-test',
          right ? { kind: 'yes', text: '' } : { kind: 'no', why: '503', text: '' },
        )
        memory.prober.replyBy('version', () => ({ kind: 'yes', text: serves }))
        const before = memory.effects().length
        await answeredAndLost(memory, decision)
        const later = await watch(memory)
        expect([right, memory.effects().slice(before).includes('leave web-1')]).toEqual([right, !right])
        expect(later.problem).toBeNull()
      }
    },
  )

  test('is a problem where the balancer does not let it go F04', async () => {
    const memory = await paused()
    reply(memory, true)
    memory.traffic.leave = async () => 'it is not known there'
    expect(await watch(memory)).toMatchObject({ corrected: [], problem: { code: 'traffic-stuck' } })
  })
})

describe('an instance that an ended deployment left out of traffic', () => {
  const left = { service: 'web', instance: 'web-1', deployment: 3, out: true }

  /** The older release serves again; the balancer sends requests to the failed instance, or does not. */
  async function ended(gets: boolean, unfinished = [left]): Promise<InMemory> {
    const memory = inMemory()
    memory.workspace.head = older.sha
    await memory.ledgers.append(null, aLedgerServing(older, { unfinished }), 'as it was')
    const [yes, no] = [
      { kind: 'yes', text: '' },
      { kind: 'no', why: 'it is out', text: '' },
    ] as const
    memory.prober.replyBy('in-pool', ({ ROLLGATE_INSTANCE: name }) => (gets || name !== 'web-1' ? yes : no))
    memory.prober.reply('self-test', no)
    return memory
  }

  test('is taken out of it again when the balancer has brought it back F04', async () => {
    const memory = await ended(true)
    const { corrected, problem } = await watch(memory)
    expect([corrected, problem]).toEqual([
      ['web-1 had failed, was back in traffic, and was taken out of it again'],
      null,
    ])
    expect(memory.effects().at(-1)).toBe('leave web-1')
    expect(ledgerCommits(memory)).toHaveLength(1)
  })

  test('was repaired by hand: it says the serving release, passes its self test, and is left alone F04', async () => {
    const memory = await ended(true)
    memory.prober.replyBy('version', () => ({ kind: 'yes', text: older.tag }))
    memory.prober.reply('self-test', { kind: 'yes', text: '' })
    expect(await watch(memory)).toMatchObject({ corrected: [], problem: null })
    expect(memory.effects()).not.toContain('leave web-1')
    memory.prober.replyBy('version', () => ({ kind: 'yes', text: newer.tag }))
    await watch(memory)
    expect(memory.effects().at(-1)).toBe('leave web-1')
  })

  test('answers its balancer by itself again: a problem for a person, and it is not stopped F04', async () => {
    const memory = await ended(true)
    memory.prober.reply('is-alive', { kind: 'yes', text: '' })
    const asked = aRecipe({ services: [aService('web', 2)] })
    expect(await watch(memory, { recipe: asked })).toMatchObject({
      corrected: [],
      problem: {
        code: 'traffic-stuck',
        what: expect.stringContaining('web-1 failed in a deployment that has ended'),
      },
    })
    expect(memory.effects()).not.toContain('stop web-1')
    expect(memory.effects()).not.toContain('say-not-alive web-1')
  })

  test('is left alone while it stays out, and where it may get requests F04', async () => {
    const out = await ended(false)
    expect(await watch(out)).toMatchObject({ corrected: [], due: null, problem: null })
    expect(out.effects()).toEqual(['in-pool? web-1'])
    const may = await ended(true, [{ ...left, out: false }])
    await watch(may)
    expect(may.effects()).toEqual([])
  })

  test('is named where the release that serves is not checked out F04', async () => {
    const memory = await ended(true)
    expect(await watch(memory, { mayRun: false })).toMatchObject({
      due: { duty: { kind: 'keep-out-since', instances: ['web-1'] }, release: { sha: older.sha } },
    })
    expect(memory.effects()).toEqual([])
  })

  test('is a problem where it cannot be taken out, or not be seen F04 F03', async () => {
    const stuck = await ended(true)
    stuck.traffic.leave = async () => 'it is not known there'
    expect(await watch(stuck)).toMatchObject({ corrected: [], problem: { code: 'traffic-stuck' } })
    const elsewhere = await ended(true)
    elsewhere.workspace.head = newer.sha
    expect(await watch(elsewhere)).toMatchObject({ problem: { code: 'checkout-differs' } })
    expect(elsewhere.effects()).toEqual([])
  })

  test('is left to a deployment that has begun since the ledger was read F04', async () => {
    const memory = await ended(true)
    memory.prober.replyBy('in-pool', () => {
      void memory.ledgers
        .read('shop', 'production')
        .then(({ head, ledger }) => memory.ledgers.append(head, ledger, 'begun'))
      return { kind: 'yes', text: '' }
    })
    await watch(memory)
    expect(memory.effects()).not.toContain('leave web-1')
  })
})
