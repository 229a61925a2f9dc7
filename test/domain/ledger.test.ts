import { describe, expect, test } from 'vitest'
import { noSources } from '../../src/domain/config/commands/variable-sources.ts'
import type { Event, Happening } from '../../src/domain/journal/journal.ts'
import type { Outcome } from '../../src/domain/journal/outcome.ts'
import { handedOn } from '../../src/domain/ledger/handed-on.ts'
import { suspensionIn } from '../../src/domain/ledger/lease.ts'
import { emptyLedger, type Ledger, nextNumber, remember } from '../../src/domain/ledger/ledger.ts'
import type { Underway } from '../../src/domain/ledger/underway.ts'
import type { Plan } from '../../src/domain/plan/plan.ts'
import type { StepKind } from '../../src/domain/step/step.ts'
import {
  aFailure,
  aJournal,
  answered,
  aRun,
  aTime,
  cancelled,
  done,
  failed,
  opened,
  resumed,
  started,
  succeeded,
  upTo,
} from './a-journal.ts'
import { aPast, aSuspension } from './a-ledger.ts'
import { aCommand, aLedgerServing, aPlan, newer, older } from './a-plan.ts'

const plan = aPlan()
const identity = ({ tag, sha }: typeof older) => ({ tag, sha })
const success: Outcome = { kind: 'succeeded', forced: [], excluded: [], failed: [], afterwards: null }

const begun = (ledger: Ledger, its: Plan = plan): Ledger => {
  const deployment: Underway = {
    number: 7,
    plan: its,
    journal: [],
    holder: null,
    record: null,
    ...handedOn({ preDeploy: aCommand('next hook') }),
  }
  return { ...ledger, deployment }
}
const ledgerAfter = (happenings: readonly Happening[], ledger = begun(aLedgerServing(older))): Ledger =>
  aJournal(...happenings).reduce<Ledger>(remember, ledger)
const until = (kind: StepKind): Happening[] => upTo(plan, kind)

describe('the holder of a deployment', () => {
  test.each<[string, Happening[], number | null]>([
    ['the run that opened it', [opened], 1],
    ['the run that resumed it', [opened, { kind: 'left' }, resumed], 2],
    ['nobody, once it is left', [opened, { kind: 'left' }], null],
    ['still its run, while that is being stopped', [opened, cancelled], 1],
  ])('is %s', (_title, happenings, id) => {
    expect(ledgerAfter(happenings).deployment?.holder?.id ?? null).toBe(id)
  })

  test('is nobody while it waits for a person', () => {
    const waiting = answered(plan, [...until('migrate'), ...failed('migrate')], 'retry').slice(0, -2)
    expect(ledgerAfter(waiting).deployment?.holder).toBeNull()
  })
})

describe('the suspension of the scheduler', () => {
  const suspending = [...until('suspend-scheduler'), started('suspend-scheduler')]
  const at = suspending.length - 1

  test('is a lease from the moment that the step starts, before it has had any effect', () => {
    expect(suspensionIn(ledgerAfter(suspending))).toEqual({
      kind: 'scheduler',
      deployment: 7,
      since: aTime(at),
      until: aTime(at + 3_600),
      release: { tag: newer.tag, sha: newer.sha },
      giveBack: aCommand('resume'),
      fleets: [],
      sources: noSources,
      pinned: false,
      givenBackBy: null,
    })
  })

  test('knows whether a migration under it has begun and not succeeded', () => {
    const migrating = [...until('migrate'), started('migrate')]
    const succeeds = [...migrating, succeeded('migrate')]
    const fails: Happening[] = [...migrating, { kind: 'step-failed', step: 'migrate', failure: aFailure() }]
    const isMigrating = (happenings: readonly Happening[]) => suspensionIn(ledgerAfter(happenings))?.pinned
    expect([migrating, succeeds, fails].map(isMigrating)).toEqual([true, false, true])
    expect(isMigrating(answered(plan, fails, 'force-next'))).toBe(false)
    expect(isMigrating(answered(plan, fails, 'abandon'))).toBe(true)
  })

  test('is renewed when another run suspends it again', () => {
    const renewed = [succeeded('suspend-scheduler'), resumed, started('suspend-scheduler')]
    expect(suspensionIn(ledgerAfter([...suspending, ...renewed]))).toMatchObject({
      deployment: 7,
      since: aTime(at),
      until: aTime(at + 3 + 3_600),
    })
  })

  test('passes to the deployment that suspends it now', () => {
    const left = aSuspension({ since: aTime(-90_000), until: aTime(-80_000), pinned: true })
    const ledger = begun(aLedgerServing(older, { leases: [left] }))
    expect(suspensionIn(ledgerAfter(suspending, ledger))).toMatchObject({
      deployment: 7,
      pinned: false,
      since: left.since,
      until: aTime(at + 3_600),
    })
  })

  test('ends with the step that resumes it', () => {
    expect(
      suspensionIn(ledgerAfter([...until('resume-scheduler'), started('resume-scheduler')])),
    ).not.toBeNull()
    expect(suspensionIn(ledgerAfter([...until('resume-scheduler'), ...done('resume-scheduler')]))).toBeNull()
  })

  test('ends when it is taken back', () => {
    const back: Happening[] = [
      { kind: 'undo-started', step: 'suspend-scheduler' },
      { kind: 'undo-succeeded', step: 'suspend-scheduler' },
    ]
    expect(suspensionIn(ledgerAfter([...suspending, ...back]))).toBeNull()
  })

  test('ends when a person says that the scheduler is resumed', () => {
    const stuck = [...until('resume-scheduler'), ...failed('resume-scheduler')]
    expect(suspensionIn(ledgerAfter(answered(plan, stuck, 'force-next')))).toBeNull()
    expect(suspensionIn(ledgerAfter(answered(plan, stuck, 'retry')))).not.toBeNull()
  })

  test('ends when a person says so on the way back', () => {
    const stuck: Happening[] = [
      ...suspending,
      { kind: 'turned-back', failure: aFailure() },
      { kind: 'undo-started', step: 'suspend-scheduler' },
      { kind: 'undo-failed', step: 'suspend-scheduler', failure: aFailure() },
    ]
    expect(suspensionIn(ledgerAfter(answered(plan, stuck, 'force-next')))).toBeNull()
  })

  test('stays with the ledger when a migration failed and the deployment was abandoned SP-25', () => {
    const stuck = answered(plan, [...until('migrate'), ...failed('migrate')], 'abandon')
    const outcome: Outcome = { kind: 'abandoned', by: 'bob', reason: '' }
    const ledger = ledgerAfter([...stuck, { kind: 'ended', outcome }])
    expect(ledger.deployment).toBeNull()
    expect(suspensionIn(ledger)?.deployment).toBe(7)
  })

  test('does not end when a person forces another step', () => {
    const stuck = [...until('migrate'), ...failed('migrate')]
    expect(suspensionIn(ledgerAfter(answered(plan, stuck, 'force-next')))).not.toBeNull()
  })
})

describe('the serving and the desired release', () => {
  const served = [...until('record-version'), ...done('record-version')]

  test('is the new release only once its version is recorded SP-34', () => {
    expect(ledgerAfter(until('record-version')).serving?.release).toEqual(older)
    expect(ledgerAfter([...until('record-version'), started('record-version')]).serving?.release).toEqual(
      older,
    )
    expect(ledgerAfter(served).serving).toEqual({
      release: newer,
      deployment: 7,
      since: aTime(served.length - 1),
      record: null,
      preDeploy: aCommand('next hook'),
      build: null,
      checkCompatibility: null,
      hosts: null,
      outputs: {},
      images: {},
    })
  })

  test('stays what it was when the deployment fails SP-34', () => {
    const outcome: Outcome = { kind: 'failed', failure: aFailure(), stays: [] }
    const ledger = ledgerAfter([...until('record-version'), { kind: 'ended', outcome }])
    expect(ledger.serving?.release).toEqual(older)
    expect(ledger.desired).toEqual(identity(older))
    expect(ledger.history[0]).toMatchObject({ number: 7, outcome, release: newer, from: older })
  })

  test('an older release that was acknowledged leaves a trace in the history CC-34 F36', () => {
    const acknowledged = { older: true, dataLoss: false }
    const plan = aPlan({ relation: 'behind', acknowledged })
    const ending: Happening = { kind: 'ended', outcome: { kind: 'failed', failure: aFailure(), stays: [] } }
    expect(ledgerAfter([opened, ending], begun(aLedgerServing(older), plan)).history[0]).toMatchObject({
      older: older.tag,
    })
    expect(ledgerAfter([opened, ending]).history[0]?.older).toBeNull()
  })

  test('should be the new release from before the first instance changes WX-08', () => {
    expect(ledgerAfter(until('roll-services')).desired).toEqual(identity(older))
    expect(ledgerAfter([...until('roll-services'), started('roll-services/web')]).desired).toEqual(
      identity(newer),
    )
  })

  test('should be the older release again from before the first instance is taken back', () => {
    const back: Happening[] = [
      started('roll-services/web'),
      { kind: 'turned-back', failure: aFailure() },
      { kind: 'undo-started', step: 'roll-services/web' },
    ]
    expect(ledgerAfter([...until('roll-services'), ...back]).desired).toEqual(identity(older))
  })

  test('should be nothing when nothing ever served', () => {
    const first = aPlan({ ledger: emptyLedger('shop', 'production') })
    const ledger = begun(emptyLedger('shop', 'production'), first)
    const outcome: Outcome = { kind: 'cancelled', why: 'the run was lost', stays: [] }
    expect(
      ledgerAfter([opened, started('roll-services/web'), { kind: 'ended', outcome }], ledger).desired,
    ).toBeNull()
  })
})

describe('a deployment that has ended', () => {
  const ending: Happening = { kind: 'ended', outcome: success }

  test('is the first of the history, with who began it, when and what ran', () => {
    const ledger = ledgerAfter([
      ...until('record-version').slice(0, 1),
      { kind: 'record-opened', record: 55 },
      ...until('record-version').slice(1),
      ...done('record-version'),
      ending,
    ])
    expect(ledger.deployment).toBeNull()
    expect(ledger.history[0]).toMatchObject({
      number: 7,
      mode: 'deploy',
      startedAt: aTime(0),
      by: ['alice'],
      run: aRun(1).url,
      record: 55,
      migrated: 'expand',
    })
    expect(ledger.serving?.record).toBe(55)
  })

  test('keeps what people decided in it, and who went without the proof that the policy asks for CC-34', () => {
    const decided = { kind: 'decided', pause: '7.1', decision: 'abandon', instances: [], by: 'bob' } as const
    const outcome: Outcome = { kind: 'abandoned', by: 'bob', reason: 'enough' }
    const events: Happening[] = [opened, { ...decided, reason: 'enough' }, { kind: 'ended', outcome }]
    const override = { by: 'dora', reason: 'the shop is down' }
    const verification = {
      kind: 'overridden',
      where: 'staging',
      why: 'it never was there',
      ...override,
    } as const
    const past = ledgerAfter(events, begun(aLedgerServing(older), aPlan({ verification }))).history[0]
    expect(past).toMatchObject({
      decisions: [{ decision: 'abandon', by: 'bob', reason: 'enough', at: aTime(1) }],
      override,
    })
    const plainly = ledgerAfter([opened, ending]).history[0]
    expect(plainly).toMatchObject({ decisions: [], override: null })
  })

  test('counts a migration that only began', () => {
    const outcome: Outcome = { kind: 'abandoned', by: 'bob', reason: '' }
    const past = ledgerAfter([...until('migrate'), started('migrate'), { kind: 'ended', outcome }]).history[0]
    expect(past?.migrated).toBe('expand')
  })

  test('counts no migration that never began', () => {
    expect(ledgerAfter([...until('migrate'), ending]).history[0]?.migrated).toBeNull()
  })

  test('pushes the oldest of a hundred out', () => {
    const history = Array.from({ length: 100 }, (_, at) => aPast(older, { number: 200 - at }))
    const ledger = ledgerAfter([opened, ending], begun(aLedgerServing(older, { history })))
    expect(ledger.history).toHaveLength(100)
    expect(ledger.history.map(({ number }) => number)).toEqual([
      7,
      ...history.slice(0, 99).map((past) => past.number),
    ])
  })

  test('leaves nothing to remember more of', () => {
    const late: Event = { at: aTime(0), ...ending }
    expect(() => remember(aLedgerServing(older), late)).toThrow('no deployment is under way')
  })
})

describe('the number of the next deployment', () => {
  test.each<[string, Ledger, number]>([
    ['one in an empty ledger', emptyLedger('shop', 'production'), 1],
    ['one more than the last', aLedgerServing(older, { history: [aPast(older, { number: 9 })] }), 10],
    ['one more than the one under way', begun(aLedgerServing(older)), 8],
  ])('is %s', (_title, ledger, number) => expect(nextNumber(ledger)).toBe(number))
})
