import { describe, expect, test } from 'vitest'
import type { Freeze } from '../../src/domain/config/times.ts'
import { block } from '../../src/pipeline/act/block.ts'
import { aRun } from '../domain/a-journal.ts'
import { aSuspension } from '../domain/a-ledger.ts'
import { aCommand, allSteps, aPolicy } from '../domain/a-plan.ts'
import { configPath } from './a-repository.ts'
import {
  aShop,
  begins,
  day,
  dispatches,
  justBefore,
  schedules,
  schedulesIn,
  withdraws,
} from './a-schedule.ts'
import { bob, keptLedger, ledgerCommits } from './in-memory.ts'

describe('a schedule', () => {
  test('is one commit with the pinned release, the time on its own clocks, who asked, when and why; nothing runs CC-14 CC-34', async () => {
    const { memory, v2, v3 } = await aShop()
    const scheduled = await schedules(memory)
    expect(scheduled).toMatchObject({ kind: 'scheduled', plan: { mode: 'deploy', release: { tag: 'v3' } } })
    const ledger = await keptLedger(memory)
    expect(ledger.schedules).toEqual({
      last: 1,
      pending: [
        {
          id: 's1',
          release: { tag: 'v3', sha: v3.sha },
          from: { tag: 'v2', sha: v2.sha },
          at: { at: '2026-03-03T09:00:00.000Z', local: '2026-03-03 10:00 Europe/Berlin' },
          maxLateness: 3_600_000,
          by: 'rhea',
          reason: 'the campaign begins',
          asked: memory.clock.now().toISOString(),
          run: bob.run.url,
        },
      ],
      ended: [],
    })
    expect(ledgerCommits(memory).at(-1)).toBe(
      `rhea scheduled s1: v3 (${v3.sha.slice(0, 7)}) at 2026-03-03 10:00 Europe/Berlin (2026-03-03 09:00 UTC): the campaign begins`,
    )
    expect(memory.effects()).toEqual([])
    expect(memory.records.shown).toEqual([])
  })

  test('`latest` is pinned when it is asked for, to the newest release that is published and final CC-12', async () => {
    const { memory, v3 } = await aShop()
    const publish = async (tag: string, prerelease: boolean) => {
      const draft = await memory.releases.draft(tag, v3.sha, tag)
      await memory.releases.publish(draft, { text: tag, prerelease })
    }
    await publish('v3', false)
    await publish('v1', false)
    await memory.repository.tag('v4-rc.1', v3.sha)
    await publish('v4-rc.1', true)
    await memory.releases.draft('v5', v3.sha, 'v5')
    const scheduled = await schedules(memory, {}, { request: { tag: 'latest' } })
    expect(scheduled).toMatchObject({ schedule: { release: { tag: 'v3', sha: v3.sha } } })
    await memory.repository.commit('main', {}, 'v6', { tag: 'v6' })
    await publish('v6', false)
    expect((await keptLedger(memory)).schedules?.pending).toMatchObject([{ release: { tag: 'v3' } }])
  })

  test('without any such release `latest` means nothing CC-12', async () => {
    const { memory } = await aShop()
    await expect(schedules(memory, {}, { request: { tag: 'latest' } })).rejects.toMatchObject({
      code: 'tag-missing',
    })
  })

  test('gets an id that no other ever gets, and they wait in the order of their times', async () => {
    const { memory } = await aShop()
    const at = (time: string) => ({ at: { kind: 'instant', at: `${time}Z`, timezone: 'UTC' } as const })
    await schedules(memory, at('2026-03-05T09:00:00'))
    await schedules(memory, at('2026-03-04T09:00:00'))
    await withdraws(memory, 's2')
    await schedules(memory, at('2026-03-04T09:00:00'))
    expect(await schedulesIn(memory)).toEqual(['s3 pending', 's1 pending', 's2 withdrawn'])
  })

  test('is refused for the same release at the same time, however the time is written', async () => {
    const { memory } = await aShop()
    await schedules(memory)
    const same = { kind: 'instant', at: '2026-03-03T09:00:00.000Z', timezone: 'UTC' } as const
    await expect(schedules(memory, { at: same })).rejects.toMatchObject({
      code: 'schedule-exists',
      what: 'v3 is scheduled in production for that time already, as s1.',
    })
    expect(await schedulesIn(memory)).toEqual(['s1 pending'])
  })

  test('a release that an earlier schedule will have deployed by then is refused, and so is an older one', async () => {
    const { memory } = await aShop()
    await schedules(memory)
    const later = { kind: 'local', local: '2026-03-04T10:00', timezone: 'Europe/Berlin' } as const
    await expect(schedules(memory, { at: later })).rejects.toMatchObject({
      code: 'schedule-exists',
      what: 'v3 will serve production by then: it is scheduled as s1 for 2026-03-03 10:00 Europe/Berlin (2026-03-03 09:00 UTC).',
    })
    await expect(schedules(memory, { at: later }, { request: { tag: 'v2' } })).rejects.toMatchObject({
      code: 'release-older',
    })
    expect(await schedulesIn(memory)).toEqual(['s1 pending'])
  })

  test('after another is planned with the checks that this one hands on', async () => {
    const { memory } = await aShop()
    const files = { [configPath]: 'recipe of v4', 'db/schema-version': '44\n' }
    await memory.repository.commit('main', files, 'v4', { tag: 'v4' })
    const recipe = { steps: { ...allSteps, checkCompatibility: aCommand('check') } }
    const first = await schedules(memory, {}, { recipe })
    const later = { kind: 'local', local: '2026-03-04T10:00', timezone: 'Europe/Berlin' } as const
    const second = await schedules(memory, { at: later }, { request: { tag: 'v4' }, recipe })
    const checks = [first, second].map((scheduled) =>
      'plan' in scheduled ? scheduled.plan.steps.filter(({ kind }) => kind === 'check-compatibility') : null,
    )
    expect(checks).toEqual([[], [expect.objectContaining({ command: aCommand('check') })]])
  })

  test('after one that would be refused itself is refused: nobody knows what will serve CC-20', async () => {
    const { memory } = await aShop()
    await memory.repository.commit('main', { [configPath]: 'recipe of v4' }, 'v4', { tag: 'v4' })
    await schedules(memory)
    await block(
      memory.ports,
      'shop',
      [aPolicy()],
      { tag: 'v3', reason: 'bad', by: 'rhea', unblock: false },
      bob,
    )
    const later = { kind: 'local', local: '2026-03-04T10:00', timezone: 'Europe/Berlin' } as const
    await expect(schedules(memory, { at: later }, { request: { tag: 'v4' } })).rejects.toMatchObject({
      code: 'release-blocked',
      what: expect.stringMatching(
        /^Before that s1 \(v3\) is to be deployed, at 2026-03-03 10:00 .* refused: v3/,
      ),
      next: 'See to s1 or withdraw it, then schedule this one. Nothing was changed.',
    })
    await withdraws(memory)
    const { schedule } = (await schedules(memory, { at: later }, { request: { tag: 'v4' } })) as {
      schedule: object
    }
    expect(schedule).toMatchObject({ id: 's2', from: { tag: 'v2' } })
    expect(schedule).not.toHaveProperty('after')
  })

  test('a time that is past, or more than a year away, is refused, and nothing is written CC-15', async () => {
    const { memory } = await aShop()
    for (const [local, words] of [
      ['2026-03-02T10:00', '2026-03-02 10:00 Europe/Berlin (2026-03-02 09:00 UTC) is past.'],
      ['2027-03-03T10:00', '2027-03-03 10:00 Europe/Berlin (2027-03-03 09:00 UTC) is more than a year away.'],
    ] as const)
      await expect(
        schedules(memory, { at: { kind: 'local', local, timezone: 'Europe/Berlin' } }),
      ).rejects.toMatchObject({ code: 'schedule-time-invalid', what: words })
    expect(ledgerCommits(memory)).toHaveLength(1)
  })

  test('a time that clocks show twice, or never, is refused with both ways to say what is meant CC-15', async () => {
    const { memory } = await aShop()
    await expect(
      schedules(memory, { at: { kind: 'local', local: '2026-10-25T02:30', timezone: 'Europe/Berlin' } }),
    ).rejects.toMatchObject({
      code: 'schedule-time-invalid',
      what: '2026-10-25T02:30 is shown twice by the clocks of Europe/Berlin.',
      next: 'Say which instant is meant: at: 2026-10-25T02:30+02:00 (2026-10-25 00:30 UTC) or at: 2026-10-25T02:30+01:00 (2026-10-25 01:30 UTC).',
    })
    await expect(
      schedules(memory, { at: { kind: 'local', local: '2026-03-29T02:30', timezone: 'Europe/Berlin' } }),
    ).rejects.toMatchObject({
      what: '2026-03-29T02:30 is never shown by the clocks of Europe/Berlin.',
      next: expect.stringContaining('at: 2026-03-29T01:30+01:00'),
    })
  })

  test('is held against the freezes and windows of its own time, not of now, with the next time that is allowed CC-19', async () => {
    const { memory } = await aShop()
    const spring: Freeze = {
      name: 'spring',
      times: { kind: 'once', timezone: 'Europe/Berlin', from: '2026-03-03T00:00', to: '2026-03-06T00:00' },
      allow: [],
    }
    await expect(schedules(memory, {}, { policy: { freezes: [spring] } })).rejects.toMatchObject({
      code: 'frozen',
      what: 'As of 2026-03-03 10:00 Europe/Berlin (2026-03-03 09:00 UTC): production is frozen: spring until 2026-03-06 00:00 Europe/Berlin (2026-03-05 23:00 UTC).',
      next: expect.stringContaining('A deploy is allowed from 2026-03-06 00:00 Europe/Berlin'),
    })
    const support = {
      name: 'support-hours',
      times: {
        kind: 'weekly',
        timezone: 'Europe/Berlin',
        days: ['thu'],
        from: '09:00',
        to: '12:00',
        nights: 0,
      },
    } as const
    await expect(schedules(memory, {}, { policy: { windows: [support] } })).rejects.toMatchObject({
      code: 'frozen',
      next: expect.stringContaining('A deploy is allowed from 2026-03-05 09:00 Europe/Berlin'),
    })
    const today: Freeze = {
      ...spring,
      name: 'today',
      times: { ...spring.times, from: '2026-03-02T00:00', to: '2026-03-03T00:00' } as Freeze['times'],
    }
    await schedules(memory, {}, { policy: { freezes: [today] } })
    expect(await schedulesIn(memory)).toEqual(['s1 pending'])
  })

  test('is refused what a deployment would be refused', async () => {
    const { memory } = await aShop()
    await block(
      memory.ports,
      'shop',
      [aPolicy()],
      { tag: 'v3', reason: 'bad', by: 'rhea', unblock: false },
      bob,
    )
    await expect(schedules(memory)).rejects.toMatchObject({ code: 'release-blocked' })
    await expect(schedules(memory, {}, { request: { tag: 'v9' } })).rejects.toMatchObject({
      code: 'tag-missing',
    })
    expect(await schedules(memory, {}, { request: { tag: 'v2' } })).toMatchObject({
      kind: 'already-deployed',
    })
  })

  test('is refused while a deployment is under way: what will serve then is not known', async () => {
    const { memory, v3 } = await aShop()
    memory.shell.play('install', { ends: { kind: 'exited', code: 1 } })
    await schedules(memory)
    await memory.clock.advance(day)
    expect(await begins(memory)).toMatchObject({ ending: { kind: 'waiting' } })
    const at = { kind: 'instant', at: '2026-03-09T09:00:00.000Z', timezone: 'UTC' } as const
    await expect(schedules(memory, { at })).rejects.toMatchObject({ code: 'deployment-open' })
    expect((await keptLedger(memory)).deployment?.plan.release.sha).toBe(v3.sha)
  })

  test('is not written beside a live run, which would lose its lock GH-09', async () => {
    const { memory } = await aShop()
    const { head, ledger } = await memory.ledgers.read('shop', 'production')
    const scheduler = aSuspension({ release: { tag: 'v2', sha: 'b' }, givenBackBy: aRun(1) })
    const held = await memory.ledgers.append(head, { ...ledger, leases: [scheduler] }, 'being resumed')
    memory.repository.run({ id: 1, status: 'in_progress' })
    await expect(schedules(memory)).rejects.toMatchObject({ code: 'environment-locked' })
    expect((await memory.ledgers.read('shop', 'production')).head).toBe(held)
  })

  test('two that are asked for at once both count: the second is planned anew', async () => {
    const { memory } = await aShop()
    const later = { kind: 'local', local: '2026-03-04T10:00', timezone: 'Europe/Berlin' } as const
    justBefore(memory, () => schedules(memory, { at: later }))
    await schedules(memory)
    expect(await schedulesIn(memory)).toEqual(['s2 pending', 's1 pending'])
  })
})

describe('a schedule that is withdrawn', () => {
  test('is kept with who and why, and at its time nothing runs CC-18 CC-34', async () => {
    const { memory } = await aShop()
    await schedules(memory)
    await withdraws(memory)
    expect((await keptLedger(memory)).schedules?.ended).toMatchObject([
      { id: 's1', end: { kind: 'withdrawn', by: 'nora', reason: 'not before the weekend' } },
    ])
    expect(ledgerCommits(memory).at(-1)).toBe('s1 (v3) was withdrawn by nora: not before the weekend')
    await memory.clock.advance(day)
    expect(await dispatches(memory)).toMatchObject({ due: null, ended: [] })
    await expect(begins(memory)).rejects.toMatchObject({
      code: 'schedule-ended',
      what: 's1 of production was withdrawn by nora: not before the weekend.',
    })
    expect(memory.effects()).toEqual([])
  })

  test('cannot be withdrawn again, nor can one that there is not', async () => {
    const { memory } = await aShop()
    await schedules(memory)
    await withdraws(memory)
    await expect(withdraws(memory)).rejects.toMatchObject({ code: 'schedule-ended' })
    await schedules(memory)
    await expect(withdraws(memory, 's9')).rejects.toMatchObject({
      code: 'schedule-unknown',
      next: 'These are scheduled there: s2.',
    })
  })
})
