import { describe, expect, test } from 'vitest'
import type { Freeze } from '../../src/domain/config/times.ts'
import { block } from '../../src/pipeline/act/block.ts'
import { decide } from '../../src/pipeline/act/decide.ts'
import { deploy } from '../../src/pipeline/act/deploy.ts'
import { neverStops } from '../../src/pipeline/run/stop.ts'
import type { RefusedSchedule } from '../../src/pipeline/schedule/deploy-scheduled.ts'
import { aRun } from '../domain/a-journal.ts'
import { aSuspension } from '../domain/a-ledger.ts'
import { aPolicy } from '../domain/a-plan.ts'
import { aReader, aRequest, configPath } from './a-repository.ts'
import {
  aShop,
  begins,
  day,
  dispatches,
  hour,
  justBefore,
  minute,
  schedules,
  schedulesIn,
  theDispatcher,
  withdraws,
} from './a-schedule.ts'
import { anActingRun } from './an-acting-run.ts'
import { bob, type InMemory, keptLedger, ledgerCommits, reading } from './in-memory.ts'

/** A shop in which s1 is due since these many minutes. */
async function due(minutes = 3) {
  const shop = await aShop()
  await schedules(shop.memory)
  await shop.memory.clock.advance(day + minutes * minute)
  return shop
}

const deploysNow = (memory: InMemory, tag: string) =>
  deploy(
    anActingRun({
      ports: memory.ports,
      config: aReader({ policy: { approval: { kind: 'none' } } }),
      doer: bob,
    }),
    aRequest({ tag, redeploy: true }),
    null,
  )

describe('the dispatcher', () => {
  test('hands over nothing before its time, and writes nothing CC-14', async () => {
    const { memory } = await due(-1)
    const commits = ledgerCommits(memory).length
    expect(await dispatches(memory)).toMatchObject({ due: null, ended: [], waiting: [] })
    expect(ledgerCommits(memory)).toHaveLength(commits)
    await expect(begins(memory)).rejects.toMatchObject({
      code: 'schedule-early',
      what: 's1 is scheduled for 2026-03-03 10:00 Europe/Berlin (2026-03-03 09:00 UTC), and that is still to come.',
    })
    expect(await schedulesIn(memory)).toEqual(['s1 pending'])
    await memory.clock.advance(minute)
    expect(await dispatches(memory)).toMatchObject({ due: { id: 's1' } })
  })

  test('a due schedule is handed to its run, deployed, and its planned time, actual time and lateness are kept CC-16', async () => {
    const { memory } = await due(3)
    expect(await dispatches(memory)).toMatchObject({ due: { id: 's1', release: { tag: 'v3' } } })
    expect(await begins(memory)).toMatchObject({ ending: { outcome: { kind: 'succeeded' } } })
    const { history, schedules: kept } = await keptLedger(memory)
    const [past] = history
    expect(past).toMatchObject({
      release: { tag: 'v3' },
      by: ['rhea'],
      startedAt: '2026-03-03T09:03:00.000Z',
      schedule: { id: 's1', at: { at: '2026-03-03T09:00:00.000Z' }, by: 'rhea', late: 3 * minute },
    })
    const end = {
      kind: 'started',
      at: '2026-03-03T09:03:00.000Z',
      deployment: past?.number,
      late: 3 * minute,
    }
    expect(kept).toMatchObject({ pending: [], ended: [{ id: 's1', end }] })
    const [record] = memory.records.shown
    expect(record?.payload).toMatchObject({
      schedule: {
        id: 's1',
        planned: '2026-03-03T09:00:00.000Z',
        started: '2026-03-03T09:03:00.000Z',
        late: 180,
      },
    })
    expect(memory.records.states(1)[0]).toBe(
      'in_progress: in progress: deploy v3, scheduled as s1 for 2026-03-03 10:00 Europe/Berlin, 3 min late',
    )
  })

  test('takes it out of the schedules in the very commit that opens the deployment', async () => {
    const { memory } = await due()
    await begins(memory)
    const opening = memory.ledgers
      .commits('shop', 'production')
      .findIndex(({ message }) => message.includes('opened'))
    const [before, after] = [opening - 1, opening].map((at) =>
      JSON.parse(memory.ledgers.commits('shop', 'production')[at]?.text ?? ''),
    )
    expect(before).toMatchObject({ deployment: null, schedules: { pending: [{ id: 's1' }] } })
    expect(after).toMatchObject({
      deployment: { number: 4 },
      schedules: { pending: [], ended: [{ id: 's1' }] },
    })
  })

  test('asks nobody again while the run that has it is live, and hands it on when that has failed', async () => {
    const { memory } = await due()
    await dispatches(memory)
    const commits = ledgerCommits(memory).length
    await memory.clock.advance(5 * minute)
    expect(await dispatches(memory, theDispatcher(memory, 21))).toMatchObject({
      due: null,
      waiting: [{ schedule: { id: 's1' }, why: expect.stringContaining('a run is to start it') }],
    })
    expect(ledgerCommits(memory)).toHaveLength(commits)
    memory.repository.run({ id: 20, status: 'completed', conclusion: 'failure' })
    expect(await dispatches(memory, theDispatcher(memory, 22))).toMatchObject({ due: { id: 's1' } })
  })

  test('leaves it to a run that GitHub does not show, until a person names that run as over F48', async () => {
    const { memory } = await due()
    await dispatches(memory)
    const later = theDispatcher(memory, 21)
    memory.repository.runState = async () => 'unknown'
    expect(await dispatches(memory, later)).toMatchObject({
      due: null,
      waiting: [{ schedule: { id: 's1' } }],
    })
    expect(await dispatches(memory, { ...later, over: 19 })).toMatchObject({ due: null })
    expect(await dispatches(memory, { ...later, over: 20 })).toMatchObject({ due: { id: 's1' } })
  })

  test('a schedule that the reviewers of its run rejected is refused for good CC-20', async () => {
    const { memory } = await due()
    await dispatches(memory)
    memory.repository.approve(20, {
      environment: 'production',
      user: 'nora',
      state: 'rejected',
      comment: 'not today',
    })
    memory.repository.run({ id: 20, status: 'completed', conclusion: 'failure' })
    expect(await dispatches(memory, theDispatcher(memory, 21))).toMatchObject({
      due: null,
      ended: [{ id: 's1', end: { kind: 'refused', problem: { code: 'approval-rejected' } } }],
    })
    expect(await schedulesIn(memory)).toEqual(['s1 refused'])
  })

  test('a schedule later than its max-lateness becomes missed, once, and is not run CC-17', async () => {
    const { memory } = await due(61)
    expect(await dispatches(memory)).toMatchObject({
      due: null,
      ended: [{ id: 's1', by: 'rhea', end: { kind: 'missed', late: 61 * minute } }],
    })
    expect(await dispatches(memory)).toMatchObject({ due: null, ended: [] })
    await expect(begins(memory)).rejects.toMatchObject({
      code: 'schedule-ended',
      what: 's1 of production was missed: 1 h 1 min after its time it had not begun.',
    })
    expect(memory.effects()).toEqual([])
  })

  test('at the very end of its max-lateness it still begins CC-17', async () => {
    const { memory } = await due(60)
    expect(await dispatches(memory)).toMatchObject({ due: { id: 's1' }, ended: [] })
    expect(await begins(memory)).toMatchObject({ ending: { outcome: { kind: 'succeeded' } } })
  })

  test('says what keeps it from an environment that it cannot read, and throws nothing', async () => {
    const { memory } = await due()
    memory.ledgers.plant('shop', 'production', 'no ledger')
    expect(await dispatches(memory)).toMatchObject({ ledger: null, problem: { code: 'ledger-foreign' } })
  })
})

test('a deployment that names no schedule begins at once, and leaves what is scheduled to its time CC-13', async () => {
  const { memory } = await due(-60)
  expect(await deploysNow(memory, 'v3')).toMatchObject({ ending: { outcome: { kind: 'succeeded' } } })
  expect((await keptLedger(memory)).history[0]?.schedule).toBeNull()
  expect(await schedulesIn(memory)).toEqual(['s1 pending'])
})

describe('an approval that took its time', () => {
  test('one that came too late makes it missed, and nothing is deployed CC-17', async () => {
    const { memory } = await due(30)
    await dispatches(memory)
    await memory.clock.advance(31 * minute)
    await expect(begins(memory)).rejects.toMatchObject({
      code: 'schedule-missed',
      next: expect.stringContaining('@rhea'),
    })
    expect(await schedulesIn(memory)).toEqual(['s1 missed'])
    expect(memory.effects()).toEqual([])
  })

  test('a schedule that its own run refuses for good is reported once; one that stays due is not CC-17 CC-20', async () => {
    const { memory } = await due(61)
    const told: RefusedSchedule[] = []
    await expect(begins(memory, 's1', {}, bob, told)).rejects.toMatchObject({ code: 'schedule-missed' })
    await expect(begins(memory, 's1', {}, bob, told)).rejects.toMatchObject({ code: 'schedule-ended' })
    const end = { kind: 'missed', late: 61 * minute }
    expect(told).toMatchObject([
      { schedule: { id: 's1', by: 'rhea', end }, ledger: { environment: 'production' }, policy: {} },
    ])
  })

  test('a freeze that began between the request and the time refuses it for good CC-20', async () => {
    const { memory } = await due()
    const freeze: Freeze = {
      name: 'sudden',
      times: { kind: 'once', timezone: 'UTC', from: '2026-03-03T00:00', to: '2026-03-04T00:00' },
      allow: ['rollback'],
    }
    await dispatches(memory)
    await expect(begins(memory, 's1', { policy: { freezes: [freeze] } })).rejects.toMatchObject({
      code: 'frozen',
    })
    expect((await keptLedger(memory)).schedules?.ended).toMatchObject([
      { id: 's1', end: { kind: 'refused', problem: { code: 'frozen' } } },
    ])
    expect(await dispatches(memory)).toMatchObject({ due: null })
    expect(memory.effects()).toEqual([])
  })

  test('a release that was blocked meanwhile is refused CC-20', async () => {
    const { memory } = await due()
    await block(
      memory.ports,
      'shop',
      [aPolicy()],
      { tag: 'v3', reason: 'bad', by: 'nora', unblock: false },
      bob,
    )
    await expect(begins(memory)).rejects.toMatchObject({ code: 'release-blocked' })
    expect(await schedulesIn(memory)).toEqual(['s1 refused'])
  })

  test('another release that was deployed meanwhile outdates it CC-20', async () => {
    const { memory, v1, v3 } = await due()
    memory.workspace.head = v1.sha
    const older = aRequest({ tag: 'v1', acknowledged: { older: true, dataLoss: false } })
    const reader = aReader({ policy: { approval: { kind: 'none' } } })
    await deploy(anActingRun({ ports: memory.ports, config: reader, doer: bob }), older, null)
    memory.workspace.head = v3.sha
    await expect(begins(memory)).rejects.toMatchObject({
      code: 'schedule-outdated',
      what: expect.stringContaining('production serves v1'),
    })
    expect(await schedulesIn(memory)).toEqual(['s1 refused'])
  })

  test('a tag that was moved meanwhile is not the release that was scheduled CC-12 CC-20', async () => {
    const { memory, v1 } = await due()
    await memory.repository.tag('v3', v1.sha)
    await expect(begins(memory)).rejects.toMatchObject({
      code: 'tag-moved',
      why: expect.stringContaining('after it was scheduled as s1'),
    })
    expect(await schedulesIn(memory)).toEqual(['s1 refused'])
  })

  test('a locked environment refuses nothing for good: it stays due, and begins once that is free CC-20', async () => {
    const { memory } = await due()
    memory.shell.play('install', { ends: { kind: 'exited', code: 1 } })
    expect(await deploysNow(memory, 'v3')).toMatchObject({ ending: { kind: 'waiting' } })
    const commits = ledgerCommits(memory).length
    await expect(begins(memory)).rejects.toMatchObject({ code: 'deployment-open' })
    expect(await dispatches(memory)).toMatchObject({
      due: null,
      waiting: [{ why: expect.stringContaining('has begun and not ended') }],
    })
    expect(await schedulesIn(memory)).toEqual(['s1 pending'])
    expect(ledgerCommits(memory)).toHaveLength(commits)
  })

  test('a live run keeps everything from being written, even that it is too late GH-09', async () => {
    const { memory } = await due(90)
    const { head, ledger } = await memory.ledgers.read('shop', 'production')
    const scheduler = aSuspension({ release: { tag: 'v2', sha: 'b' }, givenBackBy: aRun(1) })
    const held = await memory.ledgers.append(head, { ...ledger, leases: [scheduler] }, 'being resumed')
    memory.repository.run({ id: 1, status: 'in_progress' })
    expect(await dispatches(memory)).toMatchObject({ waiting: [{ why: 'a run is at work here' }], ended: [] })
    await expect(begins(memory)).rejects.toMatchObject({ code: 'schedule-missed' })
    expect((await memory.ledgers.read('shop', 'production')).head).toBe(held)
  })

  test('a run that was lost is gone on with by the same schedule, also when it is late by then', async () => {
    const { memory } = await due(50)
    memory.shell.play('install', { takes: Number.POSITIVE_INFINITY })
    void memory.clock.sleep(2_000).then(memory.forceToStop)
    const reader = aReader({ policy: { approval: { kind: 'none' } } })
    const request = aRequest({ tag: null, schedule: 's1' })
    await deploy(
      anActingRun({ ports: memory.ports, config: reader, doer: bob, stop: memory.stop }),
      request,
      null,
    )
    expect(await keptLedger(memory)).toMatchObject({ deployment: { plan: { schedule: { id: 's1' } } } })
    memory.shell.play(
      'install',
      ({ variables: { ROLLGATE_INSTANCE: name = '', ROLLGATE_RELEASE: tag = '' } }) => {
        memory.installed.set(name, tag)
        return {}
      },
    )
    await memory.clock.advance(hour)
    expect(await begins(memory, 's1', {}, { run: aRun(3), by: ['bob'] })).toMatchObject({
      ending: { outcome: { kind: 'succeeded' } },
    })
    expect((await keptLedger(memory)).history[0]).toMatchObject({ schedule: { late: 50 * minute } })
  })

  test('another release than its own is not what it asks for', async () => {
    const { memory } = await due()
    await expect(begins(memory, 's1', { request: { tag: 'v1' } })).rejects.toMatchObject({
      code: 'input-invalid',
    })
    expect(await schedulesIn(memory)).toEqual(['s1 pending'])
  })
})

describe('races', () => {
  test('two schedules that are due at once: the first begins, and then the one that follows it', async () => {
    const { memory } = await aShop()
    const v4 = await memory.repository.commit('main', { [configPath]: 'recipe of v4' }, 'v4', { tag: 'v4' })
    await schedules(memory)
    await schedules(memory, { maxLateness: 2 * hour }, { request: { tag: 'v4' } })
    await memory.clock.advance(day)
    expect(await dispatches(memory)).toMatchObject({
      due: { id: 's1' },
      waiting: [{ schedule: { id: 's2' }, why: 's1 comes first' }],
    })
    await expect(begins(memory, 's2')).rejects.toMatchObject({
      code: 'schedule-early',
      what: 's2 is to follow s1 (v3), which has not begun.',
    })
    await begins(memory)
    memory.repository.run({ id: 20, status: 'completed', conclusion: 'success' })
    expect(await dispatches(memory, theDispatcher(memory, 21))).toMatchObject({ due: { id: 's2' } })
    memory.workspace.head = v4
    expect(await begins(memory, 's2')).toMatchObject({ ending: { outcome: { kind: 'succeeded' } } })
    expect((await keptLedger(memory)).serving?.release.tag).toBe('v4')
    expect(await schedulesIn(memory)).toEqual(['s2 started', 's1 started'])
  })

  test('two dispatchers at once: one has it', async () => {
    const { memory } = await due()
    let other: Awaited<ReturnType<typeof dispatches>> | null = null
    justBefore(memory, async () => {
      other = await dispatches(memory, theDispatcher(memory, 30))
    })
    const mine = await dispatches(memory)
    expect(other).toMatchObject({ due: { id: 's1' } })
    expect(mine).toMatchObject({ due: null, waiting: [{ schedule: { id: 's1' } }] })
  })

  test('two runs that start it at once: one deployment, and the other says so', async () => {
    const { memory } = await due()
    memory.repository.run({ id: 3, status: 'in_progress' })
    justBefore(memory, () => begins(memory, 's1', {}, { run: aRun(3), by: ['alice'] }))
    const ended = {
      code: 'schedule-ended',
      what: 's1 of production was started as deployment 4, 3 min late.',
    }
    await expect(begins(memory)).rejects.toMatchObject(ended)
    expect((await keptLedger(memory)).history.filter(({ schedule }) => schedule?.id === 's1')).toHaveLength(1)
  })

  test('another run that has just begun it is at work: the second says so, and lets it', async () => {
    const { memory } = await due()
    memory.repository.run({ id: 3, status: 'in_progress' })
    memory.shell.play('install', { takes: Number.POSITIVE_INFINITY })
    let working: Promise<unknown> = Promise.resolve()
    justBefore(memory, async () => {
      working = begins(memory, 's1', {}, { run: aRun(3), by: ['alice'] })
      while ((await keptLedger(memory)).deployment === null) await Promise.resolve()
    })
    await expect(begins(memory)).rejects.toMatchObject({
      code: 'environment-locked',
      what: 'Deployment 4 (deploy v3) is at work on production.',
    })
    await working
  })

  test('withdrawn just before the deployment opens, it does not begin CC-18', async () => {
    const { memory } = await due()
    justBefore(memory, () => withdraws(memory))
    await expect(begins(memory)).rejects.toMatchObject({
      code: 'schedule-ended',
      what: expect.stringContaining('was withdrawn by nora'),
    })
    expect(await schedulesIn(memory)).toEqual(['s1 withdrawn'])
    expect(memory.effects()).toEqual([])
  })

  test('begun just before it is withdrawn, it is not withdrawn, and that is said', async () => {
    const { memory } = await due()
    justBefore(memory, () => begins(memory))
    await expect(withdraws(memory)).rejects.toMatchObject({
      code: 'schedule-ended',
      what: expect.stringContaining('was started as deployment 4'),
    })
    expect(await schedulesIn(memory)).toEqual(['s1 started'])
  })

  test('withdrawn while the run that has it waits for approval, it does not begin CC-18', async () => {
    const { memory } = await due()
    await dispatches(memory)
    await withdraws(memory)
    await expect(begins(memory)).rejects.toMatchObject({ code: 'schedule-ended' })
    expect(memory.effects()).toEqual([])
  })

  test('a schedule that somebody asks for while another begins does not keep that from beginning', async () => {
    const { memory } = await due()
    const later = { kind: 'local', local: '2026-03-09T10:00', timezone: 'Europe/Berlin' } as const
    await memory.repository.commit('main', { [configPath]: 'recipe of v4' }, 'v4', { tag: 'v4' })
    justBefore(memory, () => schedules(memory, { at: later }, { request: { tag: 'v4' } }))
    expect(await begins(memory)).toMatchObject({ ending: { outcome: { kind: 'succeeded' } } })
    expect(await schedulesIn(memory)).toEqual(['s2 pending', 's1 started'])
  })
})

describe('one that follows another CC-20', () => {
  /** s1 brings v3 on Tuesday, and s2 brings v4 on Wednesday. */
  async function row() {
    const { memory, ...shop } = await aShop()
    const v4 = await memory.repository.commit('main', { [configPath]: 'recipe of v4' }, 'v4', { tag: 'v4' })
    await schedules(memory)
    const wednesday = { kind: 'local', local: '2026-03-04T10:00', timezone: 'Europe/Berlin' } as const
    const second = await schedules(memory, { at: wednesday }, { request: { tag: 'v4' } })
    return { memory, ...shop, v4, second }
  }

  test('is planned upon what that brings, begins when that has, and is told with it', async () => {
    const { memory, v3, v4, second } = await row()
    expect(second).toMatchObject({
      schedule: { id: 's2', after: 's1', from: { tag: 'v3', sha: v3.sha } },
      plan: { from: { tag: 'v3', schemaVersion: '43' }, wayBack: { release: { tag: 'v3' } } },
      expected: { serving: { release: { tag: 'v3' } }, deployment: null },
      ledger: { serving: { release: { tag: 'v2' } } },
    })
    expect((await keptLedger(memory)).serving?.release.tag).toBe('v2')
    await memory.clock.advance(day)
    await begins(memory)
    await memory.clock.advance(day)
    memory.workspace.head = v4
    expect(await begins(memory, 's2')).toMatchObject({ ending: { outcome: { kind: 'succeeded' } } })
  })

  test('is refused when that was missed, with that as the reason', async () => {
    const { memory } = await row()
    await memory.clock.advance(2 * day)
    const problem = {
      code: 'schedule-outdated',
      what: expect.stringMatching(
        /^production serves v2 \(.*\) now; s2 was to follow s1, after which v3 \(.*\) serves\.$/,
      ),
      why: 's1 was missed: 1 d after its time it had not begun.',
    }
    expect(await dispatches(memory)).toMatchObject({
      ended: [
        { id: 's1', end: { kind: 'missed' } },
        { id: 's2', end: { kind: 'refused', problem } },
      ],
      due: null,
    })
    expect(await schedulesIn(memory)).toEqual(['s2 refused', 's1 missed'])
  })

  test('is refused when that was withdrawn, and begins all the same where somebody has brought its release', async () => {
    for (const byHand of [false, true]) {
      const { memory, v4 } = await row()
      await withdraws(memory)
      await memory.clock.advance(day)
      if (byHand) await deploysNow(memory, 'v3')
      await memory.clock.advance(day)
      memory.workspace.head = v4
      if (byHand)
        expect(await begins(memory, 's2')).toMatchObject({ ending: { outcome: { kind: 'succeeded' } } })
      else
        await expect(begins(memory, 's2')).rejects.toMatchObject({
          code: 'schedule-outdated',
          why: 's1 was withdrawn by nora: not before the weekend.',
        })
    }
  })

  test('is refused when that was deployed and rolled back', async () => {
    const { memory, v2 } = await row()
    await memory.clock.advance(day)
    await begins(memory)
    memory.workspace.head = v2.sha
    const back = { wanted: 'rollback', tag: null } as const
    const reader = aReader({ policy: { approval: { kind: 'none' } } })
    await deploy(anActingRun({ ports: memory.ports, config: reader, doer: bob }), aRequest(back), null)
    await memory.clock.advance(day)
    await expect(begins(memory, 's2')).rejects.toMatchObject({
      code: 'schedule-outdated',
      why: expect.stringContaining('s1 was started as deployment 4'),
    })
  })
})

describe('named approvers', () => {
  const approval = { kind: 'named', from: ['rhea', 'nora'], notSelf: true } as const
  const asks = async (minutes = 3) => {
    const { memory } = await due(minutes)
    expect(await begins(memory, 's1', { policy: { approval } })).toMatchObject({
      ending: { kind: 'waiting', pause: { id: '4.1', kind: 'approval' } },
    })
    return memory
  }
  const answers = async (memory: InMemory, by: string, decision: 'approve' | 'reject' = 'approve') => {
    const kept = { ...(await memory.ledgers.read('shop', 'production')), policy: aPolicy({ approval }) }
    const answer = { environment: 'production', pause: '4.1', instances: [], reason: '', by, override: '' }
    return decide(memory.ports, kept, { ...answer, decision }, bob, neverStops, reading)
  }

  test('the requester of a schedule does not approve it under not-self', async () => {
    const memory = await asks()
    await expect(answers(memory, 'rhea')).rejects.toMatchObject({ code: 'approver-not-allowed' })
    expect(await answers(memory, 'nora')).toMatchObject({ ending: { outcome: { kind: 'succeeded' } } })
  })

  test('an approval that comes too late is refused, and rejecting it is what is left CC-17', async () => {
    const memory = await asks()
    await memory.clock.advance(2 * hour)
    const { head } = await memory.ledgers.read('shop', 'production')
    await expect(answers(memory, 'nora')).rejects.toMatchObject({
      code: 'schedule-missed',
      next: expect.stringContaining('Answer question 4.1 with reject.'),
    })
    expect((await memory.ledgers.read('shop', 'production')).head).toBe(head)
    expect(await answers(memory, 'nora', 'reject')).toMatchObject({
      ending: { outcome: { kind: 'rejected' } },
    })
    expect(memory.effects()).toEqual([])
  })
})
