import { expect, test } from 'vitest'
import type { Stage } from '../../src/sandbox/stage.ts'
import { at, dispatches } from './dispatcher.ts'
import { ledgerOf } from './rig.ts'
import { aStory, does, lean, recordSays, resultOf, serving, unguarded, versions } from './story.ts'

const november = at('2026-11-25T10:00:00Z')

const schedules = (stage: Stage, inputs: Readonly<Record<string, string>>, options = november) =>
  does(stage, { command: 'schedule', ...inputs }, { actor: 'rhea', options })

const berlin = { timezone: 'Europe/Berlin', reason: 'the campaign begins' }

test('a schedule starts at its time with its lateness; others are withdrawn, missed or refused by changed conditions CC-12 CC-14 CC-15 CC-16 CC-17 CC-18 CC-20 CC-27', async () => {
  const stage = await aStory({ config: { ...lean, production: unguarded } })
  await serving(stage, 'v1.0.0')
  await stage.release('v1.1.0', { config: lean })
  await stage.release('v1.2.0', { config: lean })

  stage.aside('25 November: the time is picked')
  const zoneless = await schedules(stage, { release: 'v1.1.0', at: '2026-12-01T09:00', reason: 'x' })
  expect(zoneless.main).toMatchObject({
    code: 1,
    outputs: { outcome: 'refused', 'reason-code': 'schedule-time-invalid' },
  })
  expect(zoneless.main.log.join('\n')).toContain('2026-12-01T09:00 says no zone.')
  const past = await schedules(stage, { ...berlin, release: 'v1.1.0', at: '2026-11-24T09:00' })
  expect(past.main.outputs['reason-code']).toBe('schedule-time-invalid')
  const twice = await schedules(stage, { ...berlin, release: 'v1.1.0', at: '2027-10-31T02:30' })
  expect(twice.main.log.join('\n')).toContain('is shown twice by the clocks of Europe/Berlin')

  const asked = await schedules(stage, { ...berlin, release: 'v1.1.0', at: '2026-12-01T09:00' })
  expect(asked.main).toMatchObject({ code: 0, outputs: { outcome: 'scheduled', schedule: 's1' } })
  expect(asked.main.summary).toContain('2026-12-01 09:00 Europe/Berlin (2026-12-01 08:00 UTC)')
  expect(asked.main.summary).toContain('Deploy v1.1.0 to production')
  expect(asked.main.summary).toContain('at its time it is planned anew.')
  // The status names how long the older release has served, which really lasts until November.
  const status = await stage.quietly(() =>
    does(stage, { command: 'status', environment: '' }, { options: november }),
  )
  expect(status.main.summary).toContain('`s1` **v1.1.0** at 2026-12-01 09:00 Europe/Berlin')
  expect(JSON.parse(status.main.outputs.result ?? '').environments[0].schedules).toMatchObject([
    { id: 's1', state: 'scheduled', release: { tag: 'v1.1.0' }, end: null },
  ])
  const other = await does(
    stage,
    { command: 'plan', mode: 'deploy', release: 'v1.2.0' },
    { options: november },
  )
  expect(other.main.summary).toContain('once something else serves, it is refused')

  stage.aside('1 December, a minute before nine in Berlin')
  const early = await dispatches(stage, '2026-12-01T07:59:00Z')
  expect(early.due).toEqual([])
  expect(await versions(stage)).toEqual(['v1.0.0', 'v1.0.0'])

  stage.aside('three minutes after nine')
  const due = await dispatches(stage, '2026-12-01T08:03:00Z')
  expect(due.due).toMatchObject([{ environment: 'production', release: 'v1.1.0', schedule: 's1' }])
  expect(due.begun?.main).toMatchObject({ code: 0, outputs: { outcome: 'succeeded' } })
  expect(due.begun?.main.summary).toContain(
    'scheduled as s1 for 2026-12-01 09:00 Europe/Berlin, 3 min late, asked for by rhea',
  )
  expect(await versions(stage)).toEqual(['v1.1.0', 'v1.1.0'])
  const { schedule, deployment } = resultOf(due.begun)
  expect(schedule).toMatchObject({ id: 's1', planned: '2026-12-01T08:00:00.000Z' })
  expect(schedule?.late).toBeGreaterThanOrEqual(180)
  const record = stage.github.deployments.find(({ id }) => id === deployment.record)
  expect(record?.payload).toMatchObject({ schedule: { id: 's1', planned: '2026-12-01T08:00:00.000Z' } })
  expect(recordSays(stage, deployment.record ?? 0)).toContain('succeeded')

  stage.aside('another is scheduled, and withdrawn')
  const december = at('2026-12-02T10:00:00Z')
  await schedules(stage, { ...berlin, release: 'v1.2.0', at: '2026-12-03T09:00' }, december)
  const withdrawn = await schedules(stage, { withdraw: 's2', reason: 'not before the weekend' }, december)
  expect(withdrawn.main).toMatchObject({ code: 0, outputs: { outcome: 'withdrawn', schedule: 's2' } })
  expect((await dispatches(stage, '2026-12-03T08:00:00Z')).due).toEqual([])
  const dead = await does(
    stage,
    { command: 'deploy', schedule: 's2' },
    { options: { ...at('2026-12-03T08:00:00Z'), sha: 'refs/tags/v1.2.0' } },
  )
  expect(dead.main).toMatchObject({ code: 1, outputs: { 'reason-code': 'schedule-ended' } })
  expect(dead.main.log.join('\n')).toContain(
    's2 of production was withdrawn by rhea: not before the weekend.',
  )

  stage.aside('nobody looks for two hours')
  await schedules(stage, { ...berlin, release: 'v1.2.0', at: '2026-12-04T09:00' }, december)
  const missed = await dispatches(stage, '2026-12-04T10:00:30Z')
  expect(missed.look.main).toMatchObject({
    code: 1,
    outputs: { 'reason-code': 'schedule-missed', due: '[]' },
  })
  expect(missed.look.main.summary).toContain('@rhea asked for it')
  const again = await dispatches(stage, '2026-12-04T10:05:30Z')
  expect(again.look.main).toMatchObject({ code: 0, outputs: { due: '[]' } })

  stage.aside('it is scheduled once more, and somebody rolls back before its time')
  await schedules(stage, { ...berlin, release: 'v1.2.0', at: '2026-12-08T09:00' }, december)
  const back = { command: 'rollback', release: 'v1.0.0' } as const
  const rolled = await does(stage, back, {
    options: { ...at('2026-12-07T10:00:00Z'), sha: 'refs/tags/v1.0.0' },
  })
  expect(rolled.main.outputs.outcome).toBe('succeeded')
  const stale = await dispatches(stage, '2026-12-08T08:01:00Z')
  expect(stale.look.main).toMatchObject({
    code: 1,
    outputs: { due: '[]', 'reason-code': 'schedule-outdated' },
  })
  expect(await versions(stage)).toEqual(['v1.0.0', 'v1.0.0'])
  expect((await dispatches(stage, '2026-12-08T08:06:00Z')).due).toEqual([])

  const { schedules: kept } = await ledgerOf(stage)
  expect(kept?.pending).toEqual([])
  expect(kept?.ended.map(({ id, end }) => `${id} ${end.kind}`)).toEqual([
    's4 refused',
    's3 missed',
    's2 withdrawn',
    's1 started',
  ])
  const history = await does(stage, { command: 'history' }, { options: at('2026-12-08T09:00:00Z') })
  expect(history.main.summary).toContain('Scheduled, and not begun')
  const told: { id: string; state: string }[] = JSON.parse(history.main.outputs.result ?? '').schedules
  expect(told.map(({ id, state }) => `${id} ${state}`)).toEqual([
    's4 failed',
    's3 missed',
    's2 cancelled',
    's1 completed',
  ])
  stage.asksAtMost(260)
})

test('behind a gate: begun once approved, withdrawn while it waits, rejected, approved too late, frozen meanwhile CC-14 CC-16 CC-17 CC-18 CC-19 CC-20', async () => {
  const stage = await aStory({ instances: 1, config: { steps: lean.steps ?? {} } })
  await serving(stage, 'v1.0.0')
  await stage.release('v1.1.0', { config: { steps: lean.steps ?? {} } })
  await stage.release('v1.2.0', { config: { steps: lean.steps ?? {} } })
  const winter = {
    name: 'winter',
    from: '2026-12-24T00:00',
    to: '2026-12-27T00:00',
    timezone: 'Europe/Berlin',
  }
  await stage.policy({ production: { freezes: [winter] } })
  const looks = (run: ReturnType<Stage['run']>, time: string) =>
    run.job({ command: 'dispatch', environment: 'production' }, at(time))
  const begins = (run: ReturnType<Stage['run']>, release: string, schedule: string, time: string) =>
    run.job({ command: 'deploy', release, schedule }, { ...at(time), sha: `refs/tags/${release}` })

  stage.aside('a time within a freeze is refused, with the next that is allowed')
  const held = await schedules(stage, { ...berlin, release: 'v1.1.0', at: '2026-12-25T09:00' })
  expect(held.main).toMatchObject({ code: 1, outputs: { 'reason-code': 'frozen' } })
  expect(held.main.log.join('\n')).toContain('A deploy is allowed from 2026-12-27 00:00 Europe/Berlin')

  stage.aside('one is approved ten minutes after its time')
  await schedules(stage, { ...berlin, release: 'v1.1.0', at: '2026-12-01T09:00' })
  const first = stage.run('cron')
  expect((await looks(first, '2026-12-01T08:01:00Z')).main.outputs.due).toContain('"schedule":"s1"')
  const meanwhile = stage.run('cron')
  const nothing = await looks(meanwhile, '2026-12-01T08:06:00Z')
  expect(nothing.main).toMatchObject({ code: 0, outputs: { due: '[]' } })
  expect(nothing.main.log.join('\n')).toContain('and waits: a run is to start it')
  meanwhile.end('success')
  first.approve('rhea', 'go')
  const done = await begins(first, 'v1.1.0', 's1', '2026-12-01T08:11:00Z')
  first.end('success')
  expect(done.main).toMatchObject({ code: 0, outputs: { outcome: 'succeeded' } })
  expect(done.main.summary).toContain('11 min late')
  expect((await ledgerOf(stage)).history[0]).toMatchObject({ by: ['rhea'], schedule: { id: 's1' } })

  stage.aside('one is withdrawn while it waits for its approval')
  await schedules(stage, { ...berlin, release: 'v1.2.0', at: '2026-12-02T09:00' }, at('2026-12-01T12:00:00Z'))
  const second = stage.run('cron')
  await looks(second, '2026-12-02T08:01:00Z')
  const back = await schedules(
    stage,
    { withdraw: 's2', reason: 'it is too full' },
    at('2026-12-02T08:05:00Z'),
  )
  expect(back.main.outputs).toMatchObject({ outcome: 'withdrawn' })
  second.approve('rhea')
  const withdrawn = await begins(second, 'v1.2.0', 's2', '2026-12-02T08:10:00Z')
  second.end('failure')
  expect(withdrawn.main).toMatchObject({ code: 1, outputs: { 'reason-code': 'schedule-ended' } })

  stage.aside('one is rejected by its reviewer')
  await schedules(stage, { ...berlin, release: 'v1.2.0', at: '2026-12-03T09:00' }, at('2026-12-02T12:00:00Z'))
  const third = stage.run('cron')
  await looks(third, '2026-12-03T08:01:00Z')
  stage.github.approve(third.facts.id, {
    environment: 'production',
    user: 'rhea',
    comment: 'not on a Thursday',
    state: 'rejected',
  })
  third.end('failure')
  const rejected = await does(
    stage,
    { command: 'dispatch' },
    { actor: 'cron', options: at('2026-12-03T08:06:00Z') },
  )
  expect(rejected.main).toMatchObject({
    code: 1,
    outputs: { due: '[]', 'reason-code': 'approval-rejected' },
  })

  stage.aside('one is approved two hours late')
  await schedules(stage, { ...berlin, release: 'v1.2.0', at: '2026-12-04T09:00' }, at('2026-12-03T12:00:00Z'))
  const fourth = stage.run('cron')
  await looks(fourth, '2026-12-04T08:01:00Z')
  fourth.approve('rhea')
  const late = await begins(fourth, 'v1.2.0', 's4', '2026-12-04T10:01:00Z')
  fourth.end('failure')
  expect(late.main).toMatchObject({ code: 1, outputs: { 'reason-code': 'schedule-missed' } })
  expect(late.main.log.join('\n')).toContain('@rhea asked for it')

  stage.aside('a freeze begins between the request and the time')
  await schedules(stage, { ...berlin, release: 'v1.2.0', at: '2026-12-07T09:00' }, at('2026-12-04T12:00:00Z'))
  const sudden = { ...winter, name: 'sudden', from: '2026-12-06T00:00', to: '2026-12-08T00:00' }
  await stage.policy({ production: { freezes: [winter, sudden] } })
  const fifth = stage.run('cron')
  await looks(fifth, '2026-12-07T08:01:00Z')
  fifth.approve('rhea')
  const frozen = await begins(fifth, 'v1.2.0', 's5', '2026-12-07T08:03:00Z')
  fifth.end('failure')
  expect(frozen.main).toMatchObject({ code: 1, outputs: { 'reason-code': 'frozen' } })

  expect(await versions(stage)).toEqual(['v1.1.0'])
  const { schedules: kept } = await ledgerOf(stage)
  expect(kept?.ended.map(({ id, end }) => `${id} ${end.kind}`)).toEqual([
    's5 refused',
    's4 missed',
    's3 refused',
    's2 withdrawn',
    's1 started',
  ])
  stage.asksAtMost(256)
})

test('two schedules in a row: the second starts when the first serves, and is refused when that was missed CC-14 CC-20', async () => {
  const stage = await aStory({ instances: 1, config: { ...lean, production: unguarded } })
  await serving(stage, 'v1.0.0')
  for (const tag of ['v1.1.0', 'v1.2.0', 'v1.3.0', 'v1.4.0']) await stage.release(tag)

  stage.aside('25 November: v1.1.0 for Monday, v1.2.0 for Tuesday')
  await schedules(stage, { ...berlin, release: 'v1.1.0', at: '2026-11-30T09:00' })
  const second = await schedules(stage, { ...berlin, release: 'v1.2.0', at: '2026-12-01T09:00' })
  expect(second.main).toMatchObject({ code: 0, outputs: { schedule: 's2' } })
  expect(second.main.summary).toContain('| in place of | v1.1.0, which `s1` is to bring |')
  expect(JSON.parse(second.main.outputs.result ?? '').schedule).toMatchObject({ after: 's1' })
  const monday = await dispatches(stage, '2026-11-30T08:01:00Z')
  expect(monday.begun?.main.outputs).toMatchObject({ outcome: 'succeeded', release: 'v1.1.0' })
  const tuesday = await dispatches(stage, '2026-12-01T08:01:00Z')
  expect(tuesday.begun?.main.outputs).toMatchObject({ outcome: 'succeeded', release: 'v1.2.0' })
  expect(await versions(stage)).toEqual(['v1.2.0'])

  stage.aside('v1.3.0 for Wednesday, v1.4.0 for Thursday; on Wednesday nobody looks')
  const then = at('2026-12-01T12:00:00Z')
  await schedules(stage, { ...berlin, release: 'v1.3.0', at: '2026-12-02T09:00' }, then)
  await schedules(stage, { ...berlin, release: 'v1.4.0', at: '2026-12-03T09:00' }, then)
  const thursday = await dispatches(stage, '2026-12-03T08:01:00Z')
  expect(thursday.look.main.outputs).toMatchObject({ due: '[]', 'reason-code': 'schedule-outdated' })
  expect(thursday.look.main.log.join('\n')).toMatch(/s3 of production was missed.*[\s\S]*s4 was to follow s3/)
  expect(await versions(stage)).toEqual(['v1.2.0'])
  stage.asksAtMost(202)
})
