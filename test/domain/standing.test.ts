import { describe, expect, test } from 'vitest'
import type { LocalFleet } from '../../src/domain/config/fleet.ts'
import type { Service } from '../../src/domain/config/service.ts'
import { backInCode, onward } from '../../src/domain/journal/direction.ts'
import type { Happening } from '../../src/domain/journal/journal.ts'
import { standing } from '../../src/domain/journal/standing.ts'
import type { Plan } from '../../src/domain/plan/plan.ts'
import type { InstanceStanding } from '../../src/domain/rolling/roll-standing.ts'
import { availability } from '../../src/domain/rolling/rolling.ts'
import {
  aFailure,
  aJournal,
  answered,
  aTime,
  broke,
  cancelled,
  changed,
  done,
  failed,
  lost,
  opened,
  resumed,
  seen,
  started,
  succeeded,
  taken,
  upTo,
} from './a-journal.ts'
import { aCommand, aPlan, aPolicy, aRecipe, aService, count } from './a-plan.ts'

const web = 'roll-services/web'
const plan = aPlan({
  recipe: aRecipe({ services: [aService('web', 3, { minAvailable: count(0), maxParallel: count(3) })] }),
})
const named = aPlan({ policy: aPolicy({ approval: { kind: 'named', from: ['bob'], notSelf: true } }) })
const failure = aFailure()
const turnedBack: Happening = { kind: 'turned-back', failure }

const standingAfter = (happenings: readonly Happening[], its: Plan = plan) =>
  standing(its, aJournal(...happenings))
const stepAfter = (id: string, happenings: readonly Happening[]) => standingAfter(happenings).steps.get(id)
const statesAfter = (happenings: readonly Happening[]): Record<string, InstanceStanding['state']> =>
  Object.fromEntries(
    [...(standingAfter(happenings).rolls.get(web)?.instances ?? [])].map(([name, { state }]) => [
      name,
      state,
    ]),
  )

describe('a deployment', () => {
  test('that has not begun stands at its start', () => {
    const now = standingAfter([])
    expect(now).toMatchObject({ number: 0, direction: onward, pauses: 0, pause: null, outcome: null })
    expect(new Set([...now.steps.values()].map(({ state }) => state))).toEqual(new Set(['pending']))
  })

  test.each<[string, Happening[], object]>([
    ['opened: it has its number', [opened], { number: 7 }],
    ['left: nothing else', [opened, { kind: 'left' }], { number: 7, interrupted: null }],
    [
      'record-opened: nothing here',
      [opened, { kind: 'record-opened', record: 1 }],
      { number: 7, pause: null },
    ],
    ['interrupted: it is known how', [opened, lost], { interrupted: 'lost' }],
    ['interrupted: it is known how, by whom', [opened, cancelled], { interrupted: 'cancelled' }],
    ['resumed: it is interrupted no more', [opened, lost, resumed], { interrupted: null }],
    ['turned-back: it goes back, and keeps why', [opened, turnedBack], { direction: backInCode, failure }],
    [
      'turned-back: the first reason stays',
      [opened, turnedBack, { kind: 'turned-back', failure: aFailure('later') }],
      { failure },
    ],
    [
      'ended: it has its outcome',
      [opened, { kind: 'ended', outcome: { kind: 'cancelled', why: '', stays: [] } }],
      { outcome: { kind: 'cancelled' } },
    ],
  ])('%s', (_title, happenings, expected) => {
    expect(standingAfter(happenings)).toMatchObject(expected)
  })
})

describe('a step', () => {
  const step = 'migrate'
  const skipped: Happening = { kind: 'step-skipped', step, note: 'nothing to do' }
  const undoing: Happening = { kind: 'undo-started', step }
  const undone: Happening = { kind: 'undo-succeeded', step }
  const stuck: Happening = { kind: 'undo-failed', step, failure }

  test.each<[string, Happening[], object]>([
    ['started', [started(step)], { state: 'running', startedAt: aTime(0), endedAt: null, unsure: false }],
    ['succeeded', done(step), { state: 'succeeded', startedAt: aTime(0), endedAt: aTime(1) }],
    [
      'succeeded with a note',
      [started(step), { ...succeeded(step), note: 'so' } as Happening],
      { state: 'succeeded', note: 'so' },
    ],
    ['skipped', [started(step), skipped], { state: 'skipped', note: 'nothing to do', endedAt: aTime(1) }],
    ['failed', failed(step), { state: 'failed', failure, endedAt: aTime(1) }],
    ['started again', [...failed(step), started(step)], { state: 'running', failure: null, endedAt: null }],
    ['being taken back', [...done(step), turnedBack, undoing], { state: 'succeeded', undo: 'running' }],
    ['taken back', [...done(step), turnedBack, undoing, undone], { state: 'succeeded', undo: 'done' }],
    ['not taken back', [...done(step), turnedBack, undoing, stuck], { undo: 'failed', failure }],
    [
      'taken back by a run that was stopped',
      [...done(step), cancelled, undoing, undone],
      { state: 'pending' },
    ],
    ['running when its run was lost', [started(step), lost, resumed], { state: 'running', unsure: true }],
    [
      'being taken back when its run was lost',
      [...done(step), turnedBack, undoing, lost, resumed],
      { undo: 'none' },
    ],
    [
      'succeeded before its run was lost',
      [...done(step), lost, resumed],
      { state: 'succeeded', unsure: false },
    ],
  ])('%s', (_title, happenings, expected) => {
    expect(stepAfter(step, happenings)).toMatchObject(expected)
  })

  test.each(['suspend-scheduler', 'deploy-scheduler'])(
    '%s is done again by another run, which cannot know whether the one before took it back',
    (id) => {
      const before = upTo(plan, 'migrate')
      expect(stepAfter(id, [...before, lost, resumed])).toMatchObject({ state: 'running', unsure: true })
      expect(stepAfter(id, [...before, started('migrate'), lost, resumed])).toMatchObject({
        state: 'succeeded',
      })
      expect(stepAfter(id, [...before, turnedBack, lost, resumed])).toMatchObject({ state: 'succeeded' })
    },
  )
})

describe('an instance', () => {
  const look = (web1: string, web2 = 'v1.0.0', web3 = 'v1.0.0') =>
    seen(web, { 'web-1': web1, 'web-2': web2, 'web-3': web3 })
  const begun = [opened, started(web)]
  const first = [...begun, look('v1.0.0')]
  const batch = [...first, taken(web, 'web-1')]
  const back = [...batch, changed(web, 'web-1'), turnedBack, { kind: 'undo-started', step: web } as const]

  test.each<[string, Happening[], InstanceStanding['state']]>([
    ['not looked at', begun, 'pending'],
    ['on the older release', first, 'pending'],
    ['on the new release already WX-09', [...begun, look('v1.1.0')], 'left-alone'],
    ['on the new release by its commit', [...begun, look(plan.release.sha)], 'left-alone'],
    ['on the new release but not healthy', [...begun, look('down')], 'pending'],
    ['that does not say what it runs', [...begun, look('mute')], 'pending'],
    ['taken', batch, 'changing'],
    ['changed', [...batch, changed(web, 'web-1')], 'done'],
    ['that failed', [...batch, broke(web, 'web-1')], 'failed'],
    ['that failed, looked at again', [...batch, broke(web, 'web-1'), resumed, look('v1.1.0')], 'failed'],
    ['changed, looked at again', [...batch, changed(web, 'web-1'), resumed, look('v1.1.0')], 'done'],
    ['changed, looked at again, mute', [...batch, changed(web, 'web-1'), resumed, look('mute')], 'done'],
    ['changed, gone since', [...batch, changed(web, 'web-1'), resumed, look('down')], 'pending'],
    ['left alone, gone since', [...begun, look('v1.1.0'), resumed, look('down')], 'pending'],
    ['taken by a run that was lost, and right', [...batch, lost, resumed, look('v1.1.0')], 'done'],
    ['taken by a run that was lost, and not right', [...batch, lost, resumed, look('down')], 'pending'],
    ['changed, going back', back, 'pending'],
    ['changed back', [...back, look('v1.0.0')], 'done'],
    ['not changed, going back', [...first, turnedBack], 'untouched'],
    ['that failed, going back', [...batch, broke(web, 'web-1'), turnedBack], 'pending'],
    [
      'that failed, going back, although it serves the release of before F01',
      [...batch, broke(web, 'web-1'), turnedBack, look('v1.0.0')],
      'pending',
    ],
  ])('%s', (_title, happenings, expected) => {
    expect(statesAfter(happenings)['web-1']).toBe(expected)
  })

  test.each<[string, Happening[], InstanceStanding['state']]>([
    ['changed with nobody noting it is taken back', [...first, lost, resumed, look('v1.1.0')], 'pending'],
    ['taken down with nobody noting it is taken back', [...first, lost, resumed, look('down')], 'pending'],
    ['still as it was is left alone', [...first, lost, resumed, look('v1.0.0')], 'untouched'],
    ['that went by itself is left alone', [...first, resumed, look('down')], 'untouched'],
    [
      'that was down before and still is, is taken back',
      [...begun, look('down'), lost, resumed, look('down')],
      'pending',
    ],
    [
      'that served before is left alone',
      [...begun, look('v1.1.0'), lost, resumed, look('v1.1.0')],
      'untouched',
    ],
    ['that does not say what it runs is taken back', [...first, lost, resumed, look('mute')], 'pending'],
    ['that only a lost look saw serving is taken back', [...begun, lost, resumed, look('v1.1.0')], 'pending'],
    ['that only a lost look saw down is taken back', [...begun, lost, resumed, look('down')], 'pending'],
  ])('after a lost run one %s WX-22', (_title, happenings, expected) => {
    expect(statesAfter([...happenings, turnedBack])['web-1']).toBe(expected)
  })

  const goneBack: Happening[] = [turnedBack, { kind: 'undo-started', step: web }]
  const saysSo = { kind: 'left' } as const

  test.each<[string, Happening[], string, InstanceStanding['state'], boolean]>([
    ['it serves the new release: taken back', [...first, lost], 'v1.1.0', 'pending', true],
    ['its last step closed it: taken back', [...first, lost, saysSo], 'v1.1.0', 'pending', true],
    ['it is down: taken back', [...first, lost], 'down', 'pending', true],
    ['it does not say what it runs: taken back', [...first, lost], 'mute', 'pending', true],
    ['it was down before and is: taken back', [...begun, look('down'), lost], 'down', 'pending', true],
    ['only the lost run looked at it: taken back', [...begun, lost], 'v1.1.0', 'pending', true],
    ['it is as it was: left alone', [...first, lost], 'v1.0.0', 'untouched', false],
    [
      'it served the new release before: left alone',
      [...begun, look('v1.1.0'), lost],
      'v1.1.0',
      'untouched',
      false,
    ],
    [
      'another run has looked since: left alone',
      [...first, lost, resumed, look('v1.0.0')],
      'down',
      'untouched',
      false,
    ],
  ])('after a lost run that is turned back, %s F41', (_title, before, found, state, touched) => {
    const now = standingAfter([...before, ...goneBack, resumed, look(found)])
    expect(now.rolls.get(web)?.instances.get('web-1')).toMatchObject({ state, touched })
  })

  describe('that a lost run was changing', () => {
    const change = (service: Partial<Service>, fleet: Partial<LocalFleet> = {}) => {
      const own = aService('web', 3)
      const changed = { ...own, ...service, fleet: { ...(own.fleet as LocalFleet), ...fleet } }
      return aPlan({ recipe: aRecipe({ services: [changed] }) })
    }
    const byCommand = { kind: 'command', leave: null, enter: null, serving: null, timeout: 1_000 } as const
    const byUrl = { kind: 'http', url: 'http://$HOST/version', timeout: 1_000 } as const
    const inTraffic = seen(web, { 'web-1': 'v1.1.0', 'web-2': 'v1.0.0', 'web-3': 'v1.0.0' }, true)
    const unseen = look('v1.1.0')

    test.each<[string, Plan, Happening, InstanceStanding['state']]>([
      ['done where it takes traffic by itself', change({}), unseen, 'done'],
      [
        'done where the front door was seen to send it requests',
        change({ traffic: byCommand }),
        inTraffic,
        'done',
      ],
      ['changed again where nobody sees its traffic', change({ traffic: byCommand }), unseen, 'pending'],
      [
        'changed again where its stop does nothing',
        change({}, { stop: aCommand('true') }),
        unseen,
        'pending',
      ],
      ['changed again where only its files name the release', change({}, { stop: null }), unseen, 'pending'],
      [
        'done where the process names the release',
        change({ version: byUrl }, { stop: null }),
        unseen,
        'done',
      ],
    ])('is %s F01', (_title, its, found, expected) => {
      const states = (before: Happening[]) =>
        standingAfter(before, its).rolls.get(web)?.instances.get('web-1')
      expect(states([...batch, lost, resumed, found])?.state).toBe(expected)
      expect(states([...first, lost, resumed, found])?.state).toBe(expected)
    })

    test('is taken back where nobody sees whether it left traffic F41', () => {
      const its = change({ traffic: byCommand })
      const gone = [...first, lost, ...goneBack, resumed]
      const state = (found: Happening) =>
        standingAfter([...gone, found], its)
          .rolls.get(web)
          ?.instances.get('web-1')?.state
      expect(state(look('v1.0.0'))).toBe('pending')
      expect(state(seen(web, { 'web-1': 'v1.0.0' }, true))).toBe('untouched')
    })
  })

  test('is available as it was last seen, and not while it is changed', () => {
    const available = (happenings: readonly Happening[]) => {
      const roll = standingAfter(happenings).rolls.get(web)
      return roll === undefined ? [] : [...availability(roll).values()]
    }
    expect(available([...begun, look('v1.0.0', 'down')])).toEqual([true, false, true])
    expect(available([...first, taken(web, 'web-1', 'web-3')])).toEqual([false, true, false])
    expect(available([...batch, changed(web, 'web-1')])).toEqual([true, true, true])
    expect(available([...batch, broke(web, 'web-1')])).toEqual([false, true, true])
  })

  test('is looked at again by each run, and in each direction', () => {
    const observed = (happenings: readonly Happening[]) => standingAfter(happenings).rolls.get(web)?.observed
    expect(observed(begun)).toBe(false)
    expect(observed(first)).toBe(true)
    expect(observed([...first, resumed])).toBe(false)
    expect(observed([...first, turnedBack])).toBe(false)
    expect(observed([...first, resumed, look('v1.0.0')])).toBe(true)
  })
})

describe('an instance that a change left out of traffic', () => {
  const outOf = (handled: object) => {
    const begun = [opened, started(web), taken(web, 'web-1')]
    const fails = { ...broke(web, 'web-1'), ...handled } as Happening
    return standingAfter([...begun, fails])
      .rolls.get(web)
      ?.instances.get('web-1')?.out
  }

  test('is to stay out, and not where it may have come back F04', () => {
    expect(outOf({ outSince: aTime(3), backSince: null })).toBe(true)
    expect(outOf({ outSince: aTime(3), backSince: aTime(4) })).toBe(false)
    expect(outOf({ outSince: null, backSince: null })).toBe(false)
  })
})

test('retry forgets the failure that it was asked about F01', () => {
  const fails = [...upTo(plan, 'roll-services'), started(web), taken(web, 'web-1'), broke(web, 'web-1')]
  const looked = seen(web, { 'web-1': 'down', 'web-2': 'v1.0.0', 'web-3': 'v1.0.0' })
  const retried = answered(plan, [...fails.slice(0, -2), looked, ...fails.slice(-2)], 'retry')
  expect(standingAfter(retried).rolls.get(web)?.instances.get('web-1')).toMatchObject({
    state: 'pending',
    failure: null,
    broke: true,
  })
})

test('a run that is lost on the way back adds no doubt of what was never touched F41', () => {
  const looked = (web1: string, web2: string) =>
    seen(web, { 'web-1': web1, 'web-2': web2, 'web-3': 'v1.0.0' })
  const back: Happening[] = [turnedBack, { kind: 'undo-started', step: web }, looked('v1.1.0', 'v1.0.0')]
  const begun = [opened, started(web), looked('v1.0.0', 'v1.0.0'), taken(web, 'web-1'), changed(web, 'web-1')]
  const again = [...begun, ...back, lost, resumed, looked('v1.1.0', 'down')]
  expect(statesAfter(again)).toMatchObject({ 'web-1': 'pending', 'web-2': 'untouched' })
})

test('a question that has lapsed is another one than that which waits', () => {
  const hooked = [...upTo(plan, 'pre-deploy'), ...failed('pre-deploy')]
  const waits = answered(plan, hooked, 'retry').slice(0, -2)
  expect(standingAfter([...waits, { kind: 'lapsed', pause: '6.9' }]).pause?.id).toBe('7.1')
  expect(standingAfter([...waits, { kind: 'lapsed', pause: '7.1' }]).pause).toBeNull()
})

describe('a decision', () => {
  const both = [
    ...upTo(plan, 'roll-services'),
    started(web),
    seen(web, { 'web-1': 'v1.0.0', 'web-2': 'v1.0.0', 'web-3': 'v1.0.0' }),
    taken(web, 'web-1', 'web-2'),
    broke(web, 'web-1'),
    broke(web, 'web-2'),
  ]
  const migrating = [...upTo(plan, 'migrate'), ...failed('migrate')]

  test.each<[string, Parameters<typeof answered>[2], string[], Record<string, InstanceStanding['state']>]>([
    ['force-next WX-21', 'force-next', [], { 'web-1': 'forced', 'web-2': 'forced', 'web-3': 'pending' }],
    ['exclude', 'exclude', [], { 'web-1': 'excluded', 'web-2': 'excluded', 'web-3': 'pending' }],
    ['retry', 'retry', [], { 'web-1': 'pending', 'web-2': 'pending', 'web-3': 'pending' }],
    ['exclude for one', 'exclude', ['web-2'], { 'web-1': 'failed', 'web-2': 'excluded', 'web-3': 'pending' }],
    ['roll-back WX-22', 'roll-back', [], { 'web-1': 'pending', 'web-2': 'pending', 'web-3': 'untouched' }],
  ])('%s, of two failed instances', (_title, decision, instances, expected) => {
    expect(statesAfter(answered(plan, both, decision, instances))).toEqual(expected)
  })

  test.each([
    ['nobody has repaired it', 'v1.1.0', 'pending'],
    ['somebody has put it back', 'v1.0.0', 'pending'],
    ['it is down', 'down', 'pending'],
  ])('retry changes a failed instance again, whatever a look says: %s F01', (_title, found, expected) => {
    const retried = answered(plan, both, 'retry', ['web-1'])
    const looked = seen(web, { 'web-1': found, 'web-2': 'down', 'web-3': 'v1.0.0' })
    expect(statesAfter([...retried, looked])['web-1']).toBe(expected)
  })

  test('retry is over for an instance once our commands have run to their end on it F01', () => {
    const retried = [...answered(plan, both, 'retry', ['web-1']), taken(web, 'web-1'), changed(web, 'web-1')]
    const looked = seen(web, { 'web-1': 'v1.1.0', 'web-2': 'down', 'web-3': 'v1.0.0' })
    expect(statesAfter([...retried, lost, resumed, looked])['web-1']).toBe('done')
  })

  test('leaves what was excluded excluded on the way back WX-22', () => {
    const excluded = answered(plan, both, 'exclude', ['web-2'])
    expect(statesAfter([...excluded, turnedBack])).toEqual({
      'web-1': 'pending',
      'web-2': 'excluded',
      'web-3': 'untouched',
    })
  })

  test.each<[string, Parameters<typeof answered>[2], object]>([
    ['retry SP-40', 'retry', { state: 'pending', unsure: false }],
    ['force-next', 'force-next', { state: 'forced' }],
  ])('%s, of a failed step', (_title, decision, expected) => {
    expect(stepAfter('migrate', answered(plan, migrating, decision))).toMatchObject(expected)
  })

  test('abandon keeps who and why', () => {
    const now = standingAfter(answered(plan, migrating, 'abandon'))
    expect(now.abandoned).toEqual({ by: 'bob', reason: 'seen to' })
  })

  test('roll-back turns back with what the question was about', () => {
    const now = standingAfter(answered(plan, migrating, 'roll-back'))
    expect(now).toMatchObject({ direction: backInCode, failure })
  })

  test.each<[Parameters<typeof answered>[2], object]>([
    ['approve', { approvedBy: 'bob', rejected: null }],
    ['reject', { approvedBy: null, rejected: { by: 'bob', reason: 'seen to' } }],
  ])('%s keeps who it was SP-04', (decision, expected) => {
    expect(standingAfter(answered(named, [opened, ...done('source')], decision), named)).toMatchObject(
      expected,
    )
  })

  test('counts only for the question that waits WX-24', () => {
    const late: Happening = {
      kind: 'decided',
      pause: '7.1',
      decision: 'abandon',
      instances: [],
      by: 'eve',
      reason: '',
    }
    const nothingWaits = [opened, late]
    const hooked = [...upTo(plan, 'pre-deploy'), ...failed('pre-deploy')]
    const again = [...answered(plan, hooked, 'retry'), ...failed('pre-deploy')]
    const anotherWaits = answered(plan, again, 'retry').slice(0, -2)
    expect(standingAfter(nothingWaits).abandoned).toBeNull()
    expect(standingAfter([...anotherWaits, late]).abandoned).toBeNull()
    expect(standingAfter([...anotherWaits, late]).pause?.id).toBe('7.2')
  })
})
