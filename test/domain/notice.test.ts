import { describe, expect, test } from 'vitest'
import type { Happening } from '../../src/domain/journal/journal.ts'
import type { Outcome } from '../../src/domain/journal/outcome.ts'
import { type Ledger, remember } from '../../src/domain/ledger/ledger.ts'
import { cloudEventOf } from '../../src/domain/notify/cloud-event.ts'
import { afterTries, dueIn, mostTries, type Notice } from '../../src/domain/notify/notice.ts'
import type { NoticePoint, NoticeRule } from '../../src/domain/notify/notice-rule.ts'
import type { Plan } from '../../src/domain/plan/plan.ts'
import { aFailure, aJournal, aRun, done, failed, lost, opened, pauseOf, resumed, upTo } from './a-journal.ts'
import { aCommand, aLedgerServing, aPlan, aPolicy, newer, older } from './a-plan.ts'

const all: readonly NoticePoint[] = ['started', 'waiting', 'halted', 'succeeded', 'failed', 'rolled-back']
const chat: NoticeRule = { on: all, by: { kind: 'run', command: aCommand('bin/chat') } }
const named = { kind: 'named', from: ['bob'], notSelf: true } as const
const none = { kind: 'none' } as const

const planOf = (change: Parameters<typeof aPolicy>[0] = {}): Plan =>
  aPlan({ policy: aPolicy({ approval: none, notify: [chat], ...change }) })

/** The ledger after these events of deployment 7. */
function ledgerAfter(plan: Plan, ...happenings: Happening[]): Ledger {
  const deployment = {
    ...{ number: 7, plan, journal: [], holder: null, record: null },
    ...{ preDeploy: null, build: null, checkCompatibility: null },
  }
  return aJournal(...happenings).reduce(remember, { ...aLedgerServing(plan.from), deployment })
}

const pointsOf = ({ notices }: Ledger): string[] => notices.map(({ point }) => point)

const ended = (outcome: Outcome): Happening => ({ kind: 'ended', outcome })
const nothing = { forced: [], excluded: [] } as const
const outcomes: Record<string, Outcome> = {
  succeeded: { kind: 'succeeded', ...nothing, failed: [], afterwards: null },
  'rolled-back': { kind: 'rolled-back', ...nothing, failure: aFailure() },
  failed: { kind: 'failed', failure: aFailure(), stays: [] },
  abandoned: { kind: 'abandoned', by: 'bob', reason: 'as it is' },
  cancelled: { kind: 'cancelled', why: 'the run was cancelled', stays: [] },
}

describe('the notices of a deployment', () => {
  test.each([
    ['succeeded', 'succeeded', 'dev.cdevents.service.upgraded.0.3.0'],
    ['rolled-back', 'rolled-back', 'dev.cdevents.service.rolledback.0.3.0'],
    ['failed', 'failed', 'dev.cdevents.pipelinerun.finished.0.3.0'],
    ['abandoned', 'failed', 'dev.cdevents.pipelinerun.finished.0.3.0'],
    ['cancelled', 'failed', 'dev.cdevents.pipelinerun.finished.0.3.0'],
  ])('%s is told as %s, and stays in the ledger after its end', (word, point, type) => {
    const ledger = ledgerAfter(planOf(), opened, ended(outcomes[word] as Outcome))
    expect(ledger.deployment).toBeNull()
    expect(pointsOf(ledger)).toEqual(['started', point])
    expect(ledger.notices.map(({ id }) => id)).toEqual(['shop/production/7.1', 'shop/production/7.2'])
    const [first, last] = ledger.notices.map((notice) => cloudEventOf(notice))
    expect(first).toMatchObject({ type: 'dev.cdevents.pipelinerun.started.0.3.0' })
    expect(last).toMatchObject({ type, specversion: '1.0', id: 'shop/production/7.2' })
  })

  test('a failure waits for a person, and a bake for nobody', () => {
    const plan = planOf()
    const asked = [...upTo(plan, 'migrate'), ...failed('migrate')]
    const pause = pauseOf(plan, aJournal(...asked))
    const [, waiting] = ledgerAfter(plan, ...asked, { kind: 'paused', pause }).notices
    expect(waiting).toMatchObject({ point: 'waiting', approved: true, facts: { pause: '7.1' } })
    expect(waiting?.facts.title).toBe('Deploy v1.1.0 to production: waits for a decision at migrate')
    const bake = { id: '7.2', step: 'x', options: [], withheld: {}, kind: 'wait', until: '' } as const
    const capacity = { available: 1, total: 1, floor: 0 }
    const ledger = ledgerAfter(plan, opened, { kind: 'paused', pause: { ...bake, capacity } })
    expect(pointsOf(ledger)).toEqual(['started'])
  })

  test('before named people have approved it waits without secrets, and has not started', () => {
    const plan = planOf({ approval: named })
    const asked = [opened, ...done('source')]
    const pause = pauseOf(plan, aJournal(...asked))
    const waits = ledgerAfter(plan, ...asked, { kind: 'paused', pause })
    expect(waits.notices).toMatchObject([{ point: 'waiting', approved: false }])
    const yes = { pause: pause.id, decision: 'approve', instances: [], by: 'bob', reason: '' } as const
    const begun = ledgerAfter(plan, ...asked, { kind: 'paused', pause }, { kind: 'decided', ...yes }, resumed)
    expect(pointsOf(begun)).toEqual(['waiting', 'started'])
    expect(begun.notices.map(({ approved }) => approved)).toEqual([false, true])
  })

  test('a run that is lost and resumed tells nothing twice', () => {
    expect(pointsOf(ledgerAfter(planOf(), opened, lost, resumed))).toEqual(['started'])
  })

  test('only the moments that the config names, to each way that names them', () => {
    const http = { kind: 'http', url: '$EVENTS', secret: null, timeout: 1_000 } as const
    const notify: NoticeRule[] = [
      { on: ['failed'], by: { kind: 'run', command: aCommand('bin/chat') } },
      { on: ['failed', 'started'], by: http },
    ]
    const ledger = ledgerAfter(planOf({ notify }), opened, ended(outcomes.failed as Outcome))
    expect(ledger.notices.map(({ point, to }) => `${point} ${to}`)).toEqual([
      'started $EVENTS',
      'failed bin/chat',
      'failed $EVENTS',
    ])
    expect(ledgerAfter(planOf({ notify: [] }), opened).notices).toEqual([])
  })
})

describe('a notice that was tried', () => {
  const ledger = ledgerAfter(planOf(), opened)
  const [notice] = ledger.notices as [Notice]
  const fail = (before: Ledger): Ledger =>
    afterTries(before, [{ notice, end: { kind: 'failed', why: 'answered 503' } }])

  test.each(['sent', 'no-way'] as const)('and is %s leaves the ledger', (kind) => {
    expect(afterTries(ledger, [{ notice, end: { kind } }]).notices).toEqual([])
  })

  test('and cut short is as before', () => {
    expect(afterTries(ledger, [{ notice, end: { kind: 'cut-short' } }])).toEqual(ledger)
  })

  test('and failed is due a bounded number of times, and is shown with its reason then', () => {
    let now = ledger
    for (let tries = 1; tries <= mostTries; tries++) {
      expect(dueIn(now)).toHaveLength(1)
      now = fail(now)
    }
    expect(dueIn(now)).toEqual([])
    expect(now.notices).toMatchObject([{ tries: mostTries, failure: 'answered 503' }])
  })
})

describe('a notice as a CloudEvent', () => {
  const run = { ...aRun(1), url: 'https://github.com/Acme/shop/actions/runs/1' }
  const byRun: Happening = { kind: 'opened', number: 7, run, by: ['alice'] }
  const eventOf = (word: string, plan = planOf()) =>
    cloudEventOf(ledgerAfter(plan, byRun, ended(outcomes[word] as Outcome)).notices[1] as Notice)

  test('names the commit that serves: the older one after a way back', () => {
    expect(eventOf('succeeded')).toMatchObject({
      source: 'https://github.com/Acme/shop',
      subject: 'shop/production',
      data: {
        context: { specversion: '0.5.1', id: 'shop/production/7.2', source: 'https://github.com/Acme/shop' },
        subject: {
          id: 'shop/production',
          content: { environment: { id: 'production' }, artifactId: `pkg:github/acme/shop@${newer.sha}` },
        },
        customData: { deployment: 7, release: { tag: newer.tag }, previous: { tag: older.tag } },
      },
    })
    expect(eventOf('rolled-back')).toMatchObject({
      data: { subject: { content: { artifactId: `pkg:github/acme/shop@${older.sha}` } } },
    })
  })

  test('is of a service deployed for the first release, and of one rolled back for a rollback', () => {
    const first = aPlan({ policy: aPolicy({ approval: none, notify: [chat] }), ledger: aLedgerServing(null) })
    expect(eventOf('succeeded', first)).toMatchObject({ type: 'dev.cdevents.service.deployed.0.3.0' })
    const back = { ...planOf(), mode: 'rollback' } as const
    expect(eventOf('succeeded', back)).toMatchObject({ type: 'dev.cdevents.service.rolledback.0.3.0' })
    const restart = { ...planOf(), mode: 'restart' } as const
    expect(eventOf('succeeded', restart)).toMatchObject({
      type: 'dev.cdevents.pipelinerun.finished.0.3.0',
      data: { subject: { content: { outcome: 'success', uri: run.url } } },
    })
  })
})
